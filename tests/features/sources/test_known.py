from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from features import declared
from features.build import build
from features.sources.known import attributed_rows, known_rows
from features.sources.schema import Table
from features.sources.tables import (
    ACCOUNTS,
    AGREEMENTS,
    OPPORTUNITIES,
    SCORING_TABLES,
    SIGNALS,
    TRANSACTIONS,
    table,
)
from features.sources.world import World, connect
from tests.features.random_worlds import TWO
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)
MIDNIGHT = datetime.combine(AS_OF, time())
LAGGED = [declared_table for declared_table in SCORING_TABLES if declared_table.lag]
A_ROW: dict[str, Row] = {
    "transactions": {"account_id": "a", "product": "Azure"},
    "azure_consumption": {"account_id": "a"},
    "agreements": {"account_id": "a", "ends_on": date(2028, 1, 1)},
    "opportunities": {"account_id": "a", "product": "Azure"},
    "technologies": {"account_id": "a", "technology": "Sage"},
    "signals": {"account_id": "a"},
}


def known(there: World, of: Table, column: str, *as_ofs: date) -> list[object]:
    """Return a column of the rows known at the dates, sorted."""
    with connect(threads=1) as engine:
        found = engine.execute(
            f"SELECT {column} FROM {known_rows(there, of, as_ofs or [AS_OF])} ORDER BY ALL"
        )
        return [row[0] if len(row) == 1 else row for row in found.fetchall()]


def without_known(of: Table, lag: timedelta) -> Table:
    """Return the table as one that does not record when its rows were known."""
    return replace(of, known=None, lag=lag)


def happened(of: Table, before: timedelta) -> Row:
    moment = MIDNIGHT - before
    value = moment if str(of.happened).endswith("_at") else moment.date()
    return {**A_ROW[of.name], str(of.happened): value}


@pytest.mark.parametrize("of", LAGGED, ids=lambda of: of.name)
def test_without_a_known_column_a_row_is_known_its_lag_after_it_happened(tmp_path: Path, of: Table) -> None:
    rows = [happened(of, before) for before in (of.lag + timedelta(1), of.lag, timedelta(1))]
    there = world(tmp_path, **{of.name: rows})
    seen = known(there, without_known(of, of.lag), str(of.happened))
    assert seen == [rows[0][str(of.happened)]]


@pytest.mark.parametrize("of", LAGGED, ids=lambda of: of.name)
def test_with_its_lag_taken_away_a_table_shows_rows_too_early(tmp_path: Path, of: Table) -> None:
    there = world(tmp_path, **{of.name: [happened(of, of.lag)]})
    assert known(there, without_known(of, of.lag), "1") == []
    assert known(there, without_known(of, of.lag - timedelta(1)), "1") == [1]
    assert known(there, without_known(of, timedelta(0)), "1") == [1]


@pytest.mark.parametrize(("lag", "orders"), [(timedelta(7), 0), (timedelta(6), 1), (timedelta(0), 1)])
def test_a_feature_inherits_the_lag_of_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lag: timedelta, orders: int
) -> None:
    lagged = without_known(TRANSACTIONS, lag)
    features = tuple(
        replace(row, table=lagged) if row.table is TRANSACTIONS else row for row in declared.FEATURES
    )
    monkeypatch.setattr(declared, "FEATURES", features)
    rows = [happened(TRANSACTIONS, timedelta(7))]
    there = world(tmp_path / "world", accounts=[{"account_id": "a"}], transactions=rows)
    frames = build(there, [AS_OF], replace(TWO, products=TWO.products[:1]), tmp_path, threads=1)
    with connect(threads=1) as engine:
        found = engine.execute(f"SELECT orders_30d FROM '{frames.path(AS_OF)}'").fetchall()
    assert found == [(orders,)]


def test_a_lag_of_hours_is_kept_to_the_second() -> None:
    half_a_day = without_known(SIGNALS, timedelta(hours=12))
    assert "to_seconds(43200)" in half_a_day.known_at()


def test_a_table_that_records_nothing_of_time_was_always_known(tmp_path: Path) -> None:
    there = world(tmp_path, partners=[{"partner_id": "p1"}])
    assert known(there, table("partners"), "partner_id", date(1990, 1, 1)) == ["p1"]


