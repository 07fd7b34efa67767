"""Signs that something known only later has slipped in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from features.build import build
from features.products import AZURE, Catalogue
from features.sources.world import World, connect
from models.evaluate import Floats
from models.leaks import Telltale, jumps, telltales
from models.train import train_all
from models.trees import Values
from tests.worlds import Row, world

CUT = date(2026, 10, 25)


def found(bought: Floats, **columns: Values) -> tuple[Telltale, ...]:
    return telltales(np.column_stack(list(columns.values())), tuple(columns), bought, product="Azure")


def outcomes(rows: int, wins: int) -> Floats:
    bought = np.zeros(rows)
    bought[:: rows // wins] = 1
    return bought


def noise(rows: int) -> Values:
    return np.random.default_rng(1).random(rows).astype(np.float32)


def test_a_planted_leak_is_found_among_honest_features() -> None:
    bought = outcomes(2000, wins=50)
    planted = np.where(bought > 0, noise(2000) + 0.9, noise(2000)).astype(np.float32)
    leaks = found(bought, visits=noise(2000), invoice=planted)
    assert [leak.feature for leak in leaks] == ["invoice"]
    assert str(leaks[0]).startswith("Possible leak: invoice alone tells purchases of Azure with AUC 0.9")


@pytest.mark.parametrize("known", [-1.0, 0.5, 2.0])
def test_a_value_known_only_of_buyers_is_a_leak_wherever_it_lies(known: float) -> None:
    bought = outcomes(2000, wins=50)
    planted = np.where(bought > 0, known, np.nan).astype(np.float32)
    assert len(found(bought, closed_days=planted)) == 1


def test_a_strong_but_honest_feature_is_left_alone() -> None:
    bought = outcomes(2000, wins=100)
    honest = (noise(2000) + 0.3 * bought).astype(np.float32)
    assert found(bought, visits=honest) == ()


def test_nothing_is_said_of_a_handful_of_purchases() -> None:
    bought = outcomes(1900, wins=19)
    assert found(bought, x=bought.astype(np.float32)) == ()


def test_sampling_keeps_every_purchase() -> None:
    bought = outcomes(90_000, wins=25)
    assert len(found(bought, x=bought.astype(np.float32))) == 1


def said(there: World) -> Sequence[str]:
    with connect() as engine:
        return jumps(engine, there, before=CUT)


def orders(count: int, *, days_late: int | None) -> list[Row]:
    """Return an order a day; late by so many days, or all known on one day."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(count)]
    known = [date(2026, 9, 1) if days_late is None else day + timedelta(days=days_late) for day in days]
    return [
        {"account_id": "c", "product": "Azure", "transacted_on": day, "known_on": seen}
        for day, seen in zip(days, known, strict=True)
    ]


def test_a_backfill_in_bulk_is_told_with_its_day_and_rows(tmp_path: Path) -> None:
    assert said(world(tmp_path, transactions=orders(100, days_late=None))) == (
        "Possible leak: 100 rows of transactions that happened from 2026-01-01 to 2026-04-10 became known in"
        " bulk on 2026-09-01; what earlier months should have known of them is a guess.",
    )


@pytest.mark.parametrize("days_late", [0, 200])
def test_rows_that_trickle_in_are_no_backfill_however_late(tmp_path: Path, days_late: int) -> None:
    assert said(world(tmp_path, transactions=orders(90, days_late=days_late))) == ()


def test_a_backfill_not_known_yet_is_not_told(tmp_path: Path) -> None:
    later = [{**row, "known_on": CUT} for row in orders(100, days_late=None)]
    assert said(world(tmp_path, transactions=later)) == ()


def agreements(known_on: date) -> list[Row]:
    first = {"account_id": "c", "started_on": date(2024, 1, 1), "ends_on": date(2026, 8, 31)}
    return [
        {**first, "agreement_id": f"a{number}", **version}
        for number in range(50)
        for version in ({"known_on": date(2024, 1, 1)}, {"known_on": known_on, "outcome": "renewed"})
    ]


def test_outcomes_known_long_before_their_day_are_told(tmp_path: Path) -> None:
    assert said(world(tmp_path, agreements=agreements(date(2025, 1, 1)))) == (
        "Possible leak: 50 of 50 outcomes in agreements were known more than 90 days before ends_on;"
        " an outcome cannot be known before it happened.",
    )


def test_outcomes_of_agreements_that_end_on_one_day_are_no_leak(tmp_path: Path) -> None:
    assert said(world(tmp_path, agreements=agreements(date(2026, 9, 1)))) == ()


def test_a_leak_in_a_world_is_found_through_its_features(tmp_path: Path) -> None:
    # Visits that are stamped as known before the purchases that they followed.
    names = [f"c{number:02}" for number in range(60)]
    may = datetime(2026, 5, 20, 9)  # noqa: DTZ001 - instants of tables are UTC without saying so
    there = world(
        tmp_path / "world",
        accounts=[{"account_id": name} for name in names],
        transactions=[
            {"account_id": name, "product": "Azure", "transacted_on": date(2026, 6, 25)}
            for name in names[:25]
        ],
        signals=[{"account_id": name, "topic": "azure", "happened_at": may} for name in names[:25]],
    )
    as_of = date(2026, 6, 10)
    frames = build(there, [as_of], Catalogue((AZURE,)), tmp_path / "frames")
    leaks = train_all(frames, there, frames.catalogue, cut=CUT, as_ofs=[as_of]).telltales
    told = [str(leak) for leak in leaks]
    assert any("own_signals_30d alone tells purchases of Azure with AUC 1.000" in text for text in told)
    assert not any("employees" in text for text in told)
