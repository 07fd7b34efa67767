"""Use as features see it: what a model meets in production, it has met in training."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from features import declared
from features.build import build
from features.periods import months_before
from features.products import AZURE, Catalogue
from features.sources.license_tables import USAGE_DAILY
from features.sources.tables import TABLES
from features.sources.world import World
from tests.features.sources.sample.lives import THROUGH

EARLIER = tuple(months_before(THROUGH, back) for back in (4, 7, 10, 12))
"""Training dates, as far back as a world of 15 months lets settle."""
OF_USE = (
    *(row.name for row in declared.FEATURES if row.table is USAGE_DAILY),
    *("licenses_used_share", "licenses_used_growth", "licenses_assigned_share", "licenses_over_limit"),
)


@pytest.fixture(scope="module")
def frames(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give `frames`: the customers with assigned licences at each date."""
    folder = tmp_path_factory.mktemp("frames")
    there = World(world, tuple(table for table in TABLES if (world / f"{table.name}.parquet").exists()))
    built = build(there, (*EARLIER, THROUGH), Catalogue(products=(AZURE,)), folder)
    paths = [str(built.path(when)) for when in built.as_ofs]
    with duckdb.connect() as engine:
        engine.execute(
            f"CREATE VIEW frames AS SELECT * FROM read_parquet({paths}) WHERE licenses_assigned_now > 0"
        )
        yield engine


@pytest.mark.parametrize("name", OF_USE)
def test_no_feature_of_use_jumps_between_training_and_the_scored_date(
    frames: duckdb.DuckDBPyConnection, name: str
) -> None:
    told = f"avg({name}), 1 - count({name}) / count(*), stddev({name}) / sqrt(count(*))"
    rows = frames.execute(f"SELECT as_of, {told} FROM frames GROUP BY as_of ORDER BY as_of").fetchall()
    *earlier, (_, mean, unknown, error) = rows
    assert len(earlier) == len(EARLIER)
    for when, mean_then, unknown_then, error_then in earlier:
        assert mean_then == pytest.approx(mean, abs=4 * (error + error_then)), when
        assert unknown_then == pytest.approx(unknown, abs=0.06), when


def test_most_customers_with_licences_use_some_at_every_date(frames: duckdb.DuckDBPyConnection) -> None:
    used = frames.execute("SELECT as_of, count(licenses_used_28d) / count(*) FROM frames GROUP BY ALL")
    assert min(share for _, share in used.fetchall()) > 0.8
