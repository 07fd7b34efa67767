"""Features of buckets of customers, each built alone, are those of the whole world."""

from pathlib import Path

import duckdb
import pyarrow as pa

from features.build import Frames, build
from features.periods import months_before
from features.products import AZURE, Catalogue
from features.sources.read import Accepted, accept
from features.sources.world import World
from tests.features.sources.sample.lives import THROUGH

DATES = (months_before(THROUGH, 3), THROUGH)


def accepted(place: Path, to: Path, customers_in_bucket: int) -> Accepted:
    return accept(
        place,
        as_of=THROUGH,
        work=to / "work",
        quarantine=to / "quarantine",
        tolerance=1.0,
        customers_in_bucket=customers_in_bucket,
    )


def frame(*built: Frames) -> pa.Table:
    paths = [str(some.path(when)) for some in built for when in DATES]
    with duckdb.connect() as engine:
        return engine.sql(f"SELECT * FROM read_parquet({paths}) ORDER BY as_of, account_id").to_arrow_table()


def test_features_of_buckets_built_alone_are_those_of_the_whole(world: Path, tmp_path: Path) -> None:
    def built(there: World, name: str) -> Frames:
        return build(there, DATES, Catalogue(products=(AZURE,)), tmp_path / name)

    one = accepted(world, tmp_path / "one", 10**9)
    customers = next(table.accepted for table in one.tables if table.name == "accounts")
    many = accepted(world, tmp_path / "many", -(-customers // 2))
    assert (one.world.buckets, many.world.buckets) == (1, 2)
    whole = frame(built(one.world, "whole"))
    assert frame(*(built(part, f"part {part.bucket}") for part in many.world.parts())).equals(whole)
    for table in one.world.present:
        counted = [f"(SELECT count(*) FROM {there.world.rows(table)})" for there in (one, many)]
        with duckdb.connect() as engine:
            assert engine.execute(f"SELECT {' = '.join(counted)}").fetchone() == (True,), table.name
