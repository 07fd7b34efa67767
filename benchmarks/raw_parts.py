"""The raw parts of a month, of the same rows and columns as the job's, and nothing else.

DuckDB aggregates the same compiled features over the same Parquet files, plain `Booster.predict` gives each
booster's margins of the same rows at the same dates, and Arrow writes the same columns as CSV. Nothing is
checked, explained, ranked or written in between.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from benchmarks.meter import Meter
from features import matrix
from features.build import _build_dates
from features.products import Catalogue, Product
from features.sources.tables import TABLES
from features.sources.world import World, connect
from models.model import PropensityModel
from models.trees import Floats, Trees, Values

CATALOGUE = Catalogue()
AGGREGATES, PREDICTIONS, FILES = "aggregates", "predictions", "files"


def raw_parts(  # noqa: PLR0913 - what the job was given too
    place: Path,
    as_ofs: tuple[date, ...],
    models: Mapping[str, PropensityModel],
    published: Path,
    to: Path,
    meter: Meter,
    *,
    catalogue: Catalogue = CATALOGUE,
    threads: int,
) -> None:
    """Do the raw parts, a date at a time; `published` has the CSV files whose columns are written again."""
    world = World(place, tuple(table for table in TABLES if (place / f"{table.name}.parquet").exists()))
    for when in as_ofs:
        with meter.stage(AGGREGATES):
            frame = aggregate(world, when, catalogue, threads=threads)
        with meter.stage(PREDICTIONS):
            for product in catalogue.products:
                if product.prefix in models:
                    predict(frame, product, models[product.prefix], threads=threads)
        del frame
    to.mkdir(parents=True, exist_ok=True)
    for path in sorted(published.glob("*.csv")):
        table = pa_csv.read_csv(path)
        with meter.stage(FILES):
            write(table, to / path.name)


def aggregate(
    world: World, when: date, catalogue: Catalogue, *, threads: int, memory: str = "16GB"
) -> pa.Table:
    """Return the frame of the listed customers at a date."""
    with connect(memory=memory, threads=threads) as engine:
        _build_dates(engine, world, (when,), catalogue, share=1.0)
        return engine.sql("SELECT * FROM frame WHERE is_listed").to_arrow_table()


def predict(frame: pa.Table, product: Product, model: PropensityModel, *, threads: int) -> list[Floats]:
    """Return the raw margins of every booster of a product."""
    there = frame.filter(pc.fill_null(frame[f"in_scope__{product.prefix}"], False))
    values = np.full((there.num_rows, len(model.names)), np.nan, dtype=np.float32)
    for place, name in enumerate(model.names):
        column = matrix._column(name, product)
        if column is not None:
            values[:, place] = matrix._numbers(there[column], model.levels.get(name))
    return [_margins(trees, values, threads) for trees in boosters_of(model)]


def boosters_of(model: PropensityModel) -> Iterator[Trees]:
    """Yield a model's own boosters and the pooled ones, as far as it has them."""
    for margins in (model.own, model.pooled):
        yield from () if margins is None else margins.each()


def _margins(trees: Trees, values: Values, threads: int) -> Floats:
    read = np.ascontiguousarray(values[:, list(trees.columns)])
    if trees.code is not None:
        read = np.column_stack([read, np.full(len(read), trees.code, dtype=np.float32)])
    return np.asarray(lgb.Booster(model_str=trees.text).predict(read, raw_score=True, num_threads=threads))


def write(table: pa.Table, path: Path) -> None:
    """Write the columns of a report, but for its reasons."""
    columns = [name for name in table.column_names if not name.endswith("SignalExplanation")]
    pa_csv.write_csv(table.select(columns), path)
