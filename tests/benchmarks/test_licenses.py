from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.licenses import AS_OF, ROWS, plain, write_world
from features.sources.license_tables import USAGE_DAILY
from features.sources.world import World, connect
from reports import dialect
from reports.licenses.write import write_license_reports

SHARE = 0.0005
Measured = tuple[duckdb.DuckDBPyConnection, World, Path]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """A small world of the benchmark after both pieces of work were done in one engine."""
    folder = tmp_path_factory.mktemp("bench")
    with connect() as engine:
        world = write_world(engine, folder / "world", SHARE)
        plain(engine, world)
        write_license_reports(engine, world, AS_OF, folder / "licenses")
        yield engine, world, folder / "licenses"


def rows(engine: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return engine.execute(f"{query} ORDER BY ALL").fetchall()


def test_the_world_has_the_share_of_rows_that_was_asked_for(measured: Measured) -> None:
    engine, world, _ = measured
    ((count,),) = rows(engine, f"SELECT count(*) FROM {world.rows(USAGE_DAILY)}")
    assert count == pytest.approx(ROWS * SHARE, rel=0.05)


def test_the_plain_query_counts_the_users_of_a_week_that_the_reports_publish(measured: Measured) -> None:
    engine, _, folder = measured
    published = (
        f"SELECT subscriptionId, used::BIGINT FROM {dialect.published(folder / 'customer_subscriptions.csv')}"
    )
    by_hand = f"""
        SELECT subscription_id, users FROM plain_weeks
        SEMI JOIN ({published}) ON subscriptionId = subscription_id
        WHERE week = (SELECT max(week) FROM plain_weeks)"""
    assert rows(engine, by_hand) == rows(engine, published) != []


def test_the_plain_query_counts_the_users_of_a_workload_that_the_reports_publish(measured: Measured) -> None:
    engine, _, folder = measured
    published = f"""
        SELECT customerTenantId, productId, workloadCode, licensesActive::BIGINT
        FROM {dialect.published(folder / "customer_licenses_usage.csv")} WHERE scope = 'all_partners'"""
    by_hand = f"""
        SELECT * FROM plain_workloads
        SEMI JOIN ({published}) ON customerTenantId = account_id AND productId = product_id"""
    assert rows(engine, by_hand) == rows(engine, published) != []
