"""Bad input gets a clear sentence and its exit code; nothing is published, and the run report says why."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.end_to_end.commands import Ended, here, of_month, process, run_report
from tests.worlds import world as written


@pytest.fixture
def place(reseller: Path, tmp_path: Path) -> Path:
    """A world of its own for a test to spoil."""
    return Path(shutil.copytree(reseller, tmp_path / "in"))


def monthly(place: Path, *more: object) -> Ended:
    return here("monthly", *of_month(place, home_of(place)), *more)


def home_of(place: Path) -> Path:
    return place.parent / "home"


def as_csv(place: Path, table: str, change: Callable[[bytes], bytes]) -> None:
    """Let a table be a CSV file with some bytes changed."""
    parquet = place / f"{table}.parquet"
    pyarrow.csv.write_csv(pq.read_table(parquet), place / f"{table}.csv")
    content = (place / f"{table}.csv").read_bytes()
    (place / f"{table}.csv").write_bytes(change(content))
    parquet.unlink()


def rewrite(place: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    path = place / f"{table}.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def without_accounts(place: Path) -> None:
    (place / "accounts.parquet").unlink()


def without_a_column(place: Path) -> None:
    rewrite(place, "transactions", lambda rows: rows.drop_columns(["quantity"]))


def with_a_column_of_texts(place: Path) -> None:
    def change(rows: pa.Table) -> pa.Table:
        return rows.drop_columns(["quantity"]).append_column("quantity", pa.repeat("many", len(rows)))

    rewrite(place, "transactions", change)


def in_another_encoding(place: Path) -> None:
    as_csv(place, "accounts", lambda content: content.replace(b"Juniper", "Junipér".encode("latin-1")))


def with_a_broken_quote(place: Path) -> None:
    as_csv(place, "transactions", lambda content: content.replace(b'"T0000100"', b'"T0000"100"'))


def cut_in_half(place: Path) -> None:
    path = place / "transactions.parquet"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_customers(place: Path) -> None:
    rewrite(place, "accounts", lambda rows: rows.slice(0, 0))


def with_more_bad_rows_than_borne(place: Path) -> None:
    # Every twentieth order line is there twice.
    rewrite(
        place, "transactions", lambda rows: pa.concat_tables([rows, rows.take([*range(0, len(rows), 20)])])
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_accounts, "accounts: required table is missing."),
        (without_a_column, "transactions.quantity: required column is missing; "),
        (with_a_column_of_texts, "transactions.quantity: column holds VARCHAR, expected"),
        (in_another_encoding, "accounts.csv cannot be read"),
        (with_a_broken_quote, "transactions.csv cannot be read: line 1"),
        (cut_in_half, "transactions.parquet cannot be read"),
        (without_customers, "accounts: at least one customer known before 2026-10-25 was expected, got none"),
        (with_more_bad_rows_than_borne, "rows are bad, 9.6"),
    ],
)
def test_inputs_that_break_their_contract_stop_the_run(
    place: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(place)
    ended = monthly(place)
    assert ended.code == 3
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert not (home_of(place) / "published").exists()
    report = run_report(home_of(place))
    assert (report["ended"], told in report["message"]) == ("refused", True)


def test_rejected_rows_are_in_quarantine(place: Path) -> None:
    with_more_bad_rows_than_borne(place)
    assert "as written to" in monthly(place).err
    kept = (home_of(place) / "quarantine" / "2026-10" / "transactions.csv").read_text("utf-8").splitlines()
    assert sum("must be unique" in line for line in kept) > 100


def test_a_refusal_is_a_sentence_and_no_traceback_in_a_process_too(place: Path) -> None:
    cut_in_half(place)
    ended = process("monthly", *of_month(place, home_of(place)))
    assert ended.code == 3
    assert (
        ended.err.count("InputsRefused: The inputs break their contract; 1 of 1 findings stop the run") == 1
    )
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("month", ["2026-13", "october", "2026-1", "../2026-10", "26-10"])
def test_a_month_written_wrongly_is_refused(place: Path, month: str) -> None:
    ended = here("monthly", *of_month(place, home_of(place), month))
    assert ended.code == 2
    assert f"A month is written like 2026-10; got {month!r}." in ended.err
    assert not home_of(place).exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('from = "sales.csv"', "line 2, [transactions]: a file was expected at"),
        ('form = "transactions.parquet"', "line 1, [transactions]: exactly one of from, select, query"),
        ("from = ", "is not valid TOML"),
    ],
)
def test_a_mapping_that_names_what_is_not_there_is_refused(place: Path, line: str, told: str) -> None:
    (place / "tables.toml").write_text(f"[transactions]\n{line}\n", "utf-8")
    ended = monthly(place, "--tables", place / "tables.toml")
    assert ended.code == 2
    assert told in ended.err
    assert not home_of(place).exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PRODUCTS = (\n", "catalogue.py, line 1:"),
        (
            "from features.products import Product\n\nPRODUCTS = (Product(prefix='A'),)\n",
            ", line 3: TypeError",
        ),
        ("PRODUCTS = []\n", "PRODUCTS = (Product(prefix=..., name=..., report=..., sold_as=(...,)), ...)"),
    ],
)
def test_a_catalogue_with_an_error_is_refused_with_its_line(place: Path, text: str, told: str) -> None:
    (place / "catalogue.py").write_text(text, "utf-8")
    ended = monthly(place, "--catalogue", place / "catalogue.py")
    assert ended.code == 2
    assert told in ended.err
    assert not home_of(place).exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "Say where the tables are: --from DIR, or --tables FILE."),
        (("--from", "nowhere"), "A folder with one file a table, or a mapping, was expected, got nowhere."),
        (("--from", ".", "--accept", " "), "--accept wants a reason, in words"),
        (("--from", ".", "--moth", "2026-10"), "No such option"),
        (("--from", ".", "--memory", "lots"), "The setting memory must be like 2GB or 512MB; got 'lots'."),
        (("--from", ".", "--home", __file__), "--home wants a folder"),
    ],
)
def test_a_wrong_call_is_refused(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    ended = here("monthly", "--month", "2026-10", "--home", tmp_path / "home", *options)
    assert ended.code == 2
    assert told in ended.err


def test_scoring_without_champions_is_refused(place: Path) -> None:
    ended = here("report", *of_month(place, home_of(place)))
    assert ended.code == 2
    assert "Run `ascent train` or `ascent monthly` first." in ended.err
    assert not (home_of(place) / "published").exists()


def test_a_month_before_the_first_record_has_not_enough_data(place: Path) -> None:
    ended = here("monthly", *of_month(place, home_of(place), "2020-01"))
    assert ended.code == 5
    assert "Customers known before 2020-01-25 were expected, but all" in ended.err
    assert run_report(home_of(place), "2020-01")["ended"] == "refused"


def test_a_month_without_a_closed_window_before_it_has_not_enough_data(tmp_path: Path) -> None:
    place = tmp_path / "in"
    sold = {"account_id": "a", "product": "Azure", "transacted_on": date(2026, 9, 1)}
    written(place, accounts=[{"account_id": "a"}], transactions=[sold])
    ended = monthly(place)
    assert ended.code == 5
    assert (
        "Training before 2026-10-25 needs an as-of date at least 3 months after the first record" in ended.err
    )
    assert not (home_of(place) / "published").exists()
