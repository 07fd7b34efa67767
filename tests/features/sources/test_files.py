from pathlib import Path

import pytest

from features.errors import InputsRefused
from tests.features.sources.written import ACCOUNTS, minimal, rows, taken


def refused(place: Path, table: str, content: bytes) -> str:
    minimal(place)
    (place / table).write_bytes(content)
    if table.endswith(".parquet"):
        (place / table).with_suffix(".csv").unlink()
    with pytest.raises(InputsRefused) as refusal:
        taken(place)
    return str(refusal.value)


def test_another_encoding_is_refused_with_file_and_line(tmp_path: Path) -> None:
    told = refused(
        tmp_path / "in", "accounts.csv", "account_id,known_on,city\nA1,2026-01-01,Zürich\n".encode("latin-1")
    )
    assert "accounts.csv cannot be read: line 2: Invalid unicode" in told


def test_an_encoding_that_spoils_the_header_is_refused(tmp_path: Path) -> None:
    told = refused(tmp_path / "in", "accounts.csv", "account_id,known_on\n".encode("utf-16"))
    assert "accounts.csv cannot be read as UTF-8 CSV" in told


def test_a_broken_quote_is_refused_with_file_and_line(tmp_path: Path) -> None:
    told = refused(
        tmp_path / "in",
        "accounts.csv",
        b'account_id,known_on\nA1,2026-01-01\nA2,"2026-01-01\nA3,2026-01-01\n',
    )
    assert "accounts.csv cannot be read: line 3: Value with unterminated quote found." in told


def test_a_line_with_too_many_values_is_refused_with_file_and_line(tmp_path: Path) -> None:
    told = refused(tmp_path / "in", "accounts.csv", b"account_id,known_on\nA1,2026-01-01,x\n")
    assert "line 2: Expected Number of Columns: 2 Found: 3" in told


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"", "an empty file"),
        (b"account_id,\n", "account_id,"),
        (b"account_id,Account_ID\n", "Account_ID, account_id twice"),
    ],
)
def test_a_header_must_name_every_column_once(tmp_path: Path, content: bytes, got: str) -> None:
    told = refused(tmp_path / "in", "accounts.csv", content)
    assert f"a first line with one name a column was expected, got {got}" in told


def test_half_a_parquet_file_is_refused_by_name(tmp_path: Path) -> None:
    accepted = taken(minimal(tmp_path / "whole"))
    whole = (accepted.world.folder / "accounts.parquet").read_bytes()
    told = refused(tmp_path / "in", "accounts.parquet", whole[: len(whole) // 2])
    assert "accounts.parquet cannot be read: No magic bytes found" in told


def test_a_parquet_file_with_spoiled_pages_is_refused_by_name(tmp_path: Path) -> None:
    accepted = taken(minimal(tmp_path / "whole"))
    whole = (accepted.world.folder / "accounts.parquet").read_bytes()
    told = refused(tmp_path / "in", "accounts.parquet", whole[:4] + b"\xff" * 40 + whole[44:])
    assert "accounts.parquet cannot be read" in told


def test_two_sources_for_a_table_are_refused(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.parquet").write_bytes(b"")
    with pytest.raises(
        InputsRefused, match=r"One source was expected for accounts, got 2: accounts.parquet, accounts.csv"
    ):
        taken(place)


def test_a_byte_order_mark_and_windows_lines_are_no_trouble(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    (place / "accounts.csv").write_bytes(b"\xef\xbb\xbf" + ACCOUNTS.strip().replace("\n", "\r\n").encode())
    assert rows(taken(place), "accounts", "account_name") == [("One",), ("Two",)]
