"""What the customer holds of licences, whom they are assigned to, and whether they are used.

Rows about a subscription are those of subscriptions in force, trials left out. Exports of daily use often
begin late, and a customer without any row may be one nobody counted: use is unknown there, never zero.
"""

from features.feature import Derived, Feature, Side, Unit
from features.periods import LATEST, NOW, Window, between, last
from features.sources.license_tables import (
    LICENSE_ASSIGNMENTS,
    LICENSE_BALANCES,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
    SUPPORT_TICKETS,
    USAGE_DAILY,
)
from features.sources.schema import Table

FAMILY = "licences"
MONTH, MONTH_BEFORE = last(28), between(56, 28)
LICENCES = "count(DISTINCT product_id || ' ' || user_key)"
RUNS = "status = 'active'"


def _licences(
    name: str,
    meaning: str,
    table: Table,
    window: Window,
    expression: str,
    *,
    where: str = "TRUE",
    told: str,
) -> Feature:
    """Declare a count that is zero for a customer without rows."""
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=table,
        window=window,
        expression=expression,
        where=where,
        absent=0,
        family=FAMILY,
        side=Side.INTENT,
        told=told,
    )


def _days(name: str, meaning: str, expression: str, *, where: str, told: str, untold: str) -> Feature:
    return Feature(
        name=name,
        meaning=meaning,
        table=SUBSCRIPTIONS,
        window=LATEST,
        expression=expression,
        where=where,
        family=FAMILY,
        side=Side.INTENT,
        unit=Unit.DAYS,
        told=told,
        untold=untold,
    )


def _use(name: str, meaning: str, window: Window, expression: str, *, told: str) -> Feature:
    """Declare a count of use that is unknown for a customer without rows."""
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=USAGE_DAILY,
        window=window,
        expression=expression,
        where="activity_count > 0",
        family=FAMILY,
        side=Side.INTENT,
        told=told,
        untold="no use of licences seen",
    )


SUBSCRIBED = (
    _licences(
        "license_subscriptions",
        "Active subscriptions, trials left out.",
        SUBSCRIPTIONS,
        LATEST,
        "count(*)",
        where=f"{RUNS} AND NOT trial",
        told="licences in subscriptions that are active",
    ),
    _licences(
        "license_trials",
        "Trials in progress.",
        SUBSCRIPTIONS,
        LATEST,
        "count(CASE WHEN days_since(ends_on) <= 0 THEN 1 END)",
        where=f"{RUNS} AND trial",
        told="a trial of licences in progress",
    ),
    _days(
        "license_days_since_added",
        "Days since the newest subscription or trial was added.",
        "min(days_since(added_on))",
        where="TRUE",
        told="last added a subscription or trial {value} ago",
        untold="never had a subscription or trial",
    ),
    _days(
        "license_days_to_end",
        "Days until the next subscription or trial ends that does not renew by itself.",
        "min(CASE WHEN days_since(ends_on) <= 0 THEN -days_since(ends_on) END)",
        where=f"{RUNS} AND NOT auto_renew",
        told="a subscription or trial ends in {value}",
        untold="no subscription or trial is about to end",
    ),
    _days(
        "license_days_to_renewal",
        "Days until the next subscription renews by itself.",
        "min(CASE WHEN days_since(renews_on) <= 0 THEN -days_since(renews_on) END)",
        where=f"{RUNS} AND auto_renew",
        told="a subscription renews in {value}",
        untold="no subscription renews by itself",
    ),
)
ASSIGNED = (
    _licences(
        "licenses_bought",
        "Licences in subscriptions in force.",
        SUBSCRIPTION_QUANTITIES,
        NOW,
        "sum(total_units)",
        told="licences bought",
    ),
    _licences(
        "licenses_assigned",
        "Licences of subscriptions in force that are assigned.",
        LICENSE_ASSIGNMENTS,
        NOW,
        "count(*)",
        told="licences assigned",
    ),
    _licences(
        "licenses_assigned",
        "Licences of subscriptions in force that were assigned in 90 days.",
        LICENSE_ASSIGNMENTS,
        last(90),
        "count(*)",
        told="assigned licences in the last 90 days",
    ),
    _licences(
        "licenses_over_limit",
        "Licences assigned beyond those bought; none that is free elsewhere makes up for one.",
        LICENSE_BALANCES,
        LATEST,
        "sum(greatest(assigned_units - total_units, 0))",
        told="more licences assigned than bought",
    ),
)
USED = (
    _use(
        "licenses_used",
        "Licences, one a user and product, in use in 28 days.",
        MONTH,
        LICENCES,
        told="licences in use in 28 days",
    ),
    _use(
        "licenses_used",
        "Licences, one a user and product, in use in the 28 days before.",
        MONTH_BEFORE,
        LICENCES,
        told="licences in use in the 28 days before",
    ),
    _use(
        "license_use_days",
        "Days with any use of licences in 28.",
        MONTH,
        "count(DISTINCT used_on)",
        told="licences in use on {value} of 28 days",
    ),
    _use(
        "license_workloads",
        "Workloads in use in 28 days.",
        MONTH,
        "count(DISTINCT workload_code)",
        told="{value} workloads in use in 28 days",
    ),
)
ASKED = (
    _licences(
        "how_to_tickets",
        "Support tickets in 90 days that asked how something works.",
        SUPPORT_TICKETS,
        last(90),
        "count(*)",
        where="kind = 'how_to'",
        told="{value} questions to support on how things work in 90 days",
    ),
)
FEATURES = (*SUBSCRIBED, *ASSIGNED, *USED, *ASKED)


def _share(
    name: str, meaning: str, above: str, below: str, *, told: str, untold: str, unit: Unit = Unit.SHARE
) -> Derived:
    return Derived(
        name=name,
        meaning=meaning,
        expression=f"{above} / nullif({below}, 0)",
        inputs=(above, below),
        family=FAMILY,
        side=Side.INTENT,
        unit=unit,
        told=told,
        untold=untold,
    )


DERIVED = (
    _share(
        "licenses_assigned_share",
        "Assigned licences out of those bought; above 1 over the limit.",
        "licenses_assigned_now",
        "licenses_bought_now",
        told="{value} of the licences bought are assigned",
        untold="no licences bought",
    ),
    _share(
        "licenses_used_share",
        "Licences in use in 28 days out of those assigned; may exceed 1.",
        "licenses_used_28d",
        "licenses_assigned_now",
        told="licences in use in 28 days are {value} of those assigned",
        untold="no use of assigned licences seen",
    ),
    _share(
        "licenses_used_growth",
        "Licences in use in 28 days over those in the 28 days before.",
        "licenses_used_28d",
        "licenses_used_28_56d",
        told="{value} times as many licences in use as 28 days earlier",
        untold="no earlier use of licences to compare with",
        unit=Unit.NUMBER,
    ),
    _share(
        "licenses_assigned_lately_share",
        "Assignments of the last 90 days, over the licences assigned.",
        "licenses_assigned_90d",
        "licenses_assigned_now",
        told="{value} of the assigned licences were assigned in the last 90 days",
        untold="no licences assigned",
    ),
)
