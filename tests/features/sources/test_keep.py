"""Rows kept by buckets: of each bucket alone the same is known as of the whole."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.build import rows_of_customers
from features.sources.keep import count_buckets, keep, prepare
from features.sources.license_tables import LICENSE_BALANCES, SUBSCRIPTION_QUANTITIES, SUBSCRIPTIONS
from features.sources.schema import Table, Whose
from features.sources.tables import ACCOUNTS, OPPORTUNITIES, PARTNERS, SIGNALS, TABLES
from features.sources.world import World, connect
from tests.worlds import Row, arrow

START = date(2026, 1, 1)
DAYS = tuple(START + timedelta(day) for day in range(6))
DATES = (START + timedelta(2), START + timedelta(4), START + timedelta(9))
BUCKETS = 2
day = st.sampled_from(DAYS)
instant = day.map(lambda when: datetime(when.year, when.month, when.day))  # noqa: DTZ001 - UTC
customer = st.sampled_from("abcdef")
domain = st.sampled_from(["x", "y", None])
Rows = dict[Table, list[Row]]
WORLDS = st.fixed_dictionaries(
    {
        ACCOUNTS: st.lists(
            st.fixed_dictionaries({"account_id": customer, "known_on": day, "domain": domain}),
            unique_by=lambda row: (row["account_id"], row["known_on"]),
        ),
        OPPORTUNITIES: st.lists(
            st.fixed_dictionaries(
                {
                    "opportunity_id": st.sampled_from("op"),
                    "account_id": customer,
                    "known_on": day,
                    "product": st.just("Azure"),
                    "created_on": st.just(START),
                }
            ),
            unique_by=lambda row: (row["opportunity_id"], row["known_on"]),
        ),
        SUBSCRIPTIONS: st.lists(
            st.fixed_dictionaries(
                {"subscription_id": st.sampled_from("st"), "account_id": customer, "known_on": day}
            ),
            unique_by=lambda row: (row["subscription_id"], row["known_on"]),
        ),
        SIGNALS: st.lists(
            st.fixed_dictionaries(
                {"account_id": st.none() | customer, "domain": domain, "happened_at": instant}
            )
        ),
        SUBSCRIPTION_QUANTITIES: st.lists(
            st.fixed_dictionaries(
                {"subscription_id": st.sampled_from("stu"), "valid_from": instant, "total_units": st.just(7)}
            ),
            unique_by=lambda row: (row["subscription_id"], row["valid_from"]),
        ),
    }
)


def kept(engine: duckdb.DuckDBPyConnection, folder: Path, rows: Rows, *, buckets: int) -> World:
    """Write the rows as a world of so many buckets."""
    folder.mkdir()
    there = World(folder, tuple(rows), buckets)
    prepare(engine)
    for declared in sorted(rows, key=TABLES.index):
        engine.register("accepted", arrow(declared, rows[declared]))
        keep(engine, there, declared, "(FROM accepted)")
    return there


def seen(engine: duckdb.DuckDBPyConnection, relation: str) -> Counter[tuple[object, ...]]:
    """Return how often each row is there, its columns by name."""
    rows = engine.execute(f"SELECT * FROM {relation}")
    names = [column[0] for column in rows.description or ()]
    order = sorted(range(len(names)), key=names.__getitem__)
    return Counter(tuple(row[place] for place in order) for row in rows.fetchall())


@settings(max_examples=15, deadline=None)
@given(WORLDS)
def test_of_a_part_alone_the_same_is_known_as_of_the_whole(rows: Rows) -> None:
    with TemporaryDirectory() as place, connect(threads=1) as engine:
        one = kept(engine, Path(place, "one"), rows, buckets=1)
        many = kept(engine, Path(place, "many"), rows, buckets=BUCKETS)
        for declared in rows:
            assert seen(engine, many.rows(declared)) == seen(engine, one.rows(declared)), declared.name
        for declared in (ACCOUNTS, OPPORTUNITIES, SUBSCRIPTIONS, SIGNALS, LICENSE_BALANCES):
            of_customers = "(SELECT * FROM {} WHERE account_id IS NOT NULL)"
            whole = seen(engine, of_customers.format(rows_of_customers(one, declared, DATES)))
            parts = (
                seen(engine, of_customers.format(rows_of_customers(part, declared, DATES)))
                for part in many.parts()
            )
            assert sum(parts, Counter()) == whole, declared.name


def customers(count: int) -> list[Row]:
    return [{"account_id": f"c{number:03d}", "known_on": START} for number in range(count)]


def test_a_bucket_is_sorted_by_customer_and_holds_whom_its_hash_names(tmp_path: Path) -> None:
    with duckdb.connect() as engine:
        many = kept(engine, tmp_path / "many", {ACCOUNTS: customers(40)[::-1]}, buckets=BUCKETS)
        for part in many.parts():
            told = f"SELECT account_id, md5_number_lower(account_id) % {BUCKETS} FROM {part.rows(ACCOUNTS)}"
            found = engine.execute(told).fetchall()
            assert found == sorted(found)
            assert {bucket for _, bucket in found} == {part.bucket}


def test_rows_about_nobody_are_in_every_part(tmp_path: Path) -> None:
    with duckdb.connect() as engine:
        rows: Rows = {ACCOUNTS: customers(9), PARTNERS: [{"partner_id": "p"}]}
        many = kept(engine, tmp_path / "many", rows, buckets=BUCKETS)
        for part in many.parts():
            assert seen(engine, part.rows(PARTNERS)) == seen(engine, many.rows(PARTNERS)) != Counter()


@pytest.mark.parametrize(("accounts", "buckets"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_the_number_of_buckets_follows_from_the_customers(accounts: int, buckets: int) -> None:
    with duckdb.connect() as engine:
        engine.register("accepted", arrow(ACCOUNTS, customers(accounts)))
        assert count_buckets(engine, "accepted", 4) == buckets


def test_the_digest_is_of_the_rows_and_their_buckets(tmp_path: Path) -> None:
    def digest(name: str, rows: Sequence[Row], buckets: int) -> str:
        with duckdb.connect() as engine:
            engine.register("accepted", arrow(ACCOUNTS, rows))
            prepare(engine)
            (tmp_path / name).mkdir()
            return keep(engine, World(tmp_path / name, TABLES, buckets), ACCOUNTS, "(FROM accepted)")

    first = digest("first", customers(9), BUCKETS)
    assert digest("again", customers(9)[::-1], BUCKETS) == first
    assert first not in (digest("fewer", customers(8), BUCKETS), digest("other", customers(9), 3))


def test_every_table_tells_how_its_rows_find_their_customer() -> None:
    found = {whose: {declared.name for declared in TABLES if declared.whose is whose} for whose in Whose}
    assert found[Whose.NOBODY] == {"partners", "license_products", "workloads", "partner_admins"}
    assert found[Whose.DOMAIN] == {"signals", "technologies"}
    assert found[Whose.SUBSCRIPTION] == {
        "subscription_quantities",
        "license_assignments",
        "orders",
        "invoices",
        "license_snapshots",
    }
    assert {declared.name for declared in TABLES if declared.changes_hands} == {
        "agreements",
        "opportunities",
        "subscriptions",
    }
