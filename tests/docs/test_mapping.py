"""docs/mapping.md is run as it stands: its files written out, its sections read through them."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from features.sources.mapping import FILE_OPTIONS, OPTIONS, WAYS, load
from features.sources.read import Accepted, accept

PAGE = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text("utf-8")
FILES = re.findall(r"```csv (\S+)\n(.*?)```", PAGE, re.DOTALL)
SECTIONS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SIGNALS = "id,company,at,topic\n1,C-1,2025-11-03T08:30:00Z,azure\n"


@pytest.fixture
def read(tmp_path: Path) -> Accepted:
    """What the page's files and sections give together; its database is SQLite here, its store a folder."""
    for name, text in FILES:
        (tmp_path / name).write_text(text, "utf-8")
    exports = tmp_path / "signals"
    exports.mkdir()
    (exports / "1.csv").write_text(SIGNALS, "utf-8")
    crm = sa.create_engine(f"sqlite:///{tmp_path / 'crm.db'}")
    with crm.begin() as connection:
        connection.execute(sa.text("CREATE TABLE resellers (code TEXT, title TEXT)"))
        connection.execute(sa.text("INSERT INTO resellers VALUES ('P-1', 'Nord')"))
    crm.dispose()
    told = "\n".join(SECTIONS).replace("s3://exports", f"file://{tmp_path}")
    mapping = tmp_path / "tables.toml"
    mapping.write_text(told, "utf-8")
    return accept(
        None,
        mapping=load(mapping, secrets={"CRM_URL": str(crm.url)}),
        as_of=date(2026, 1, 25),
        work=tmp_path / "work",
        quarantine=tmp_path / "quarantine",
    )


def rows(read: Accepted, table: str, columns: str) -> list[tuple[object, ...]]:
    """The accepted rows of a table, sorted."""
    with duckdb.connect() as engine:
        path = read.world.folder / f"{table}.parquet"
        return engine.execute(f"SELECT {columns} FROM '{path}' ORDER BY ALL").fetchall()


def test_every_section_of_the_page_is_read_without_a_breach(read: Accepted) -> None:
    assert [(table.name, table.accepted) for table in read.tables] == [
        ("partners", 1),
        ("accounts", 2),
        ("transactions", 2),
        ("opportunities", 3),
        ("signals", 1),
    ]
    assert read.breaches == ()


def test_files_are_read_by_their_own_names_and_spelling(read: Accepted) -> None:
    assert rows(read, "accounts", "account_id, known_on, account_name, employees, country") == [
        ("C-1", date(2024, 2, 1), "Müller & Co", 25, "Germany"),
        ("C-2", date(2024, 3, 15), "=SUM GmbH", None, "Germany"),
    ]


def test_a_select_mends_decimal_commas_and_tells_returns(read: Accepted) -> None:
    assert rows(read, "transactions", "account_id, kind, transacted_on, quantity, amount_cents") == [
        ("C-1", "new", date(2025, 12, 24), 10, 120_050),
        ("C-2", "return", date(2025, 12, 31), -1, -999),
    ]


def test_a_closed_deal_is_known_as_open_first(read: Accepted) -> None:
    assert rows(read, "opportunities", "opportunity_id, known_on, status, closed_on") == [
        ("D-1", date(2025, 1, 10), "open", None),
        ("D-1", date(2025, 3, 1), "won", date(2025, 3, 1)),
        ("D-2", date(2025, 2, 1), "open", None),
    ]


def test_every_way_and_option_is_on_the_page() -> None:
    options = {*WAYS, *FILE_OPTIONS, *(option for some in OPTIONS.values() for option in some)}
    assert {option for option in options if not re.search(rf"`{option}`|\b{option} = ", PAGE)} == set()


def test_every_link_of_the_page_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE)
    docs = Path(__file__).parents[2] / "docs"
    assert links
    assert [link for link in links if not (docs / link).exists()] == []
