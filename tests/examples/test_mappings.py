import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from features.sources.known import known_rows
from features.sources.tables import OPPORTUNITIES, SIGNALS, TRANSACTIONS
from pipelines.catalogue import read_catalogue
from tests.examples.places import EXAMPLES, accepted, needs_data

pytestmark = needs_data
AFTER = date(2026, 1, 1)
EXPECTED = {
    "saas_sales": {"accounts": 99, "transactions": 9_994},
    "olist_funnel": {"accounts": 8_000, "opportunities": 8_807, "signals": 8_000},
    "maven_crm": {"accounts": 85, "opportunities": 13_923},
}


@pytest.mark.parametrize("example", EXPECTED)
def test_every_row_that_the_readme_counts_is_accepted(example: str, tmp_path: Path) -> None:
    read = accepted(example, tmp_path, as_of=AFTER)
    assert {table.name: table.accepted for table in read.tables} == EXPECTED[example]
    told = (EXAMPLES / example / "README.md").read_text("utf-8")
    assert [count for count in EXPECTED[example].values() if f"{count:,}" not in told] == []


@pytest.mark.parametrize("example", EXPECTED)
def test_the_catalogue_sells_exactly_what_the_data_sells(example: str, tmp_path: Path) -> None:
    world = accepted(example, tmp_path, as_of=AFTER).world
    table = TRANSACTIONS if world.has(TRANSACTIONS) else OPPORTUNITIES
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT DISTINCT product FROM {world.rows(table)}").fetchall()
    products = read_catalogue(EXAMPLES / example / "catalogue.py").products
    assert sorted(name for product in products for name in product.sold_as) == sorted(row[0] for row in found)


@pytest.mark.parametrize("example", EXPECTED)
def test_an_example_is_a_page_a_mapping_and_a_catalogue(example: str) -> None:
    there = {path.name for path in (EXAMPLES / example).iterdir() if path.is_file()}
    assert there == {"README.md", "tables.toml", "catalogue.py"}


@pytest.mark.parametrize("example", EXPECTED)
def test_a_readme_calls_the_job_with_its_own_files(example: str) -> None:
    told = (EXAMPLES / example / "README.md").read_text("utf-8")
    calls = re.findall(r"^ascent (\w+) (.*)$", told, re.MULTILINE)
    assert [call for call, _ in calls] == ["monthly", "backtest"]
    with_files = f"--tables examples/{example}/tables.toml --catalogue examples/{example}/catalogue.py"
    assert all(options.startswith(with_files) for _, options in calls)


def test_the_first_line_of_a_customer_and_product_is_new(tmp_path: Path) -> None:
    world = accepted("saas_sales", tmp_path, as_of=AFTER).world
    query = f"""
        SELECT count(*) FILTER (kind = 'new'), count(DISTINCT (account_id, product)),
               count(*) FILTER (kind = 'add') FROM {world.rows(TRANSACTIONS)}"""
    with duckdb.connect() as engine:
        assert engine.execute(query).fetchone() == (1_260, 1_260, 8_734)


def test_cutting_the_orders_changes_no_earlier_order(tmp_path: Path) -> None:
    whole = accepted("saas_sales", tmp_path / "whole", as_of=AFTER).world
    cut = accepted("saas_sales", tmp_path / "cut", as_of=date(2023, 1, 25)).world
    query = "SELECT * FROM {} WHERE known_on < DATE '2023-01-25' ORDER BY transaction_id"
    with duckdb.connect() as engine:
        both = [engine.execute(query.format(world.rows(TRANSACTIONS))).fetchall() for world in (whole, cut)]
    assert len(both[0]) > 3_000
    assert both[0] == both[1]


def test_the_lead_that_was_won_before_its_first_contact_is_set_aside(tmp_path: Path) -> None:
    read = accepted("olist_funnel", tmp_path, as_of=AFTER)
    assert [breach.sentence() for breach in read.breaches] == [
        "opportunities.created_on: lies after known_on: it happened after it was known; 1 row,"
        " such as b91cf8812365f50ff4bda4bcd6206b05 / 2018-03-06."
    ]


def test_a_win_of_a_lead_is_unknown_before_its_day(tmp_path: Path) -> None:
    world = accepted("olist_funnel", tmp_path, as_of=AFTER).world
    won = f"SELECT count(*) FROM {known_rows(world, OPPORTUNITIES, [date(2018, 2, 1)])} WHERE status = 'won'"
    with duckdb.connect() as engine:
        assert engine.execute(won).fetchone() == (76,)
        assert engine.execute(f"SELECT count(DISTINCT topic) FROM {world.rows(SIGNALS)}").fetchone() == (10,)


def test_an_opportunity_is_open_until_the_day_it_closed(tmp_path: Path) -> None:
    world = accepted("maven_crm", tmp_path, as_of=AFTER).world
    dates = [date(2017, 2, 25), date(2017, 3, 1), date(2017, 3, 2)]
    query = f"""
        SELECT status, amount_cents FROM {known_rows(world, OPPORTUNITIES, dates)}
        WHERE opportunity_id = '1C1I7A6R' ORDER BY as_of"""
    with duckdb.connect() as engine:
        assert engine.execute(query).fetchall() == [("open", 109_600), ("open", 109_600), ("won", 105_400)]


def test_misspelt_names_are_mended(tmp_path: Path) -> None:
    world = accepted("maven_crm", tmp_path, as_of=AFTER).world
    with duckdb.connect() as engine:
        industries = engine.execute(
            f"SELECT DISTINCT industry FROM read_parquet('{world.folder}/accounts.parquet')"
        ).fetchall()
        products = engine.execute(f"SELECT DISTINCT product FROM {world.rows(OPPORTUNITIES)}").fetchall()
    assert {"technology"} <= {row[0] for row in industries}
    assert {"technolgy"} & {row[0] for row in industries} == set()
    assert {"GTX Pro"} <= {row[0] for row in products}
