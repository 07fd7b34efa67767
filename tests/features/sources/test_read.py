from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.errors import CallRefused, InputsRefused, NotEnoughData
from features.sources.read import describe
from features.sources.tables import TRANSACTIONS
from tests.features.sources.written import ACCOUNTS, AS_OF, minimal, put, quarantine, rows, taken, told


def test_a_folder_that_follows_the_contract_is_accepted_as_it_is(tmp_path: Path) -> None:
    accepted = taken(minimal(tmp_path / "in"), tolerance=0.0)
    assert rows(accepted, "accounts", "account_id", "account_name", "segment") == [
        ("A1", "One", None),
        ("A2", "Two", None),
    ]
    assert accepted.missing[:2] == ("partners", "partner_accounts")
    assert [table.name for table in accepted.world.present] == ["accounts", "transactions"]


def test_rejected_rows_are_kept_as_they_were_written(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", ACCOUNTS + 'A3,soon,"Three, ""Ltd"""\nA4,,Four')
    taken(place)
    written = (quarantine(place) / "accounts.csv").read_text(encoding="utf-8").splitlines()
    assert written[0].startswith("account_id,known_on,duns_number,account_name")
    assert written[1].startswith('A3,soon,,"Three, ""Ltd"""')
    assert written[1].endswith(",known_on is not a date like 2026-10-25")
    assert written[2].endswith(",known_on is empty where a value is required")


def test_a_later_run_leaves_no_quarantine_of_an_earlier_one(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", ACCOUNTS + "A3,soon,Three")
    taken(place)
    minimal(place)
    taken(place)
    assert not list(quarantine(place).iterdir())


def test_all_breaches_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", "account_id,account_name\nA1,One")
    put(place, "transactions", "transaction_id,account_id\nT1,A1")
    put(place, "signals", "signal_id\nS1")
    with pytest.raises(InputsRefused) as refusal:
        taken(place)
    for column in ("accounts.known_on", "transactions.product", "transactions.quantity", "signals.strength"):
        assert f"{column}: required column is missing" in str(refusal.value)


def test_more_bad_rows_than_borne_stop_the_run_with_the_share(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", ACCOUNTS + "A3,2026-01-01,Three\nA4,soon,Four")
    assert taken(place, tolerance=0.25).tables[0].rejected == 1
    with pytest.raises(InputsRefused, match=r"accounts: 1 of 4 rows are bad, 25.00%; at most 24.00% may be"):
        taken(place, tolerance=0.24)


def test_rows_known_later_are_counted_and_never_judged(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    before = taken(place)
    put(
        place,
        "accounts",
        ACCOUNTS + f"A1,{AS_OF},One\nA9,{AS_OF + timedelta(days=1)},\nA9,{AS_OF + timedelta(days=1)},",
    )
    after = taken(place)
    assert not after.breaches
    assert (after.tables[0].rows, after.tables[0].later) == (5, 3)
    assert [table.digest for table in after.tables] == [table.digest for table in before.tables]


def test_a_customer_known_later_is_no_customer_yet(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", "account_id,known_on\nA1,2026-01-01\nA2,2026-12-01")
    assert told(taken(place), "transactions") == [
        "transactions.account_id: refers to a row of accounts that is not there; 1 row, such as T2."
    ]


def test_a_missing_required_table_is_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.csv").unlink()
    (place / "transactions.csv").rename(place / "sales.csv")
    with pytest.raises(InputsRefused, match="accounts: required table is missing") as refusal:
        taken(place)
    assert "transactions or opportunities: at least one of them is required" in str(refusal.value)
    assert "Files that are no table of the contract: sales.csv." in str(refusal.value)


def test_accounts_without_rows_are_refused(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", "account_id,known_on")
    with pytest.raises(InputsRefused, match="at least one customer known before 2026-10-25 was expected"):
        taken(place)


def test_a_history_that_begins_later_is_not_enough_data(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", "account_id,known_on\nA1,2027-01-01")
    put(place, "transactions", (place / "transactions.csv").read_text("utf-8").splitlines()[0])
    with pytest.raises(
        NotEnoughData, match="before 2026-10-25 were expected, but all 1 rows of accounts were"
    ):
        taken(place)


def test_an_optional_table_without_rows_is_accepted_and_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "technologies", "account_id,technology,vendor,category,seen_on,known_on")
    accepted = taken(place)
    assert "technologies: 0 of 0 rows accepted." in describe(accepted)
    assert rows(accepted, "technologies", "technology") == []


def test_a_description_tells_what_was_absent_and_what_nothing_reads(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "accounts", "account_id,known_on,shoe_size\nA1,2026-01-01,42\nA2,2026-01-01,43")
    lines = describe(taken(place))
    assert "accounts: columns that nothing reads: shoe_size." in lines
    assert any(
        line.startswith("accounts: optional columns that are not there: duns_number") for line in lines
    )


def test_the_same_rows_give_the_same_bytes_in_any_order_and_format(tmp_path: Path) -> None:
    first = minimal(tmp_path / "in")
    second = minimal(tmp_path / "other")
    lines = (first / "transactions.csv").read_text(encoding="utf-8").splitlines()
    put(second, "transactions", "\n".join([lines[0], *reversed(lines[1:])]))
    with duckdb.connect() as engine:
        engine.execute(f"COPY (FROM '{first}/accounts.csv') TO '{second}/accounts.parquet'")
    (second / "accounts.csv").unlink()
    assert [table.digest for table in taken(first).tables] == [table.digest for table in taken(second).tables]


def test_several_files_in_a_folder_are_one_table(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.csv").unlink()
    put(place / "accounts", "2025", "account_id,known_on\nA1,2026-01-01")
    put(place / "accounts", "2026", "known_on,account_id,city\n2026-01-01,A2,Bern")
    accepted = taken(place)
    assert rows(accepted, "accounts", "account_id", "city") == [("A1", None), ("A2", "Bern")]


def test_a_text_column_where_parquet_should_hold_a_number_is_refused(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.csv").unlink()
    known = pa.array([date(2026, 1, 1)] * 2)
    pq.write_table(
        pa.table({"account_id": ["A1", "A2"], "known_on": known, "employees": ["5", "6"]}),
        place / "accounts.parquet",
    )
    with pytest.raises(
        InputsRefused, match=r"accounts.employees: column holds VARCHAR, expected a whole number; 2 rows"
    ):
        taken(place)


def test_parquet_numbers_without_fraction_are_whole_and_empty_columns_have_no_type(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.csv").unlink()
    known = pa.array([date(2026, 1, 1)] * 2)
    columns = {"account_id": [1, 2], "known_on": known, "employees": [5.0, None], "city": pa.nulls(2)}
    pq.write_table(pa.table(columns), place / "accounts.parquet")
    put(place, "transactions", ",".join(TRANSACTIONS.names))
    assert rows(taken(place), "accounts", "account_id", "employees", "city") == [
        ("1", 5, None),
        ("2", None, None),
    ]


def test_a_folder_that_is_none_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match="A folder with one file a table"):
        taken(tmp_path / "nowhere")


def test_the_inputs_are_never_overwritten(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in-work").rename(tmp_path / "x-work")
    (tmp_path / "x").symlink_to(place)
    with pytest.raises(CallRefused, match="would be overwritten"):
        taken(tmp_path / "x")
    assert (place / "accounts.csv").exists()
