"""The feature frames of a sample of pairs, made bucket by bucket from the rows of their customers alone."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from features import declared
from features.build import Frames, build, features_of
from features.pairs import Pairs, is_drawn
from features.products import Catalogue
from features.sources.license_tables import SUBSCRIPTIONS
from features.sources.tables import ACCOUNTS, PARTNER_ACCOUNTS
from features.sources.thin import thin
from features.sources.world import World, connect

READ = {
    *(table for row in declared.FEATURES for table in row.table.inputs),
    ACCOUNTS,
    PARTNER_ACCOUNTS,
    SUBSCRIPTIONS,
}
"""The tables that features are made of, and those that tell whose their rows are."""


def build_sample(  # noqa: PLR0913 - the machine's limits come by name
    world: World,
    as_ofs: Sequence[date],
    catalogue: Catalogue,
    folder: Path,
    *,
    pairs: Pairs,
    memory: str = "2GB",
    threads: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[World, Frames]:
    """Write the frames of the pairs; the same rows as `build` gives of the whole world.

    Returns:
        The world of the customers of the pairs, for whatever else is to be read of them, and the frames.
    """
    if world.buckets == 1 and pairs.is_everything:
        return world, build(
            world, as_ofs, catalogue, folder, memory=memory, threads=threads, progress=progress
        )
    there = world
    made = []
    for number, part in enumerate(world.parts()):
        progress(f"features of bucket {number + 1} of {world.buckets}")
        aside = folder / "parts" / f"{number:04d}"
        own = pairs
        if not pairs.is_everything:
            with connect(memory=memory, threads=threads, scratch=folder) as engine:
                own = _of_part(engine, part, pairs)
                engine.register("extra", own.extra)
                rows = part.rows(ACCOUNTS)
                customers = f"""(SELECT account_id FROM {rows} WHERE {is_drawn("account_id", pairs.share)}
                                 UNION ALL SELECT account_id FROM extra)"""
                thinned = thin(engine, part, customers, READ, folder / "world")
                there, part = replace(thinned, bucket=None), thinned
        made.append(build(part, as_ofs, catalogue, aside, pairs=own, memory=memory, threads=threads))
    frames = Frames(folder, made[0].as_ofs, catalogue, features_of(world), pairs.share)
    for when in frames.as_ofs:
        _join([one.path(when) for one in made], frames.path(when))
    shutil.rmtree(folder / "parts")
    return there, frames


def _of_part(engine: duckdb.DuckDBPyConnection, part: World, pairs: Pairs) -> Pairs:
    """Return the pairs of the customers of a part."""
    engine.register("every", pairs.extra)
    own = engine.sql(f"SELECT * FROM every WHERE {part.owns('account_id')}").to_arrow_table()
    return Pairs(pairs.share, own)


def _join(paths: Sequence[Path], to: Path) -> None:
    """Write the rows of the files as one, sorted by account_id."""
    together = pa.concat_tables([nullable(pq.read_table(path)) for path in paths])
    pq.write_table(together.sort_by("account_id"), to, compression="zstd")


def nullable(table: pa.Table) -> pa.Table:
    """Return the table with a schema that allows nulls: what the engine saw in a bucket must not tell."""
    return table.cast(pa.schema([field.with_nullable(True) for field in table.schema]))
