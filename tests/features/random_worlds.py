"""Random worlds: rows for every table, around one as-of date, with few enough values that they meet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from hypothesis import Phase, settings
from hypothesis import strategies as st

from features.products import AZURE, D365BC, Catalogue
from features.sources.schema import Kind
from features.sources.tables import SIGNAL_KINDS, table
from tests.worlds import Row

AS_OF = date(2024, 3, 25)
MIDNIGHT = datetime.combine(AS_OF, time())
# A failing example is told as found: shrinking takes minutes where a build takes a quarter of a second.
FEW = settings(max_examples=10, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
TWO = Catalogue(products=(AZURE, D365BC))
# Days before the as-of date at which a window begins or ends, with their neighbours; 0 is the date itself.
EDGES = tuple(
    back + step
    for back in (0, 14, 28, 30, 56, 60, 62, 90, 93, 124, 180, 365, 395, 730, 1096)
    for step in (-1, 0, 1)
)
Written = Mapping[str, Sequence[Row]]
Values = st.SearchStrategy[object]


def days_back(*back: int) -> st.SearchStrategy[date]:
    """Draw a day that lies so many days before the as-of date (after it where negative)."""
    return st.sampled_from(back).map(lambda days: AS_OF - timedelta(days))


DAY = days_back(*EDGES) | st.integers(-60, 1200).map(lambda days: AS_OF - timedelta(days))
ACCOUNT = st.sampled_from(("a", "b", "c", "d"))
PRODUCT = st.sampled_from(("Azure", "D365BC", "M365"))
CENTS = st.integers(0, 10**9)
SOME = st.none()
HAPPENED = st.builds(datetime.combine, DAY, st.sampled_from((time(), time(12), time(23, 59, 59, 999999))))
KNOWN_ON = days_back(0, 1, 1, 2, 7, 8, 30, 400) | DAY
SUBSCRIPTION = st.sampled_from(("s1", "s2", "s3", "s4"))
LICENSED = st.sampled_from(("m1", "m2"))
USER = st.sampled_from(("u1", "u2", "u3"))
AHEAD = st.integers(0, 900).map(lambda days: AS_OF + timedelta(days))
VALUES: Mapping[str, Mapping[str, Values]] = {
    "accounts": {
        "account_id": ACCOUNT,
        "domain": SOME | st.sampled_from(("a.example", "b.example")),
        "duns_number": SOME | st.just("1"),
        "employees": SOME | st.integers(1, 600),
        "industry": SOME | st.sampled_from(("Retail", "Health")),
        "country": SOME | st.sampled_from(("Norway", "Peru")),
        "segment": SOME | st.sampled_from(("SMB", "Corporate")),
    },
    "partner_accounts": {
        "account_id": ACCOUNT,
        "partner_id": st.sampled_from(("p1", "p2")),
        "since_on": DAY,
        "until_on": SOME | DAY,
    },
    "transactions": {
        "account_id": ACCOUNT,
        "product": PRODUCT,
        "sku": st.sampled_from(("M365-BB", "M365-E3", "DYN-NAV", "S")),
        "kind": st.sampled_from(("new", "add", "renew", "return")),
        "transacted_on": DAY,
        "quantity": st.integers(-50, 500),
        "amount_cents": CENTS,
    },
    "azure_consumption": {
        "account_id": ACCOUNT,
        "workload": st.sampled_from(("Storage", "Backup", "Foreign")),
        "month_on": DAY,
        "amount_cents": CENTS,
    },
    "agreements": {
        "account_id": ACCOUNT,
        "agreement_id": st.sampled_from(("g1", "g2", "g3")),
        "license_program": st.sampled_from(("EA", "Open Value", "CSP")),
        "revenue_division": st.sampled_from(("Azure", "Dynamics AX", "Surface")),
        "started_on": DAY,
        "ends_on": DAY | AHEAD,
        "expiring_revenue_cents": CENTS,
        "outcome": SOME | st.sampled_from(("renewed", "lost")),
    },
    "opportunities": {
        "account_id": ACCOUNT,
        "opportunity_id": st.sampled_from(("o1", "o2", "o3", "o4")),
        "product": PRODUCT,
        "created_on": DAY,
        "status": st.sampled_from(("open", "won", "lost")),
        "closed_on": SOME | DAY,
        "amount_cents": CENTS,
    },
    "technologies": {
        "account_id": SOME | ACCOUNT,
        "domain": SOME | st.sampled_from(("a.example", "b.example", "nobody.example")),
        "technology": st.sampled_from(("Microsoft Azure", "Amazon Web Services", "Sage", "Slack")),
        "vendor": st.sampled_from(("Amazon", "Google", "V")),
        "category": st.sampled_from(("cloud", "erp")),
        "seen_on": DAY,
        "gone_on": SOME | DAY,
    },
    "signals": {
        "account_id": SOME | ACCOUNT,
        "domain": SOME | st.sampled_from(("a.example", "b.example", "nobody.example")),
        "kind": st.sampled_from(SIGNAL_KINDS),
        "topic": st.sampled_from(("azure", "aws", "erp", "erp rivals", "crm")),
        "strength": st.integers(0, 100).map(lambda hundredths: hundredths / 100),
        "happened_at": HAPPENED,
    },
    "subscriptions": {
        "account_id": ACCOUNT,
        "subscription_id": SUBSCRIPTION,
        "trial": st.booleans(),
        "status": st.sampled_from(("active", "active", "active", "expired")),
        "added_on": DAY,
        "started_on": DAY,
        "ends_on": SOME | DAY | AHEAD,
        "auto_renew": st.booleans(),
        "renews_on": SOME | DAY | AHEAD,
    },
    "subscription_quantities": {
        "subscription_id": SUBSCRIPTION,
        "product_id": LICENSED,
        "total_units": st.integers(0, 500),
        "valid_to": SOME | HAPPENED,
    },
    "license_assignments": {
        "subscription_id": SUBSCRIPTION,
        "product_id": LICENSED,
        "user_key": SOME | USER,
        "unassigned_at": SOME | HAPPENED,
    },
    "usage_daily": {
        "account_id": ACCOUNT,
        "subscription_id": SOME | SUBSCRIPTION,
        "product_id": LICENSED,
        "workload_code": st.sampled_from(("Exchange", "Teams")),
        "user_key": USER,
        "activity_count": st.integers(0, 3),
    },
    "support_tickets": {
        "account_id": ACCOUNT,
        "opened_at": HAPPENED,
        "kind": st.sampled_from(("how_to", "billing")),
    },
}
PARTNERS = ({"partner_id": "p1"}, {"partner_id": "p2"})


ANYTHING: Mapping[str, Values] = {
    "amount_cents": st.integers(-(10**12), 10**12),
    "quantity": st.integers(-(10**9), 10**9),
    "product": PRODUCT | st.text(max_size=3),
    "topic": st.just("azure") | st.text(max_size=3),
    "technology": st.just("Sage") | st.text(max_size=3),
    "industry": SOME | st.text(max_size=3),
    "segment": SOME | st.text(max_size=3),
    "strength": st.floats(-1e6, 1e6),
}
"""Values that no validated row would have."""


def rows_of(
    name: str,
    *,
    known: st.SearchStrategy[date] = KNOWN_ON,
    values: Mapping[str, Values] = MappingProxyType({}),
    at_least: int = 0,
    at_most: int = 10,
) -> st.SearchStrategy[list[Row]]:
    """Draw rows of a table, by distinct keys; `values` replaces how some columns are drawn."""
    declared = table(name)
    column = str(declared.known or declared.happened)
    instant = st.builds(datetime.combine, known, st.sampled_from((time(), time(8, 30))))
    is_instant = declared.column(column).kind is Kind.INSTANT
    drawn = {**VALUES[name], column: instant if is_instant else known}
    drawn |= {other: values[other] for other in drawn if other in values}
    # Ids that are not drawn are numbered later, so such rows have distinct keys anyway.
    keyed = set(declared.key) <= set(drawn)
    by_key = (lambda row: tuple(row[part] for part in declared.key)) if keyed else None
    return st.lists(st.fixed_dictionaries(drawn), min_size=at_least, max_size=at_most, unique_by=by_key)


def worlds() -> st.SearchStrategy[Written]:
    """Draw rows for every table; at least one version of a customer."""
    return st.fixed_dictionaries(
        {
            "partners": st.just(PARTNERS),
            **{name: rows_of(name, at_least=int(name == "accounts"), at_most=20) for name in VALUES},
        }
    )


def not_yet_known() -> st.SearchStrategy[Written]:
    """Draw rows with any values for every table, known at the as-of instant or after."""
    ahead = st.just(AS_OF) | st.integers(0, 500).map(lambda days: AS_OF + timedelta(days))
    return st.fixed_dictionaries(
        {name: rows_of(name, known=ahead, values=ANYTHING, at_most=6) for name in VALUES}
    )


def together(first: Written, second: Written) -> Written:
    """Return the rows of both."""
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in {**first, **second}}
