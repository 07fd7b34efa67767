"""What is wrong with real data: rows known late, and a few that break the contract."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sources.sample.timeline import Ints
from features.sources.schema import Table

LATE_SHARE, LATE_DAYS = 0.02, (10, 35)
BACKFILLED_SHARE, BACKFILLED_DAYS = 0.015, (60, 180)
DIRTY_SHARE = 0.0003
"""Of each kind of dirt."""
DAY = 86_400_000_000
"""Microseconds."""


def known_days(rng: np.random.Generator, happened: Ints, *, usual: int = 3) -> Ints:
    """Return the day on which each row was known: mostly within `usual` days, some weeks or months later."""
    return happened + _delays(rng, len(happened), usual=usual)


def known_instants(rng: np.random.Generator, happened: Ints) -> Ints:
    """Return the instant, in microseconds, at which each row was known: mostly within two days."""
    usual = rng.exponential(0.25, len(happened)).clip(0, 1.9)
    late = _delays(rng, len(happened), usual=1)
    return happened + ((usual + late) * DAY).astype(np.int64)


def dirtied(rng: np.random.Generator, rows: pa.Table, table: Table) -> pa.Table:
    """Break a few rows of transactions or signals: orphan ids, duplicate keys, strangers, absurd dates."""
    for spoil in (_orphans, _strangers, _absurd_dates, _wrong_numbers, _duplicates):
        rows = spoil(rows, table, rng.random(len(rows)) < DIRTY_SHARE)
    return rows


def _delays(rng: np.random.Generator, count: int, *, usual: int) -> Ints:
    draw = rng.random(count)
    days = rng.integers(0, usual, count, endpoint=True)
    days = np.where(draw < LATE_SHARE, rng.integers(*LATE_DAYS, count), days)
    backfilled = draw > 1 - BACKFILLED_SHARE
    return np.where(backfilled, rng.integers(*BACKFILLED_DAYS, count), days)


Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def _set(rows: pa.Table, name: str, chosen: Mask, value: object) -> pa.Table:
    at = rows.schema.get_field_index(name)
    field = rows.schema.field(at)
    return rows.set_column(at, field, pc.if_else(pa.array(chosen), pa.scalar(value, field.type), rows[name]))


def _orphans(rows: pa.Table, table: Table, chosen: Mask) -> pa.Table:
    del table
    return _set(rows, "account_id", chosen, "C-UNKNOWN")


def _strangers(rows: pa.Table, table: Table, chosen: Mask) -> pa.Table:
    del table
    return _set(rows, "kind", chosen, "miscellaneous")


def _absurd_dates(rows: pa.Table, table: Table, chosen: Mask) -> pa.Table:
    assert table.happened is not None
    ahead = np.datetime64("2199-01-01", "us").item()
    kind = rows.schema.field(table.happened).type
    return _set(rows, table.happened, chosen, ahead.date() if pa.types.is_date(kind) else ahead)


def _wrong_numbers(rows: pa.Table, table: Table, chosen: Mask) -> pa.Table:
    if table.negative_unless is None:
        return _set(rows, "strength", chosen, 1.7)
    return _set(rows, table.negative_unless[0], chosen & pc.not_equal(rows["kind"], "return").to_numpy(), -1)


def _duplicates(rows: pa.Table, table: Table, chosen: Mask) -> pa.Table:
    del table
    return pa.concat_tables([rows, rows.filter(pa.array(chosen))])
