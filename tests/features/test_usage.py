"""Licence facts as features: whose rows they are, and what is unknown rather than zero."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from features.build import build
from features.products import AZURE, Catalogue
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)
SOLD: Row = {"subscription_id": "s", "account_id": "a"}
BOUGHT: Row = {"subscription_id": "s", "total_units": 10, "valid_from": datetime(2026, 1, 1)}  # noqa: DTZ001


def assigned(number: int, *, days: int = 200) -> list[Row]:
    since = datetime(2026, 10, 25) - timedelta(days)  # noqa: DTZ001
    return [{"subscription_id": "s", "user_key": f"u{at}", "assigned_at": since} for at in range(number)]


def used(number: int, *, days: int) -> list[Row]:
    return [
        {"account_id": "a", "user_key": f"u{at}", "used_on": AS_OF - timedelta(days)} for at in range(number)
    ]


def features(folder: Path, **tables: list[Row]) -> dict[str, Any]:
    """Return the features of the only customer."""
    there = world(folder / "world", accounts=[{"account_id": "a"}], transactions=[], **tables)
    frames = build(there, (AS_OF,), Catalogue(products=(AZURE,)), folder, threads=1)
    row: dict[str, Any] = pq.read_table(frames.path(AS_OF)).to_pylist()[0]
    return row


def test_assigned_used_and_grown_are_told_of_licences_in_force(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        subscriptions=[SOLD],
        subscription_quantities=[BOUGHT],
        license_assignments=assigned(4),
        usage_daily=[*used(3, days=1), *used(3, days=28), *used(2, days=29)],
    )
    assert found["licenses_assigned_share"] == pytest.approx(0.4)
    assert found["licenses_used_share"] == pytest.approx(0.75)
    assert found["licenses_used_growth"] == pytest.approx(1.5)
    assert found["license_use_days_28d"] == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"trial": True, "ends_on": AS_OF + timedelta(9)},
        {"status": "cancelled"},
        {"ends_on": AS_OF - timedelta(1)},
        {"known_on": AS_OF},
    ],
    ids=["trial", "cancelled", "ended", "not yet known"],
)
def test_licences_of_what_is_no_subscription_in_force_do_not_count(tmp_path: Path, changed: Row) -> None:
    found = features(
        tmp_path,
        subscriptions=[{**SOLD, **changed}],
        subscription_quantities=[BOUGHT],
        license_assignments=assigned(4),
    )
    assert (found["licenses_bought_now"], found["licenses_assigned_now"]) == (0, 0)
    assert found["licenses_assigned_share"] is None


def test_more_assigned_than_bought_is_over_the_limit_and_not_clamped(tmp_path: Path) -> None:
    found = features(
        tmp_path, subscriptions=[SOLD], subscription_quantities=[BOUGHT], license_assignments=assigned(14)
    )
    assert found["licenses_over_limit"] == 4
    assert found["licenses_assigned_share"] == pytest.approx(1.4)


def test_free_units_of_one_subscription_do_not_make_up_for_another(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        subscriptions=[SOLD, {**SOLD, "subscription_id": "free"}],
        subscription_quantities=[
            {**BOUGHT, "total_units": 3},
            {**BOUGHT, "product_id": "n", "total_units": 8},
            {**BOUGHT, "subscription_id": "free", "total_units": 90},
        ],
        license_assignments=assigned(5),
    )
    assert found["licenses_assigned_share"] == pytest.approx(5 / 101)
    assert found["licenses_over_limit"] == 2


def test_over_the_limit_a_user_counts_once_and_only_the_newest_units_do(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        subscriptions=[SOLD],
        subscription_quantities=[BOUGHT, {**BOUGHT, "total_units": 4, "valid_from": datetime(2026, 9, 1)}],  # noqa: DTZ001
        license_assignments=[*assigned(6), *assigned(6, days=100)],
    )
    assert (found["licenses_bought_now"], found["licenses_assigned_now"]) == (14, 12)
    assert found["licenses_over_limit"] == 2


def test_what_nobody_knows_the_units_of_is_not_over_the_limit(tmp_path: Path) -> None:
    found = features(
        tmp_path, subscriptions=[SOLD], subscription_quantities=[], license_assignments=assigned(5)
    )
    assert found["licenses_over_limit"] == 0


def test_without_assignments_nobody_knows_what_is_over_the_limit(tmp_path: Path) -> None:
    found = features(tmp_path, subscriptions=[SOLD], subscription_quantities=[BOUGHT])
    assert found["licenses_over_limit"] is None


def test_a_customer_without_a_row_of_use_is_unknown_and_not_idle(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        subscriptions=[SOLD],
        subscription_quantities=[BOUGHT],
        license_assignments=assigned(4),
        usage_daily=[],
    )
    assert found["licenses_used_28d"] is None
    assert found["licenses_used_share"] is None


def test_without_subscriptions_nobody_knows_whose_the_licences_are(tmp_path: Path) -> None:
    found = features(tmp_path, subscription_quantities=[BOUGHT], license_assignments=assigned(4))
    assert found["licenses_bought_now"] is None
    assert found["licenses_assigned_now"] is None


def test_the_next_end_counts_and_what_renews_by_itself_does_not_end(tmp_path: Path) -> None:
    ends = (("x", 40, False), ("y", 90, False), ("z", 5, True), ("over", -3, False))
    rows: list[Row] = [
        {
            **SOLD,
            "subscription_id": name,
            "ends_on": AS_OF + timedelta(days),
            "renews_on": AS_OF + timedelta(days + 1) if renews else None,
            "auto_renew": renews,
        }
        for name, days, renews in ends
    ]
    found = features(tmp_path, subscriptions=rows)
    assert (found["license_days_to_end"], found["license_days_to_renewal"]) == (40, 6)


def test_what_was_assigned_lately_is_a_share_of_what_is_assigned(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        subscriptions=[SOLD],
        subscription_quantities=[BOUGHT],
        license_assignments=[*assigned(1, days=90), *assigned(3, days=91)],
    )
    assert found["licenses_assigned_lately_share"] == pytest.approx(0.25)
