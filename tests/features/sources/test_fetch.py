from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
import sqlalchemy as sa

from features.errors import CallRefused, InputsRefused
from features.sources.read import Accepted, describe
from tests.features.sources.written import mapped, put, rows

ORDERS = '\n[transactions]\nselect = "FROM orders WHERE FALSE"\nfiles = {orders = "orders.csv"}\n'
COLUMNS = "transaction_id,account_id,product,sku,kind,transacted_on,known_on,quantity,amount_cents"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an empty table of orders, for mappings that are about customers."""
    put(tmp_path / "in", "orders", COLUMNS)
    return tmp_path / "in"


@pytest.fixture
def memory() -> Iterator[str]:
    """A file system behind a URL."""
    system = fsspec.filesystem("memory")
    system.pipe("/lake/accounts/1.csv", b"account_id,known_on\nA1,2026-01-01\n")
    system.pipe("/lake/accounts/2.csv", b"account_id,known_on\nA2,2026-01-01\n")
    yield "memory://lake"
    system.rm("/lake", recursive=True)


def customers(accepted: Accepted) -> list[tuple[object, ...]]:
    return rows(accepted, "accounts", "account_id", "CAST(known_on AS VARCHAR)", "account_name")


def test_columns_constants_dates_and_money_become_the_declared_ones(place: Path) -> None:
    put(place, "sales", "Row;Customer;Thing;Day;Sum\n1;A1;Azure;2/1/2026;$1,000.505\n2;A1;Azure;2/3/2026;-3")
    accepted = mapped(
        place,
        '[accounts]\nselect = "SELECT DISTINCT Customer AS account_id FROM sales"\n'
        'files = {sales = "sales.csv"}\n'
        'delimiter = ";"\nconstants = {known_on = 2026-01-01, account_name = "=x"}\n'
        '[transactions]\nfrom = "sal*.csv"\ndelimiter = ";"\ndates = "%m/%d/%Y"\nmoney = "dollars"\n'
        'columns = {transaction_id = "row", account_id = "Customer", product = "Thing", sku = "Thing",'
        ' transacted_on = "Day", known_on = "Day", amount_cents = "Sum"}\n'
        'constants = {kind = "new", quantity = 1}',
    )
    assert customers(accepted) == [("A1", "2026-01-01", "=x")]
    orders = rows(
        accepted, "transactions", "transaction_id", "CAST(known_on AS VARCHAR)", "quantity", "amount_cents"
    )
    assert orders == [("1", "2026-02-01", 1, 100051), ("2", "2026-02-03", 1, -300)]
    assert "transactions: 1 amounts were rounded to the cent." in describe(accepted)


def test_a_select_joins_named_files_and_reads_texts_as_they_are_written(place: Path) -> None:
    put(place, "people", "id,since\n007,2026-01-01")
    put(place, "names", "id,name\n007,Bond")
    accepted = mapped(
        place,
        '[accounts]\nselect = """SELECT id AS account_id, since AS known_on, name AS account_name\n'
        'FROM people JOIN names USING (id);"""\nfiles = {people = "people.csv", names = "names.csv"}'
        + ORDERS,
    )
    assert customers(accepted) == [("007", "2026-01-01", "Bond")]


def test_a_select_may_ask_for_types(place: Path) -> None:
    put(place, "people", "id,since\n7,2026-01-01\n8,2026-03-01")
    accepted = mapped(
        place,
        '[accounts]\nselect = "SELECT id + 1 AS account_id, since + 1 AS known_on FROM people"\n'
        'types = "auto"\nfiles = {people = "people.csv"}' + ORDERS,
    )
    assert customers(accepted) == [("8", "2026-01-02", None), ("9", "2026-03-02", None)]


def test_another_encoding_is_read_where_the_mapping_names_it(place: Path) -> None:
    (place / "people.csv").write_bytes(
        "account_id,known_on,account_name\nA1,2026-01-01,Zürich €\n".encode("cp1252")
    )
    accepted = mapped(place, '[accounts]\nfrom = "people.csv"\nencoding = "windows-1252"' + ORDERS)
    assert customers(accepted) == [("A1", "2026-01-01", "Zürich €")]


@pytest.mark.parametrize("where", ["/accounts/*.csv", "/accounts"])
def test_files_behind_a_url_are_brought_here(place: Path, memory: str, where: str) -> None:
    accepted = mapped(place, f'[accounts]\nfrom = "{memory}{where}"' + ORDERS)
    assert customers(accepted) == [("A1", "2026-01-01", None), ("A2", "2026-01-01", None)]


