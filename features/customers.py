"""Which customers a report lists, and under which partner."""

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from features.periods import NOW
from features.sources.known import known_rows
from features.sources.tables import ACCOUNTS, PARTNER_ACCOUNTS, PARTNERS
from features.sources.world import World

IS_SMB = "coalesce(segment, 'SMB') = 'SMB'"
"""SQL over `accounts`: corporate and enterprise customers are not scored and not listed."""


@dataclass(frozen=True, slots=True)
class Partner:
    """The one partner of a world without partners: it transacts with everybody."""

    partner_id: str = "partner"
    partner_name: str = "Partner"


def transacting(world: World, as_of: date) -> str:
    """SQL: a relation of the partner locations that transact with a customer at the as-of date.

    One row is a partner location and a customer: partner_id, account_id.
    """
    lasting = NOW.holds(str(PARTNER_ACCOUNTS.happened), PARTNER_ACCOUNTS.ended_on(), "as_of")
    relations = known_rows(world, PARTNER_ACCOUNTS, [as_of])
    return f"(SELECT DISTINCT partner_id, account_id FROM {relations} WHERE {lasting})"


def roots(world: World) -> str:
    """SQL: each partner location with the root of its parent chain: partner_id, global_id, partner_name."""
    return f"""(
        WITH RECURSIVE up AS (
            SELECT partner_id, partner_id AS above, 0 AS depth FROM {world.rows(PARTNERS)}
            UNION ALL
            SELECT up.partner_id, p.parent_partner_id, depth + 1
            FROM up JOIN {world.rows(PARTNERS)} p ON p.partner_id = up.above
            WHERE p.parent_partner_id IS NOT NULL AND depth < 20
        ), root AS (SELECT partner_id, arg_max(above, depth) AS global_id FROM up GROUP BY partner_id)
        SELECT r.partner_id, r.global_id, p.partner_name
        FROM root r JOIN {world.rows(PARTNERS)} p ON p.partner_id = r.global_id
    )"""


def locations(engine: duckdb.DuckDBPyConnection, world: World, as_of: date, alone: Partner) -> pa.Table:
    """Return who transacts with whom at the as-of date.

    One row is a partner location and an SMB customer: global_id (the root's id), partner_name (the root's),
    partner_id, account_id; sorted.
    """
    customers = f"(SELECT account_id FROM {known_rows(world, ACCOUNTS, [as_of])} WHERE {IS_SMB})"
    if not world.has(PARTNER_ACCOUNTS):
        query = (
            "SELECT $id AS global_id, $name AS partner_name, $id AS partner_id, account_id FROM " + customers
        )
        parameters = {"id": alone.partner_id, "name": alone.partner_name}
        return engine.sql(query + " ORDER BY ALL", params=parameters).to_arrow_table()
    query = f"""
        SELECT coalesce(r.global_id, t.partner_id) AS global_id,
               coalesce(r.partner_name, t.partner_id) AS partner_name, t.partner_id, t.account_id
        FROM {transacting(world, as_of)} t
        SEMI JOIN {customers} c USING (account_id)
        LEFT JOIN {roots(world)} r USING (partner_id)
        ORDER BY ALL"""
    return engine.sql(query).to_arrow_table()


def customers(engine: duckdb.DuckDBPyConnection, world: World, as_of: date, alone: Partner) -> pa.Table:
    """Return the customers that reports list, with what was last known of them.

    One row is a root partner and an SMB customer that it transacts with at the as-of date: global_id,
    partner_name and every column of `accounts`; sorted by global_id, account_id.
    """
    engine.register("relation", locations(engine, world, as_of, alone))
    table = engine.sql(f"""
        SELECT l.global_id, l.partner_name, a.* EXCLUDE (as_of)
        FROM (SELECT DISTINCT global_id, partner_name, account_id FROM relation) l
        JOIN {known_rows(world, ACCOUNTS, [as_of])} a USING (account_id)
        ORDER BY l.global_id, a.account_id""").to_arrow_table()
    engine.unregister("relation")
    return table
