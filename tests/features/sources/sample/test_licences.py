from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from features.sources.license_tables import LICENSE_TABLES
from features.sources.read import Accepted, accept
from features.sources.sample.channel import build_channel
from features.sources.sample.leases import ACTIVE, FAR, Leases, make_leases
from features.sources.sample.licences import home_partners
from features.sources.tables import TABLES
from tests.features.sources.sample.lives import THROUGH, Lived

SHORTCUTS = {"license_snapshots", "usage_snapshots"}
SUBSCRIBED = """subscriptions s JOIN (
    SELECT subscription_id, max(known_on) AS known_on FROM subscriptions GROUP BY ALL
) USING (subscription_id, known_on)"""
"""The last version of every subscription."""


@pytest.fixture(scope="module")
def accepted(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    folder = tmp_path_factory.mktemp("accepted")
    return accept(world, as_of=THROUGH, work=folder / "work", quarantine=folder / "quarantine")


@pytest.fixture(scope="module")
def sql(world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        for path in world.glob("*.parquet"):
            engine.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        yield engine


@pytest.fixture(scope="module")
def leases(small: Lived) -> Leases:
    home = home_partners(build_channel(small.market, small.timeline, seed=3), small.timeline)
    return make_leases(small.market, small.timeline, small.behaviour, home=home, seed=3)


def number(sql: duckdb.DuckDBPyConnection, query: str) -> int:
    row = sql.execute(query).fetchone()
    assert row is not None
    return int(row[0] or 0)


def test_licence_tables_keep_the_contract(accepted: Accepted) -> None:
    names = {breach.table for breach in accepted.breaches}
    assert names <= {"transactions", "signals"}
    assert set(accepted.missing) == SHORTCUTS


def test_an_earlier_month_can_be_made_of_the_same_licences(world: Path, tmp_path: Path) -> None:
    earlier = accept(
        world,
        as_of=THROUGH - timedelta(100),
        work=tmp_path / "work",
        quarantine=tmp_path / "quarantine",
        tolerance=1.0,
    )
    breached = {breach.table for breach in earlier.breaches}
    assert breached & {table.name for table in LICENSE_TABLES} == set()
    assert {table.name for table in TABLES} - SHORTCUTS == {table.name for table in earlier.tables}


@pytest.mark.parametrize(
    ("told", "query"),
    [
        ("running trials", f"SELECT count(*) FROM {SUBSCRIBED} WHERE trial AND status = 'active'"),
        ("grace periods", f"SELECT count(*) FROM {SUBSCRIBED} WHERE status = 'grace_period'"),
        ("suspensions", f"SELECT count(*) FROM {SUBSCRIBED} WHERE status = 'suspended'"),
        ("what is not set up", f"SELECT count(*) FROM {SUBSCRIBED} WHERE NOT setup_complete"),
        ("owed invoices", f"SELECT count(*) FROM invoices WHERE NOT paid AND due_on < DATE '{THROUGH}'"),
        ("renewals to come", f"SELECT count(*) FROM {SUBSCRIBED} WHERE auto_renew AND status = 'active'"),
        ("workspaces", "SELECT count(*) FROM license_assignments WHERE assignee_type = 'workspace'"),
        ("use without a subscription", "SELECT count(*) FROM usage_daily WHERE subscription_id IS NULL"),
        ("unknown sign-ins", "SELECT count(*) FROM customer_profiles WHERE last_admin_sign_in_at IS NULL"),
        ("tagged subscriptions", "SELECT count(*) FROM customer_tags WHERE subscription_id IS NOT NULL"),
        ("calls of several legs", "SELECT count(*) FROM calls WHERE leg_id = '2'"),
        ("ungraded calls with media", "SELECT count(*) FROM calls WHERE has_media AND quality IS NULL"),
        ("abandoned queue calls", "SELECT count(*) FROM queue_calls WHERE outcome = 'left_message'"),
        ("given back units", "SELECT count(*) FROM orders WHERE action = 'reduce'"),
        (
            "young subscriptions",
            f"SELECT count(*) FROM {SUBSCRIBED} WHERE added_on > DATE '{THROUGH}' - 14",
        ),
        (
            "yammer users without a licence",
            """SELECT count(*) FROM usage_daily u ANTI JOIN license_assignments a USING (user_key)
               WHERE u.workload_code = 'Yammer'""",
        ),
    ],
)
def test_the_world_holds(sql: duckdb.DuckDBPyConnection, told: str, query: str) -> None:
    assert number(sql, query) > 0, told


@pytest.mark.parametrize("family", ["meetings", "calling", "call_on_webex", "messaging", "devices"])
def test_some_customers_have_nothing_but_one_family_of_webex(
    sql: duckdb.DuckDBPyConnection, family: str
) -> None:
    query = f"""
        SELECT count(*) FROM (
            SELECT account_id FROM subscriptions JOIN subscription_quantities USING (subscription_id)
            JOIN license_products USING (product_id) WHERE vendor = 'webex'
            GROUP BY account_id HAVING bool_and(product_family = '{family}'))"""
    assert number(sql, query) > 0


def test_more_is_assigned_than_bought_somewhere_but_not_in_most_places(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    over = f"""
        SELECT avg((assigned > total_units)::INTEGER) * 1000 FROM (
            SELECT subscription_id, product_id, count(*) AS assigned
            FROM license_assignments WHERE unassigned_at IS NULL GROUP BY ALL)
        JOIN subscription_quantities q USING (subscription_id, product_id)
        JOIN {SUBSCRIBED} USING (subscription_id)
        WHERE q.valid_to IS NULL AND status = 'active'"""
    assert 10 < number(sql, over) < 200


def test_a_licence_passes_on_within_28_days_and_both_users_have_been_at_work(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    query = f"""
        WITH lately AS (SELECT DISTINCT subscription_id, user_key FROM usage_daily
                        WHERE used_on >= DATE '{THROUGH}' - 28)
        SELECT count(*) FROM license_assignments a
        JOIN license_assignments b USING (subscription_id, product_id)
        SEMI JOIN lately l ON l.subscription_id = a.subscription_id AND l.user_key = a.user_key
        SEMI JOIN lately m ON m.subscription_id = b.subscription_id AND m.user_key = b.user_key
        WHERE a.unassigned_at >= DATE '{THROUGH}' - 28 AND b.assigned_at >= a.unassigned_at"""
    assert number(sql, query) > 0


def test_nobody_uses_what_has_expired(sql: duckdb.DuckDBPyConnection) -> None:
    query = """
        SELECT count(*) FROM usage_daily u JOIN subscriptions s USING (subscription_id)
        WHERE s.status IN ('expired', 'cancelled', 'upgraded') AND u.used_on >= s.known_on"""
    assert number(sql, query) == 0


def test_nothing_happens_after_the_world_ends(sql: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        if table.happened is not None and table.name not in SHORTCUTS | {"transactions", "signals"}:
            query = f"SELECT count(*) FROM {table.name} WHERE {table.happened} >= DATE '{THROUGH}'"
            assert number(sql, query) == 0, table.name


def test_daily_use_stays_small(sql: duckdb.DuckDBPyConnection, small: Lived) -> None:
    assert number(sql, "SELECT count(*) FROM usage_daily") < 30 * 600 * small.timeline.steps


def test_whole_weeks_of_a_customer_are_empty(sql: duckdb.DuckDBPyConnection) -> None:
    query = """
        SELECT count(*) FROM (
            SELECT used_on - lag(used_on) OVER (PARTITION BY account_id ORDER BY used_on) AS gap
            FROM (SELECT DISTINCT account_id, used_on FROM usage_daily
                  WHERE account_id IN (SELECT account_id FROM usage_daily GROUP BY ALL
                                       HAVING count(*) > 300)))
        WHERE gap > 7"""
    assert number(sql, query) > 0


def test_the_four_reasons_for_more_use_than_licences_come_equally_often(leases: Leases) -> None:
    main = leases.where(~leases.trial & (leases.status == ACTIVE))
    counts = np.bincount(main.story)[1:]
    assert len(counts) == 4
    assert counts.max() - counts.min() <= 1


def test_what_lasts_is_active_and_what_ended_is_not(leases: Leases) -> None:
    assert ((leases.stopped == FAR) == (leases.status == ACTIVE)).all()
    assert (leases.stopped > leases.added).all()


def test_leases_belong_to_customers_with_a_partner(leases: Leases, small: Lived) -> None:
    home = home_partners(build_channel(small.market, small.timeline, seed=3), small.timeline)
    assert (home[leases.account] >= 0).all()
    assert (home < 0).any()
