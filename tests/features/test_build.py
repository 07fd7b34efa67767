from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import build as building
from features import declared
from features.build import Frames, build
from features.customers import Partner, customers, locations
from features.pairs import Pairs
from features.products import Catalogue
from features.sources.schema import Kind
from features.sources.tables import table
from features.sources.world import connect
from tests.features.naive import instant
from tests.features.random_worlds import AS_OF, FEW, TWO, Written, not_yet_known, together, worlds
from tests.worlds import Row, world

EARLIER = (AS_OF - timedelta(40), AS_OF - timedelta(400))


def frames_of(written: Written, *as_ofs: date) -> list[pa.Table]:
    """Return the frames of the dates, built in one pass; whether a column may be null is not compared."""
    with TemporaryDirectory() as folder:
        frames = build(world(Path(folder) / "world", **written), as_ofs, TWO, Path(folder), threads=1)
        tables = [pq.read_table(frames.path(when)) for when in as_ofs]
    return [pa.table(table.columns, names=table.column_names) for table in tables]


def listed(written: Written) -> list[pa.Table]:
    with TemporaryDirectory() as folder, connect(threads=1) as engine:
        there = world(Path(folder), **written)
        return [told(engine, there, AS_OF, Partner()) for told in (customers, locations)]


def cut(written: Written, when: date) -> Written:
    """Return the history that ends at the date: what was known before it."""
    ended = {}
    for name, rows in written.items():
        column = table(name).known or table(name).happened
        ended[name] = [row for row in rows if column is None or instant(row[column]) < instant(when)]  # type: ignore[arg-type]
    return ended


@given(worlds(), not_yet_known())
@FEW
def test_rows_not_yet_known_change_no_feature(written: Written, poison: Written) -> None:
    assert frames_of(together(written, poison), AS_OF) == frames_of(written, AS_OF)


@given(worlds(), not_yet_known())
@FEW
def test_rows_not_yet_known_list_nobody_and_delist_nobody(written: Written, poison: Written) -> None:
    assert listed(together(written, poison)) == listed(written)


YESTERDAY = AS_OF - timedelta(1)
HISTORY: Written = {
    "partners": [{"partner_id": "p1"}],
    "accounts": [{"account_id": "a", "domain": "a.example"}],
    "partner_accounts": [{"account_id": "a"}],
    "transactions": [],
    "azure_consumption": [],
    "agreements": [{"agreement_id": "g", "account_id": "a", "ends_on": date(2025, 1, 1)}],
    "opportunities": [
        {"opportunity_id": "o", "account_id": "a", "product": "Azure", "created_on": YESTERDAY - timedelta(9)}
    ],
    "technologies": [{"account_id": "a", "technology": "Sage", "seen_on": date(2023, 1, 1)}],
    "signals": [],
    "subscriptions": [{"subscription_id": "s", "account_id": "a"}],
    "subscription_quantities": [],
    "license_assignments": [],
    "usage_daily": [],
    "support_tickets": [],
}
LATE: tuple[tuple[str, Row], ...] = (
    ("accounts", {"account_id": "a", "employees": 7}),
    ("accounts", {"account_id": "b"}),
    ("partner_accounts", {"account_id": "a", "until_on": date(2024, 1, 1)}),
    ("transactions", {"account_id": "a", "product": "Azure", "transacted_on": date(2024, 1, 1)}),
    ("azure_consumption", {"account_id": "a", "month_on": date(2024, 2, 1)}),
    ("agreements", {"agreement_id": "g", "account_id": "a", "ends_on": date(2025, 1, 1), "outcome": "lost"}),
    (
        "opportunities",
        {
            "opportunity_id": "o",
            "account_id": "a",
            "product": "Azure",
            "created_on": YESTERDAY,
            "status": "won",
        },
    ),
    (
        "technologies",
        {"account_id": "a", "technology": "Sage", "seen_on": date(2023, 1, 1), "gone_on": YESTERDAY},
    ),
    ("signals", {"account_id": "a", "happened_at": instant(date(2024, 3, 1))}),
    ("signals", {"domain": "a.example", "happened_at": instant(date(2024, 3, 1))}),
    ("subscriptions", {"subscription_id": "s", "account_id": "a", "status": "cancelled"}),
    ("subscription_quantities", {"subscription_id": "s"}),
    ("license_assignments", {"subscription_id": "s", "user_key": "u"}),
    ("usage_daily", {"account_id": "a"}),
    ("support_tickets", {"account_id": "a", "opened_at": instant(date(2024, 3, 1))}),
)


