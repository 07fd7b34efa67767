from pathlib import Path

import pytest

from features.errors import CallRefused
from features.sources.mapping import load
from features.sources.tables import ACCOUNTS, SIGNALS, TRANSACTIONS
from tests.features.sources.written import put


def refused(place: Path, toml: str) -> str:
    put(place, "orders", "id\n1")
    path = place / "tables.toml"
    path.write_text(toml.strip(), encoding="utf-8")
    with pytest.raises(CallRefused) as refusal:
        load(path, secrets={"TOKEN": "s3cret"})
    return str(refusal.value).replace(str(path), "tables.toml").replace(str(place), "DIR")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (
            '[baskets]\nfrom = "orders.csv"',
            "tables.toml, line 1, [baskets]: no table is called baskets; the tables are partners, accounts,",
        ),
        (
            '\n[accounts]\nfrom = "customers.csv"',
            "tables.toml, line 2, [accounts]: a file was expected at DIR/customers.csv, there is none.",
        ),
        ("[accounts]\n[accounts.columns]\n", "exactly one of from, select, query was expected, got none."),
        (
            '[accounts]\nfrom = "orders.csv"\nselect = "SELECT 1"',
            "exactly one of from, select, query was expected, got from, select.",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\ndelimeter = ";"',
            "line 3, [accounts]: accounts knows no option delimeter; it knows from,",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\ndelimiter = ";;"',
            "line 3, [accounts]: delimiter must be one character, got ';;'.",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\n\ncolumns = {account = "id"}',
            "line 4, [accounts]: columns knows no column of accounts account; it knows account_id,",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\ncolumns = {account_id = 1}',
            "line 3, [accounts]: columns.account_id must be a text, got 1.",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\nconstants = {city = [1]}',
            "constants.city must be one value, got [1].",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\ncolumns = {city = "id"}\nconstants = {city = "x"}',
            "line 4, [accounts]: city is both a column and a constant.",
        ),
        (
            '[transactions]\nfrom = "orders.csv"\nmoney = "euros"',
            "line 3, [transactions]: money must be dollars or cents, got euros.",
        ),
        (
            '[transactions]\nfrom = "orders.csv"\nmoney = {quantity = "cents"}',
            "money knows no column quantity; it knows amount_cents.",
        ),
        (
            '[transactions]\nfrom = "orders.csv"\ndates = "%Q"',
            "line 3, [transactions]: %Q is no date format for transacted_on:",
        ),
        (
            '[accounts]\nfrom = "orders.csv"\nformat = "xlsx"',
            "format knows no format xlsx; it knows parquet, csv.",
        ),
        ('[accounts]\nselect = "SELECT 1"', "line 2, [accounts]: a select needs files, such as"),
        (
            '[accounts]\nselect = "SELECT 1"\nfiles = {orders = {delimiter = ";"}}',
            "files.orders must be a path, or a table with one, got {'delimiter': ';'}.",
        ),
        ('[accounts]\nquery = "SELECT 1"', "line 2, [accounts]: a query needs database, a SQLAlchemy URL."),
        (
            '[accounts]\nquery = "SELECT 1"\ndatabase = "sqlite://${NOBODY}"',
            "line 3, [accounts]: the environment variable NOBODY is not set.",
        ),
        ('accounts = "orders.csv"', "tables.toml, line 1, [accounts]: a section [accounts] was expected."),
        ("[accounts]\nfrom = x", "tables.toml is not valid TOML: Invalid value (at line 2, column 8)."),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_was_expected(tmp_path: Path, toml: str, told: str) -> None:
    assert told in refused(tmp_path, toml)


def test_a_mapping_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(
        CallRefused, match=r"A mapping was expected at .*tables.toml: No such file or directory"
    ):
        load(tmp_path / "tables.toml", secrets={})


def test_options_of_a_section_hold_for_its_files_unless_a_file_has_its_own(tmp_path: Path) -> None:
    put(tmp_path, "one", "a")
    put(tmp_path, "two", "a")
    (tmp_path / "tables.toml").write_text(
        '[accounts]\nselect = "FROM one"\ndelimiter = ";"\n'
        'files = {one = "one.csv", two = {path = "two.csv", delimiter = "|"}}'
    )
    mapped = load(tmp_path / "tables.toml", secrets={}).of(ACCOUNTS)
    assert mapped is not None
    assert [(origin.name, origin.delimiter) for origin in mapped.origins] == [("one", ";"), ("two", "|")]


def test_paths_are_relative_to_the_base_where_one_is_given(tmp_path: Path) -> None:
    put(tmp_path / "data", "one", "a")
    (tmp_path / "tables.toml").write_text('[accounts]\nfrom = "one.csv"')
    mapped = load(tmp_path / "tables.toml", base=tmp_path / "data", secrets={}).of(ACCOUNTS)
    assert mapped is not None
    assert mapped.origins[0].place == str(tmp_path / "data" / "one.csv")


def test_spellings_are_read_for_all_columns_or_for_one(tmp_path: Path) -> None:
    put(tmp_path, "one", "a")
    (tmp_path / "tables.toml").write_text(
        '[transactions]\nfrom = "one.csv"\ndates = {known_on = "%d.%m.%Y"}\nmoney = "dollars"\n'
        '[signals]\nfrom = "one.csv"\ndates = "%Y%m%d"'
    )
    mapping = load(tmp_path / "tables.toml", secrets={})
    orders, signals = mapping.of(TRANSACTIONS), mapping.of(SIGNALS)
    assert orders is not None
    assert orders.written == {"known_on": "%d.%m.%Y", "amount_cents": "dollars"}
    assert signals is not None
    assert signals.written == {"happened_at": "%Y%m%d", "known_at": "%Y%m%d"}


def test_a_secret_is_filled_in_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "tables.toml").write_text(
        '[accounts]\nquery = "SELECT 1"\ndatabase = "postgresql://me:${TOKEN}@db/x"'
    )
    mapped = load(tmp_path / "tables.toml", secrets={"TOKEN": "s3cret"}).of(ACCOUNTS)
    assert mapped is not None
    assert mapped.database == "postgresql://me:s3cret@db/x"
    assert "s3cret" not in repr(mapped)
