import csv
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.schema import Column, Kind
from features.sources.tables import ACCOUNTS, SIGNALS
from tests.features.sources.written import minimal, rows, taken

# Files hold Unicode text; control characters other than line ends have no place in a name.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters='",;\n\r\t='),
    min_size=1,
    max_size=8,
)
DAYS = st.dates(date(1970, 1, 1), date(2026, 10, 24))
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2026, 10, 24))  # noqa: DTZ001 - the contract's are UTC


def values(column: Column) -> st.SearchStrategy[object]:
    found: st.SearchStrategy[object] = {
        Kind.TEXT: st.sampled_from(column.allowed) if column.allowed else TEXTS,
        Kind.INTEGER: st.integers(int(column.low or -(10**12)), int(column.high or 10**12)),
        Kind.NUMBER: st.floats(0, 1),
        Kind.DATE: DAYS,
        Kind.INSTANT: INSTANTS,
    }[column.kind]
    return st.none() | found if column.optional else found


ACCOUNT = st.tuples(*(values(column) for column in ACCOUNTS.columns))


@settings(max_examples=10, deadline=None)
@given(st.lists(ACCOUNT, min_size=1, max_size=20, unique_by=lambda row: row[0]))
def test_customers_written_as_csv_or_parquet_read_back_as_they_were(found: list[tuple[object, ...]]) -> None:
    expected = sorted(found, key=lambda row: str(row[0]).encode())
    with TemporaryDirectory() as folder:
        for format_ in ("csv", "parquet"):
            place = minimal(Path(folder) / format_)
            (place / "accounts.csv").unlink()
            (place / "transactions.csv").write_text(
                "transaction_id,account_id,product,sku,kind,transacted_on,known_on,quantity,amount_cents\n"
            )
            write(place / f"accounts.{format_}", ACCOUNTS.names, found)
            assert rows(taken(place, tolerance=0.0), "accounts", *ACCOUNTS.names) == expected


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(INSTANTS, st.floats(0, 1), TEXTS), min_size=1, max_size=9))
def test_instants_and_numbers_read_back_exactly(found: list[tuple[datetime, float, str]]) -> None:
    written: list[tuple[object, ...]] = [
        (f"S{at}", "A1", None, "event", "azure", strength, when, when, None, text, None)
        for at, (when, strength, text) in enumerate(found)
    ]
    with TemporaryDirectory() as folder:
        for format_ in ("csv", "parquet"):
            place = minimal(Path(folder) / format_)
            write(place / f"signals.{format_}", SIGNALS.names, written)
            assert rows(taken(place, tolerance=0.0), "signals", *SIGNALS.names) == written


def write(path: Path, names: tuple[str, ...], found: list[tuple[object, ...]]) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.table(dict(zip(names, zip(*found, strict=True), strict=True))), path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *found])
