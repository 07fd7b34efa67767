"""Signs that something known only later has slipped in: sentences for the run report, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from scipy.stats import rankdata

from features.sources.schema import Table
from features.sources.tables import AGREEMENTS, OPPORTUNITIES
from features.sources.world import World
from models.evaluate import Floats
from models.trees import Values

TOO_GOOD = 0.9
"""AUC of a single feature beyond which it is more likely a leak than a find."""
ROWS_AT_MOST = 20_000
WINS_AT_LEAST = 20
BULK_SHARE = 0.01
"""Share of a table's rows, known on one day and long after they happened, that counts as a backfill."""
BULK_ROWS = 20
LATE_DAYS = 60
EARLY_SHARE = 0.05
"""Share of outcomes recorded before they happened that is more than a slip."""
OUTCOMES = (
    (OPPORTUNITIES, "status IN ('won', 'lost')", "closed_on"),
    (AGREEMENTS, "outcome IS NOT NULL", "ends_on"),
)
EARLY_DAYS = 90
"""An outcome this long before its day is not an early signature any more."""


@dataclass(frozen=True, slots=True)
class Telltale:
    """A feature that tells purchases of a product nearly alone."""

    product: str
    feature: str
    auc: float

    def __str__(self) -> str:
        """Say it to the operator."""
        return (
            f"Possible leak: {self.feature} alone tells purchases of {self.product} with AUC {self.auc:.3f}"
            f" (above {TOO_GOOD}); see when its rows become known."
        )


def telltales(values: Values, names: Sequence[str], bought: Floats, *, product: str) -> tuple[Telltale, ...]:
    """Return the features whose value alone, or whose absence, tells the purchases, the strongest first.

    `values` has a column a name, `bought` one value a row. Exact by ranks, over an even sample of the rows
    that keeps every purchase; nothing is said below 20 purchases. Rates of drawing that hang on the purchase
    alone leave ranks between the two kinds as they are, so that rows need no weights.
    """
    rows = _sampled(bought)
    happened = bought[rows]
    if happened.sum() < WINS_AT_LEAST or happened.sum() == len(happened):
        return ()
    aucs = [_telling_auc(values[rows, column], happened) for column in range(len(names))]
    found = [Telltale(product, name, auc) for name, auc in zip(names, aucs, strict=True) if auc > TOO_GOOD]
    return tuple(sorted(found, key=lambda leak: (-leak.auc, leak.feature)))


def _sampled(bought: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    others = np.flatnonzero(bought == 0)
    step = max(1, -(-len(others) // ROWS_AT_MOST))
    return np.sort(np.append(np.flatnonzero(bought > 0), others[::step]))


def _telling_auc(values: Values, happened: Floats) -> float:
    """Return how well the values tell, whichever way round, and with the unknown ones at either end."""
    if np.isnan(values).all():
        return 0.5
    ends = (np.nan_to_num(values, nan=unknown) for unknown in (-np.inf, np.inf))
    aucs = [_auc(ranked, happened) for ranked in ends]
    return max(max(auc, 1 - auc) for auc in aucs)


def _auc(values: Values, happened: Floats) -> float:
    wins = happened.sum()
    ranks = rankdata(values)
    return float((ranks[happened > 0].sum() - wins * (wins + 1) / 2) / (wins * (len(happened) - wins)))


def jumps(engine: duckdb.DuckDBPyConnection, world: World, *, before: date) -> tuple[str, ...]:
    """Return a sentence for every jump between when rows happened and when they were known.

    Looked at are the rows known before `before`: rows that became known in bulk long after they happened, and
    outcomes on record long before their day.
    """
    late = [
        sentence
        for table in world.present
        if table.known is not None and table.happened is not None
        for sentence in _backfills(engine, world, table, before)
    ]
    early = [
        sentence
        for table, closed, day in OUTCOMES
        if world.has(table)
        for sentence in _foretold(engine, world, table, closed, day, before)
    ]
    return (*late, *early)


def _backfills(engine: duckdb.DuckDBPyConnection, world: World, table: Table, before: date) -> Sequence[str]:
    happened, known_at = f"CAST({table.happened} AS DATE)", f"CAST({table.known_at()} AS DATE)"
    by_entity = ""
    if table.version_of:
        # A later version of a row is known long after the row happened, and rightly so.
        happened, known_at = f"min({happened})", f"min({known_at})"
        by_entity = f"GROUP BY {', '.join(table.version_of)}"
    days = engine.execute(f"""
        WITH known AS (
            SELECT {happened} AS happened_on, {known_at} AS known_on
            FROM {world.rows(table)}
            WHERE {table.known_by(f"TIMESTAMP '{before.isoformat()}'")} {by_entity}
        )
        SELECT known_on, count(*), min(happened_on), max(happened_on)
        FROM known WHERE known_on - happened_on > {LATE_DAYS}
        GROUP BY known_on
        HAVING count(*) >= greatest({BULK_ROWS}, {BULK_SHARE} * (SELECT count(*) FROM known))
        ORDER BY known_on""").fetchall()
    return [
        f"Possible leak: {rows:,} rows of {table.name} that happened from {first} to {last} became known in"
        f" bulk on {known_on}; what earlier months should have known of them is a guess."
        for known_on, rows, first, last in days
    ]


def _foretold(
    engine: duckdb.DuckDBPyConnection, world: World, table: Table, closed: str, day: str, before: date
) -> Sequence[str]:
    ((outcomes, early),) = engine.execute(f"""
        SELECT count(*), count(*) FILTER (CAST({table.known_at()} AS DATE) + {EARLY_DAYS} < {day})
        FROM {world.rows(table)}
        WHERE {closed} AND {table.known_by(f"TIMESTAMP '{before.isoformat()}'")}""").fetchall()
    if early < BULK_ROWS or early < EARLY_SHARE * outcomes:
        return []
    return [
        f"Possible leak: {early:,} of {outcomes:,} outcomes in {table.name} were known more than {EARLY_DAYS}"
        f" days before {day}; an outcome cannot be known before it happened."
    ]