@pytest.fixture(scope="module")
def plain() -> list[pa.Table]:
    return frames_of(HISTORY, AS_OF)


@pytest.mark.parametrize(("name", "row"), LATE)
def test_a_row_known_a_day_before_counts_and_one_known_at_the_instant_does_not(
    name: str, row: Row, plain: list[pa.Table]
) -> None:
    column = str(table(name).known or table(name).happened)

    def known_on(when: date) -> list[pa.Table]:
        moment = instant(when) if table(name).column(column).kind is Kind.INSTANT else when
        return frames_of(together(HISTORY, {name: [{**row, column: moment}]}), AS_OF)

    assert known_on(YESTERDAY) != plain
    assert known_on(AS_OF) == plain


def test_late_rows_are_tried_for_every_table_that_features_read() -> None:
    read = {source.name for row in declared.FEATURES for source in row.table.inputs}
    assert {name for name, _ in LATE} == read


@given(worlds(), st.sampled_from((AS_OF, *EARLIER)))
@FEW
def test_a_frame_on_full_history_equals_one_on_history_cut_at_its_date(written: Written, when: date) -> None:
    assert frames_of(written, when) == frames_of(cut(written, when), when)


@given(worlds())
@settings(FEW, max_examples=6)
def test_as_of_dates_built_in_one_pass_equal_each_built_alone(written: Written) -> None:
    dates = (AS_OF, *EARLIER)
    assert frames_of(written, *dates) == [frames_of(written, when)[0] for when in dates]


def test_passes_of_one_date_give_what_one_pass_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [
        {"account_id": "a", "product": "Azure", "transacted_on": when - timedelta(9)} for when in EARLIER
    ]
    written = together(HISTORY, {"transactions": orders})
    at_once = frames_of(written, AS_OF, *EARLIER)
    monkeypatch.setattr(building, "ROWS_AT_ONCE", 1)
    assert frames_of(written, AS_OF, *EARLIER) == at_once


def built(folder: Path, written: Written, *, share: float = 1.0, catalogue: Catalogue = TWO) -> Frames:
    there = world(folder / "world", **written)
    return build(there, (EARLIER[0], AS_OF), catalogue, folder, threads=1, pairs=Pairs(share))


OPTIONAL = (
    "partner_accounts",
    "transactions",
    "azure_consumption",
    "agreements",
    "technologies",
    "signals",
    "subscriptions",
    "subscription_quantities",
    "license_assignments",
    "usage_daily",
    "support_tickets",
)


@pytest.mark.parametrize("name", OPTIONAL)
def test_features_of_a_table_that_is_not_there_are_unknown_and_named_nowhere(
    tmp_path: Path, name: str
) -> None:
    frames = built(tmp_path, {other: rows for other, rows in HISTORY.items() if other != name})
    frame = pq.read_table(frames.path(AS_OF))
    lost = {row.name for row in declared.FEATURES if name in [source.name for source in row.table.inputs]}
    columns = [column for column in frame.column_names if column.split("__")[0] in lost]
    assert columns
    assert [column for column in columns if frame[column].null_count < frame.num_rows] == []
    assert lost & {row.name for row in frames.features} == set()


def test_what_is_derived_from_a_missing_table_is_named_nowhere_either(tmp_path: Path) -> None:
    frames = built(tmp_path, {name: rows for name, rows in HISTORY.items() if name != "transactions"})
    names = {row.name for row in frames.features}
    assert not {"own_order_gap_days", "own_overdue_ratio"} & names
    assert {"own_signal_momentum", "own_consumption_growth"} <= names


def test_with_every_table_there_every_feature_is_named(tmp_path: Path) -> None:
    assert built(tmp_path, HISTORY).features == (*declared.FEATURES, *declared.DERIVED)


def test_an_empty_table_is_no_missing_table(tmp_path: Path) -> None:
    frame = pq.read_table(built(tmp_path, HISTORY).path(AS_OF))
    assert frame["own_orders__Azure"].to_pylist() == [0]


