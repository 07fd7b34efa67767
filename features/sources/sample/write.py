"""Write a sample world: one Parquet file a table, and the truth beside them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import Behaviour, simulate
from features.sources.sample.channel import Channel, build_channel, partner_rows, relation_rows
from features.sources.sample.estate import consumption_rows, technology_rows
from features.sources.sample.footprints import signal_rows
from features.sources.sample.identities import account_domains, account_rows
from features.sources.sample.licences import licence_tables
from features.sources.sample.market import Market, people_market
from features.sources.sample.nastiness import dirtied
from features.sources.sample.offers import make_offers, offer_rows
from features.sources.sample.orders import Lines, line_rows, order_lines
from features.sources.sample.pledges import make_pledges, pledge_rows
from features.sources.sample.rows import named, numbered, schema
from features.sources.sample.timeline import Timeline, timeline
from features.sources.schema import Table
from features.sources.tables import (
    ACCOUNTS,
    AGREEMENTS,
    AZURE_CONSUMPTION,
    OPPORTUNITIES,
    PARTNER_ACCOUNTS,
    PARTNERS,
    SIGNALS,
    TECHNOLOGIES,
    TRANSACTIONS,
)

TRUTH = pa.schema(
    [
        ("account_id", pa.string()),
        ("product", pa.string()),
        ("as_of", pa.date32()),
        ("probability", pa.float64()),
    ]
)
SLICE = 250_000
"""Rows written at a time."""


def write(
    folder: Path,
    *,
    accounts: int,
    months: int,
    seed: int,
    through: date,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a world of `accounts` customers that ends on the as-of date `through`, `months` after it began.

    `<table>.parquet` follows the declared table, but for a few dirty rows. `truth/truth.parquet` holds,
    for benchmarks alone, the probability of a purchase within 90 days of every as-of date.
    """
    steps = timeline(through=through, months=months)
    market = people_market(accounts=accounts, timeline=steps, seed=seed)
    behaviour = simulate(market, steps, seed=seed, progress=progress)
    folder.mkdir(parents=True, exist_ok=True)
    for table, parts in _tables(market, steps, behaviour, seed=seed):
        progress(f"Writing {table.name}")
        _put(folder, table, parts, through=through)
    progress("Writing truth")
    _put_truth(folder / "truth", market, steps, behaviour)


def _tables(
    market: Market, steps: Timeline, behaviour: Behaviour, *, seed: int
) -> Iterator[tuple[Table, Iterable[pa.Table]]]:
    """Yield each table with its rows, made as they are read."""
    channel = build_channel(market, steps, seed=seed)
    domains = account_domains(market, seed=seed)
    yield PARTNERS, [partner_rows(channel, seed=seed)]
    accounts = account_rows(market, steps, domains=domains, seed=seed)
    yield ACCOUNTS, [accounts]
    yield PARTNER_ACCOUNTS, [relation_rows(channel, seed=seed)]
    lines = order_lines(market, steps, behaviour, seed=seed)
    yield TRANSACTIONS, _dirtied(_line_slices(lines, market, channel, seed=seed), TRANSACTIONS, seed=seed)
    yield AZURE_CONSUMPTION, consumption_rows(market, steps, behaviour, seed=seed)
    pledges = make_pledges(market, steps, behaviour, seed=seed)
    yield AGREEMENTS, [pledge_rows(pledges, market, steps, channel, seed=seed)]
    offers = make_offers(market, steps, behaviour, seed=seed)
    yield OPPORTUNITIES, [offer_rows(offers, market, channel, seed=seed)]
    yield TECHNOLOGIES, [technology_rows(market, steps, behaviour, seed=seed)]
    signals = signal_rows(market, steps, behaviour, domains=domains, seed=seed)
    yield SIGNALS, _dirtied(signals, SIGNALS, seed=seed)
    yield from licence_tables(market, steps, behaviour, channel, names=accounts["account_name"], seed=seed)


def _line_slices(lines: Lines, market: Market, channel: Channel, *, seed: int) -> Iterable[pa.Table]:
    for first in range(0, max(len(lines), 1), SLICE):
        chosen = np.arange(first, min(first + SLICE, len(lines)))
        yield line_rows(lines.where(chosen), market, channel, first=first, seed=seed)


def _dirtied(parts: Iterable[pa.Table], table: Table, *, seed: int) -> Iterable[pa.Table]:
    rng = np.random.default_rng([seed, 17, len(table.name)])
    for part in parts:
        yield dirtied(rng, part, table)


def _put(folder: Path, table: Table, parts: Iterable[pa.Table], *, through: date) -> None:
    """Write what was known on the day `through`: an extract of that day holds nothing that came later."""
    with pq.ParquetWriter(folder / f"{table.name}.parquet", schema(table), compression="zstd") as file:
        for part in parts:
            if table.known is not None:
                limit = pa.scalar(through, pa.date32()).cast(part.schema.field(table.known).type)
                part = part.filter(pc.less(part[table.known], limit))
            file.write_table(part)


def _put_truth(folder: Path, market: Market, steps: Timeline, behaviour: Behaviour) -> None:
    """Write, as-of date by as-of date, a row for every product and customer known by then."""
    folder.mkdir(exist_ok=True)
    with pq.ParquetWriter(folder / "truth.parquet", TRUTH, compression="zstd") as file:
        for step in range(steps.steps):
            known = np.flatnonzero(market.joined <= step)
            account = np.repeat(known, len(PREFIXES))
            product = np.tile(np.arange(len(PREFIXES)), len(known))
            when = np.full(len(account), steps.edges[step + 1]).astype("datetime64[D]")
            file.write_table(
                pa.table(
                    [
                        numbered("C", account),
                        named(PREFIXES, product),
                        pa.array(when),
                        pa.array(behaviour.truth[step, account, product].astype(np.float64)),
                    ],
                    schema=TRUTH,
                )
            )
