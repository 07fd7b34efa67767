"""What happened after an as-of date: the other side of a judgement."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import pandas as pd

from features.errors import NotEnoughData
from features.periods import HORIZON, is_closed
from features.products import Catalogue
from features.sources.known import known_rows
from features.sources.tables import EITHER_REQUIRED, OPPORTUNITIES
from features.sources.world import World
from models.splits import purchase_lag


def seen_through(engine: duckdb.DuckDBPyConnection, world: World) -> date:
    """Return the day after the last purchase or opportunity became known: how far the data reaches.

    Raises:
        NotEnoughData: there is neither.
    """
    days = " UNION ALL ".join(
        f"SELECT max(CAST({table.known_at()} AS DATE)) AS day FROM {world.rows(table)}"
        for table in EITHER_REQUIRED
    )
    ((last,),) = engine.execute(f"SELECT max(day) FROM ({days})").fetchall()
    if last is None:
        raise NotEnoughData("Judging needs transactions or opportunities; got neither.")
    known_on: date = last
    return known_on + timedelta(days=1)


def require_closed(as_ofs: Sequence[date], world: World, *, seen: date) -> None:
    """Refuse as-of dates whose horizon, and the lag of its rows, is not over in the data.

    Raises:
        NotEnoughData: names them and the latest date that can be judged.
    """
    lag = purchase_lag(world)
    open_dates = [when for when in as_ofs if not is_closed(when, lag=lag, seen_through=seen)]
    if open_dates:
        told = ", ".join(when.isoformat() for when in open_dates)
        raise NotEnoughData(
            f"A date is judged by the {HORIZON.days} days after it, and their rows need {lag.days} days to be"
            f" known; the data reaches {seen}, too early for {told} ({len(open_dates)} of {len(as_ofs)})."
            f" The latest as-of date that can be judged is {seen - HORIZON - lag}."
        )


def opportunities(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    catalogue: Catalogue,
    as_ofs: Sequence[date],
    *,
    seen: date,
) -> pd.DataFrame:
    """Return the opportunities opened, won and lost within the horizon of each as-of date, as known at last.

    One row is a product, a customer and an as-of date with any: product, account_id, as_of, opened, won,
    lost; sorted.
    """
    dates = ", ".join(f"(DATE '{when.isoformat()}')" for when in as_ofs)
    opened, closed = (
        f"{day} >= a.as_of AND {day} < a.as_of + INTERVAL {HORIZON.days} DAY"
        for day in ("created_on", "closed_on")
    )
    each = " UNION ALL ".join(
        f"""
        SELECT '{product.prefix}' AS product, o.account_id, a.as_of,
               CAST(count(*) FILTER ({opened}) AS DOUBLE) AS opened,
               CAST(count(*) FILTER ({closed} AND status = 'won') AS DOUBLE) AS won,
               CAST(count(*) FILTER ({closed} AND status = 'lost') AS DOUBLE) AS lost
        FROM known o JOIN (VALUES {dates}) a(as_of) ON ({opened}) OR ({closed})
        WHERE {product.own_rows(OPPORTUNITIES)}
        GROUP BY ALL"""
        for product in catalogue.products
    )
    known = known_rows(world, OPPORTUNITIES, [seen])
    return engine.execute(
        f"WITH known AS MATERIALIZED (SELECT * EXCLUDE (as_of) FROM {known}) {each} ORDER BY ALL"
    ).df()
