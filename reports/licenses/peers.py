"""Low licence assignment, relative to the partner's other subscriptions (contract, WX-R4).

The vendor's page gives no threshold. Rates are the printed percentages, so that a reader who takes them from
the file finds the same quartile: in hundredths of a percent, quartiles by linear interpolation, all exact.
"""

import duckdb

from reports.licenses.rules import Rules, percent

BANDS = "CASE WHEN total <= 24 THEN '1-24' WHEN total <= 300 THEN '25-300' ELSE '301+' END"


def build_peers(engine: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make `portfolio_peers`: a subscription and family with units, its peers and whether it is low.

    Peers are the partner's other subscriptions of the family and size band; of the family alone where these
    are too few; where those are too few as well, `peer_scope` is `insufficient_peers` and nobody is low.
    """
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE peer_rates AS
        SELECT partner_id, family, subscription_id, {percent("assigned", "total")} AS rate, {BANDS} AS band
        FROM portfolio_sections WHERE total > 0 AND assigned IS NOT NULL""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_peers AS
        SELECT *, coalesce(4 * rate < p25_4 AND rate < {rules.low_assignment_percent * 100}, FALSE) AS is_low
        FROM (
            SELECT partner_id, family, subscription_id, rate,
                   CASE WHEN b.peers >= {rules.least_peers} THEN 'size_band'
                        WHEN f.peers >= {rules.least_peers} THEN 'family'
                        ELSE 'insufficient_peers' END AS peer_scope,
                   CASE peer_scope WHEN 'size_band' THEN b.peers ELSE f.peers END AS peers,
                   CASE peer_scope WHEN 'size_band' THEN b.median4
                                   WHEN 'family' THEN f.median4 END AS median4,
                   CASE peer_scope WHEN 'size_band' THEN b.p25_4 WHEN 'family' THEN f.p25_4 END AS p25_4
            FROM peer_rates
            JOIN ({_quartiles("partner_id, family, band")}) b USING (partner_id, family, subscription_id)
            JOIN ({_quartiles("partner_id, family")}) f USING (partner_id, family, subscription_id))""")
    engine.execute("""
        CREATE OR REPLACE TEMP VIEW portfolio_low AS
        SELECT * FROM portfolio_sections JOIN portfolio_peers USING (partner_id, family, subscription_id)
        WHERE is_low""")
    engine.execute("DROP TABLE peer_rates")


def _quartiles(group: str) -> str:
    """SQL: for each subscription, the 25th percentile and the median of the others in its group, times four.

    Without the row of rank r, the k-th of the others is the k-th of all below r and the next one from r on:
    three values a group serve all its rows, however many there are.
    """
    near = ", ".join(
        f"max(rate) FILTER (place = at_{name} + {step}) OVER w AS {name}_{step}"
        for name in ("p25", "median")
        for step in range(3)
    )
    return f"""
        SELECT partner_id, family, subscription_id, peers, {_interpolated("p25")} AS p25_4,
               {_interpolated("median")} AS median4
        FROM (
            SELECT *, {near}
            FROM (
                SELECT *,
                    row_number() OVER (PARTITION BY {group} ORDER BY rate, subscription_id) - 1 AS place,
                    count(*) OVER (PARTITION BY {group}) - 1 AS peers,
                    (peers - 1) // 4 AS at_p25, (peers - 1) % 4 AS beyond_p25,
                    2 * (peers - 1) // 4 AS at_median, 2 * (peers - 1) % 4 AS beyond_median
                FROM peer_rates)
            WINDOW w AS (PARTITION BY {group}))
        WHERE peers > 0
        UNION ALL
        SELECT partner_id, family, subscription_id, peers, NULL, NULL
        FROM (SELECT *, count(*) OVER (PARTITION BY {group}) - 1 AS peers FROM peer_rates)
        WHERE peers = 0"""


def _interpolated(name: str) -> str:
    low = f"CASE WHEN at_{name} < place THEN {name}_0 ELSE {name}_1 END"
    high = f"CASE WHEN at_{name} + 1 < place THEN {name}_1 ELSE {name}_2 END"
    return f"4 * {low} + CASE WHEN beyond_{name} > 0 THEN beyond_{name} * ({high} - {low}) ELSE 0 END"
