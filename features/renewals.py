"""Agreements that come up for renewal, and what is known of each: the rows of the renewal model."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from features.feature import Feature, Side, Unit
from features.periods import NOW
from features.sources.known import known_rows
from features.sources.tables import AGREEMENTS
from features.sources.world import World

DAYS_AHEAD = 365
"""An agreement comes up for renewal when it ends within so many days."""


def _fact(name: str, meaning: str, expression: str, *, unit: Unit, told: str) -> Feature:
    return Feature(
        name=name,
        meaning=meaning,
        table=AGREEMENTS,
        window=NOW,
        expression=expression,
        family="agreement",
        side=Side.FIT,
        unit=unit,
        told=told,
    )


FACTS = (
    _fact(
        "agreement_days_to_end",
        "Days until the agreement ends.",
        "date_diff('day', as_of, ends_on)",
        unit=Unit.DAYS,
        told="ends in {value}",
    ),
    _fact(
        "agreement_age_days",
        "Days since the agreement began.",
        "date_diff('day', started_on, as_of)",
        unit=Unit.DAYS,
        told="began {value} ago",
    ),
    _fact(
        "agreement_term_days",
        "Days from the agreement's first to its last.",
        "date_diff('day', started_on, ends_on)",
        unit=Unit.DAYS,
        told="runs for {value}",
    ),
    _fact(
        "agreement_expiring_cents",
        "Revenue that ends with the agreement.",
        "expiring_revenue_cents",
        unit=Unit.CENTS,
        # Reasons are read by roles that see no money.
        told="the revenue that ends with it",
    ),
    _fact(
        "agreement_license_program",
        "Licence programme of the agreement.",
        "license_program",
        unit=Unit.TEXT,
        told="an agreement under {value}",
    ),
    _fact(
        "agreement_revenue_division",
        "Product up for renewal.",
        "revenue_division",
        unit=Unit.TEXT,
        told="an agreement about {value}",
    ),
    _fact(
        "agreement_expiration_type",
        "Type of expiration of the agreement.",
        "expiration_type",
        unit=Unit.TEXT,
        told="type of expiration: {value}",
    ),
)
"""One row is one agreement, so an expression is SQL over its columns and `as_of`, not an aggregate."""


def due(
    engine: duckdb.DuckDBPyConnection, world: World, as_ofs: Sequence[date], *, days: int = DAYS_AHEAD
) -> pd.DataFrame:
    """Return the agreements in force at each as-of date that end within `days`, their outcome then unknown.

    One row is an agreement and an as-of date: agreement_id, account_id, as_of and the facts; sorted by as_of,
    account_id, agreement_id.
    """
    facts = ", ".join(f"{fact.expression} AS {fact.name}" for fact in FACTS)
    return engine.execute(f"""
        SELECT agreement_id, account_id, as_of, {facts}
        FROM {known_rows(world, AGREEMENTS, as_ofs)}
        WHERE ends_on >= as_of AND ends_on < as_of + INTERVAL {days} DAY AND outcome IS NULL
        ORDER BY as_of, account_id, agreement_id""").df()


def outcomes(engine: duckdb.DuckDBPyConnection, world: World, *, cut: date) -> pd.DataFrame:
    """Return what became of the agreements that ended and should be known of before `cut`.

    One row is an agreement: agreement_id, is_renewed; sorted. Agreements that ended too recently are left out
    even where an outcome is known: the first ones known need not be like the rest.
    """
    lag = AGREEMENTS.lag.days
    return engine.execute(f"""
        SELECT agreement_id, outcome = 'renewed' AS is_renewed
        FROM {known_rows(world, AGREEMENTS, [cut])}
        WHERE outcome IS NOT NULL AND ends_on + INTERVAL {lag} DAY < as_of
        ORDER BY agreement_id""").df()
