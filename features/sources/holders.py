"""Who was the only customer with a domain, and when: whose a signal is that names but the domain."""

from features.sources.columns import ACCOUNT_ID, date, text
from features.sources.schema import Table
from features.sources.tables import ACCOUNTS
from features.sources.world import World

DOMAIN_HOLDERS = Table(
    name="domain_holders",
    row="a stretch of time in which a customer was known as the only one with its domain",
    key=("domain", "sole_from"),
    columns=(
        ACCOUNT_ID,
        text("domain", "The domain.", optional=False),
        date("sole_from", "Day from which on nobody else was known to have it."),
        date("sole_until", "Day from which on that was no longer so; empty while it lasts.", optional=True),
    ),
    made_of=(ACCOUNTS,),
)
"""The one thing that features of a customer must know of others: kept by buckets, like their own rows."""


def sole_holders(accounts: str) -> str:
    """SQL: a parenthesised relation of `DOMAIN_HOLDERS`, from one of every version of every customer."""
    return f"""(
        WITH held AS (
            SELECT * FROM (
                SELECT account_id, domain, known_on,
                       lead(known_on) OVER (PARTITION BY account_id ORDER BY known_on) AS gone_on
                FROM {accounts})
            WHERE domain IS NOT NULL
        ), changed AS (
            SELECT domain, changed_on, sum(step) AS step
            FROM (SELECT domain, known_on AS changed_on, 1 AS step FROM held
                  UNION ALL SELECT domain, gone_on, -1 FROM held WHERE gone_on IS NOT NULL)
            GROUP BY domain, changed_on
        ), counted AS (
            SELECT domain, changed_on AS sole_from, lead(changed_on) OVER by_day AS sole_until,
                   sum(step) OVER by_day AS holders
            FROM changed WINDOW by_day AS (PARTITION BY domain ORDER BY changed_on)
        )
        SELECT h.account_id, c.domain, c.sole_from, c.sole_until
        FROM (SELECT * FROM counted WHERE holders = 1) c JOIN held h
          ON h.domain = c.domain AND h.known_on <= c.sole_from
         AND (h.gone_on IS NULL OR h.gone_on > c.sole_from)
    )"""


def holders(world: World) -> str:
    """SQL: the rows of `DOMAIN_HOLDERS` about the customers of a world or part."""
    return sole_holders(world.rows(ACCOUNTS)) if world.buckets == 1 else world.rows(DOMAIN_HOLDERS)
