"""What happened after an as-of date."""

from datetime import date
from pathlib import Path

import pytest

from features.errors import NotEnoughData
from features.products import AZURE, M365, Catalogue
from features.sources.world import connect
from pipelines.backtesting.outcomes import opportunities, require_closed, seen_through
from tests.worlds import Row, world

JUNE = date(2026, 6, 25)


def order(day: date) -> Row:
    return {"account_id": "c", "product": "Azure", "transacted_on": day}


def test_the_data_reaches_to_the_day_after_its_last_known_purchase(tmp_path: Path) -> None:
    late = {**order(date(2026, 9, 1)), "known_on": date(2026, 9, 20)}
    with connect() as engine:
        assert seen_through(engine, world(tmp_path, transactions=[order(date(2026, 9, 9)), late])) == date(
            2026, 9, 21
        )


def test_without_purchases_nothing_can_be_judged(tmp_path: Path) -> None:
    with connect() as engine, pytest.raises(NotEnoughData, match="got neither"):
        seen_through(engine, world(tmp_path, transactions=[]))


def test_a_date_is_judged_once_its_window_and_the_lag_are_over(tmp_path: Path) -> None:
    there = world(tmp_path, transactions=[order(JUNE)])
    require_closed([JUNE], there, seen=date(2026, 9, 30))
    with pytest.raises(NotEnoughData) as refused:
        require_closed([date(2026, 3, 25), JUNE], there, seen=date(2026, 9, 29))
    assert str(refused.value) == (
        "A date is judged by the 90 days after it, and their rows need 7 days to be known; the data reaches"
        " 2026-09-29, too early for 2026-06-25 (1 of 2). The latest as-of date that can be judged is"
        " 2026-06-24."
    )


def deal(created: date, closed: date | None = None, *, status: str = "open", product: str = "Azure") -> Row:
    known = closed or created
    return {
        "account_id": "c",
        "product": product,
        "created_on": created,
        "closed_on": closed,
        "status": status,
        "known_on": known,
    }


def test_opportunities_are_counted_by_what_happened_within_the_horizon(tmp_path: Path) -> None:
    july, edge = date(2026, 7, 1), date(2026, 9, 23)
    deals = [
        deal(july),
        deal(july, date(2026, 7, 9), status="won"),
        deal(date(2026, 1, 1), july, status="lost"),
        deal(edge),  # the first day after the horizon
        deal(date(2026, 6, 24)),  # the day before
        deal(july, product="M365"),
    ]
    with connect() as engine:
        told = opportunities(
            engine,
            world(tmp_path, opportunities=deals),
            Catalogue((AZURE, M365)),
            [JUNE],
            seen=date(2026, 10, 25),
        )
    assert told.drop(columns="as_of").to_numpy().tolist() == [["Azure", "c", 2, 1, 1], ["M365", "c", 1, 0, 0]]