def test_parquet_behind_a_file_url_is_read(place: Path) -> None:
    put(place, "people", "account_id,known_on\nA1,2026-01-01")
    first = mapped(place, '[accounts]\nfrom = "people.csv"' + ORDERS)
    (place / "people.parquet").write_bytes((first.world.folder / "accounts.parquet").read_bytes())
    again = mapped(place, f'[accounts]\nfrom = "file://{place}/people.parquet"' + ORDERS)
    assert [table.digest for table in again.tables] == [table.digest for table in first.tables]


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('from = "memory://nowhere/x.csv"', "a file was expected at memory://nowhere/x.csv, there is none"),
        ('from = "gopher://x/y.csv"', "gopher://x/y.csv cannot be fetched: Protocol not known: gopher"),
        (
            'from = "orders.csv"\ncolumns = {account_id = "Customer"}',
            "has no column Customer; it has transaction_id",
        ),
        ('from = "orders.csv"\nencoding = "klingon"', "no encoding is called klingon"),
        (
            'select = "SELECT nobody FROM o"\nfiles = {o = "orders.csv"}',
            "the select cannot be run: Binder Error",
        ),
        ('query = "SELECT 1"\ndatabase = "nonsense"', "database is no SQLAlchemy URL that can be used"),
        (
            'query = "SELECT nobody"\ndatabase = "sqlite://"',
            "the query on sqlite:// failed: no such column: nobody",
        ),
    ],
)
def test_what_a_mapping_names_wrongly_is_a_wrong_call(place: Path, toml: str, told: str) -> None:
    with pytest.raises(CallRefused) as refusal:
        mapped(place, f"[accounts]\n{toml}{ORDERS}")
    assert told in str(refusal.value)


def test_rows_that_a_select_cannot_convert_refuse_the_inputs(place: Path) -> None:
    put(place, "people", "id\nx")
    with pytest.raises(
        InputsRefused, match=r"the select over .*people.csv cannot be read: Could not convert string 'x'"
    ):
        mapped(
            place,
            '[accounts]\nselect = "SELECT id::INT AS account_id FROM people"\n'
            "constants = {known_on = 2026-01-01}\n"
            'files = {people = "people.csv"}' + ORDERS,
        )


def test_a_query_on_sqlite_is_read(place: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{place}/crm.db")
    with engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE customers AS SELECT 'A1' AS id, '2026-01-01' AS day, NULL AS name")
        )
    engine.dispose()
    accepted = mapped(
        place,
        '[accounts]\nquery = "SELECT id, day, name AS account_name FROM customers"\n'
        'columns = {account_id = "id", known_on = "day"}\n'
        f'database = "sqlite:///{place}/crm.db"' + ORDERS,
    )
    assert customers(accepted) == [("A1", "2026-01-01", None)]


def test_a_query_on_postgresql_keeps_every_type(place: Path, postgres: str) -> None:
    engine = sa.create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE customers (id uuid, day date, name text, heads numeric)"))
        first, second = (f"00000000-0000-0000-0000-00000000000{digit}" for digit in (1, 2))
        connection.execute(
            sa.text(
                f"INSERT INTO customers VALUES ('{first}', '2026-01-01', 'a,\"b\n', 12.0),"
                f" ('{second}', '2026-01-02', NULL, NULL)"
            )
        )
        connection.execute(sa.text("CREATE TABLE clicks (at timestamptz, strength double precision)"))
        connection.execute(sa.text("INSERT INTO clicks VALUES ('2026-02-01 10:00:00.123456+02', 0.1)"))
    engine.dispose()
    accepted = mapped(
        place,
        '[accounts]\ndatabase = "${CRM}"\n'
        'query = "SELECT id AS account_id, day AS known_on, name, heads FROM customers"\n'
        'columns = {account_name = "name", employees = "heads"}\n'
        '[signals]\ndatabase = "${CRM}"\nquery = "SELECT \'S\' || 1 AS signal_id, at, strength FROM clicks"\n'
        'columns = {happened_at = "at", known_at = "at"}\n'
        'constants = {kind = "event", topic = "azure", domain = "x.com"}' + ORDERS,
        CRM=postgres,
    )
    names = rows(accepted, "accounts", "right(account_id, 1)", "account_name", "employees")
    assert names == [("1", 'a,"b\n', 12), ("2", None, None)]
    assert rows(accepted, "signals", "CAST(happened_at AS VARCHAR)", "strength") == [
        ("2026-02-01 08:00:00.123456", 0.1)
    ]


def test_a_database_that_does_not_answer_is_told_without_its_password(place: Path) -> None:
    url = "postgresql+psycopg://me:s3cret@127.0.0.1:1/none"
    with pytest.raises(
        CallRefused, match=r"the query on postgresql\+psycopg://me:\*\*\*@127.0.0.1:1/none failed"
    ) as refusal:
        mapped(place, f'[accounts]\nquery = "SELECT 1 AS a"\ndatabase = "{url}"' + ORDERS)
    assert "s3cret" not in str(refusal.value)