def test_derived_values_are_reckoned_from_earlier_features_of_the_same_product(tmp_path: Path) -> None:
    bought = [(AS_OF - timedelta(back), "Azure") for back in (84, 68, 52)] + [(EARLIER[0], "D365BC")]
    orders = [{"account_id": "a", "product": product, "transacted_on": when} for when, product in bought]
    frame = pq.read_table(built(tmp_path, together(HISTORY, {"transactions": orders})).path(AS_OF))
    assert frame["own_order_gap_days__Azure"].to_pylist() == [16]
    assert frame["own_overdue_ratio__Azure"].to_pylist() == [52 / 16]
    assert frame["own_order_gap_days__D365BC"].to_pylist() == [None]


@pytest.mark.parametrize(("days", "in_force"), [(-1, 0), (0, 1), (1, 1)])
def test_an_agreement_is_in_force_through_its_last_day(tmp_path: Path, days: int, in_force: int) -> None:
    signed = {
        "agreement_id": "g",
        "account_id": "a",
        "revenue_division": "Azure",
        "ends_on": AS_OF + timedelta(days),
    }
    frame = pq.read_table(built(tmp_path, {**HISTORY, "agreements": [signed]}).path(AS_OF))
    assert frame["own_agreements_now__Azure"].to_pylist() == [in_force]
    assert frame["own_days_to_end_now__Azure"].to_pylist() == [days if in_force else None]


@pytest.mark.parametrize(("days", "partners"), [(0, 0), (1, 1)])
def test_a_relation_is_over_on_the_first_day_without_it(tmp_path: Path, days: int, partners: int) -> None:
    served = {"account_id": "a", "until_on": AS_OF + timedelta(days)}
    frame = pq.read_table(built(tmp_path, {**HISTORY, "partner_accounts": [served]}).path(AS_OF))
    assert frame["partners_now"].to_pylist() == [partners]
    assert frame["is_listed"].to_pylist() == [bool(partners)]


def test_who_fails_the_scope_or_leaves_it_unknown_is_out_of_it(tmp_path: Path) -> None:
    staff = (("a", 299), ("b", 300), ("c", None))
    accounts = [{"account_id": account, "employees": employees} for account, employees in staff]
    frame = pq.read_table(built(tmp_path, {"accounts": accounts, "transactions": []}).path(AS_OF))
    assert frame["in_scope__D365BC"].to_pylist() == [True, False, True]
    assert frame["in_scope__Azure"].to_pylist() == [True, True, True]
    assert frame["in_scope__D365BC"].null_count == 0


def test_a_sample_keeps_the_same_customers_at_every_date(tmp_path: Path) -> None:
    accounts = [{"account_id": f"customer-{number}"} for number in range(200)]
    frames = built(tmp_path, {"accounts": accounts, "transactions": []}, share=0.25)
    first, second = (pq.read_table(frames.path(when))["account_id"].to_pylist() for when in frames.as_ofs)
    assert 25 < len(first) < 75
    assert first == second == sorted(first)


def test_a_sample_knows_of_its_customers_what_the_whole_does(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(40)]
    accounts: list[Row] = [{"account_id": name, "domain": f"{name}.example"} for name in names]
    signals: list[Row] = [
        {"signal_id": name, "domain": f"{name}.example", "happened_at": instant(YESTERDAY - timedelta(9))}
        for name in names
    ]
    orders: list[Row] = [
        {"transaction_id": name, "account_id": name, "transacted_on": YESTERDAY - timedelta(9)}
        for name in names
    ]
    written: Written = {"accounts": accounts, "transactions": orders, "signals": signals}
    whole = pq.read_table(built(tmp_path / "whole", written).path(AS_OF))
    part = pq.read_table(built(tmp_path / "part", written, share=0.5).path(AS_OF))
    assert 5 < part.num_rows < 35
    assert part["signals_365d"].to_pylist() == [1] * part.num_rows
    assert part == whole.filter(pc.is_in(whole["account_id"], part["account_id"]))


def test_only_customers_of_a_partner_in_the_small_and_medium_segment_are_listed(tmp_path: Path) -> None:
    segments = (("a", "SMB"), ("b", None), ("c", "Corporate"), ("d", "SMB"))
    accounts = [{"account_id": account, "segment": segment} for account, segment in segments]
    served = [{"account_id": account} for account in "abc"]
    written: Written = {"accounts": accounts, "transactions": [], "partner_accounts": served}
    frame = pq.read_table(built(tmp_path, written).path(AS_OF))
    assert frame["is_listed"].to_pylist() == [True, True, False, False]