def test_a_row_known_at_the_instant_is_not_known_before_it(tmp_path: Path) -> None:
    moments = [MIDNIGHT - timedelta(microseconds=1), MIDNIGHT, MIDNIGHT + timedelta(microseconds=1)]
    rows = [{"signal_id": str(n), "happened_at": moments[0], "known_at": at} for n, at in enumerate(moments)]
    assert known(world(tmp_path, signals=rows), SIGNALS, "signal_id") == ["0"]


def test_a_row_that_has_not_happened_is_not_there_though_it_is_known(tmp_path: Path) -> None:
    starts = [
        {"agreement_id": day, "started_on": date.fromisoformat(day)} for day in ("2026-10-24", "2026-10-25")
    ]
    rows = [{"account_id": "a", "ends_on": date(2027, 10, 24), **start} for start in starts]
    assert known(world(tmp_path, agreements=rows), AGREEMENTS, "agreement_id") == ["2026-10-24"]


VERSIONS: Sequence[Row] = (
    {"account_id": "a", "employees": 10, "known_on": date(2025, 1, 1)},
    {"account_id": "a", "employees": 20, "known_on": date(2026, 10, 24)},
    {"account_id": "a", "employees": None, "known_on": date(2026, 10, 25)},
    {"account_id": "b", "employees": 5, "known_on": date(2026, 10, 25)},
)


@pytest.mark.parametrize(
    ("as_of", "employees"), [("2025-01-01", []), ("2025-01-02", [10]), ("2026-10-25", [20])]
)
def test_of_several_versions_the_last_known_one_counts(
    tmp_path: Path, as_of: str, employees: list[int]
) -> None:
    assert (
        known(world(tmp_path, accounts=VERSIONS), ACCOUNTS, "employees", date.fromisoformat(as_of))
        == employees
    )


def test_a_version_that_empties_a_value_empties_it(tmp_path: Path) -> None:
    found = known(world(tmp_path, accounts=VERSIONS), ACCOUNTS, "account_id, employees", date(2026, 10, 26))
    assert found == [("a", None), ("b", 5)]


def test_an_outcome_is_empty_until_it_was_known(tmp_path: Path) -> None:
    opened = {"opportunity_id": "o", "account_id": "a", "product": "Azure", "created_on": date(2026, 1, 1)}
    won = {**opened, "status": "won", "closed_on": date(2026, 9, 1), "known_on": AS_OF}
    there = world(tmp_path, opportunities=[opened, won])
    seen = known(there, OPPORTUNITIES, "as_of, status", AS_OF, AS_OF + timedelta(1))
    assert seen == [(AS_OF, "open"), (AS_OF + timedelta(1), "won")]


def test_a_missing_table_has_no_rows(tmp_path: Path) -> None:
    assert known(World(tmp_path, ()), AGREEMENTS, "agreement_id") == []


def owners(folder: Path, domains: Sequence[tuple[str, str | None]], signals: Sequence[Row]) -> list[object]:
    accounts = [{"account_id": account, "domain": domain} for account, domain in domains]
    there = world(
        folder,
        accounts=accounts,
        signals=[{"happened_at": MIDNIGHT - timedelta(1), **row} for row in signals],
    )
    with connect(threads=1) as engine:
        rows = attributed_rows(there, SIGNALS, [AS_OF])
        return [
            row[0] for row in engine.execute(f"SELECT account_id FROM {rows} ORDER BY signal_id").fetchall()
        ]


def test_a_signal_without_a_customer_belongs_to_the_only_one_with_its_domain(tmp_path: Path) -> None:
    assert owners(tmp_path, [("a", "x.example"), ("b", None)], [{"domain": "x.example"}]) == ["a"]


@pytest.mark.parametrize("domain", ["x.example", "nobody.example", None])
def test_a_signal_whose_domain_is_shared_strange_or_empty_belongs_to_nobody(
    tmp_path: Path, domain: str | None
) -> None:
    shared = [("a", "x.example"), ("b", "x.example"), ("c", None)]
    assert owners(tmp_path, shared, [{"domain": domain}]) == [None]


def test_a_signal_that_names_its_customer_keeps_it_whatever_its_domain(tmp_path: Path) -> None:
    assert owners(tmp_path, [("a", "x.example")], [{"account_id": "b", "domain": "x.example"}]) == ["b"]
