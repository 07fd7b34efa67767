"""Every KPI of the licence contract: two of deployment and usage, 23 of subscriptions and queues."""

from features.sources.license_tables import (
    CUSTOMER_PROFILES,
    LICENSE_ASSIGNMENTS,
    LICENSE_PRODUCTS,
    LICENSE_SNAPSHOTS,
    QUEUE_CALLS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
    SUPPORT_TICKETS,
    USAGE_DAILY,
    USAGE_SNAPSHOTS,
)
from reports.licenses.kpi import Kpi, Need, Span, Unit

HELD: tuple[Need, ...] = ((CUSTOMER_PROFILES,), (LICENSE_PRODUCTS,), (SUBSCRIPTIONS,))
UNITS: tuple[Need, ...] = (*HELD, (SUBSCRIPTION_QUANTITIES, LICENSE_SNAPSHOTS))
ASSIGNED: tuple[Need, ...] = (*UNITS, (LICENSE_ASSIGNMENTS, LICENSE_SNAPSHOTS))
USED: tuple[Need, ...] = (*UNITS, (USAGE_DAILY, LICENSE_SNAPSHOTS))
USED_ASSIGNED: tuple[Need, ...] = (*ASSIGNED, (USAGE_DAILY, LICENSE_SNAPSHOTS))
ACTIVE: tuple[Need, ...] = (*UNITS, (USAGE_DAILY, USAGE_SNAPSHOTS))
QUEUES: tuple[Need, ...] = (*HELD, (QUEUE_CALLS,))


def _in(where: str) -> str:
    return f"(SELECT * FROM portfolio_sections WHERE {where})"


BOTH = ("meetings", "calling")
CUSTOMERS = "count(DISTINCT account_id)"
SCOPES = ("all_partners", "own")
LOW = "portfolio_low"
OVER = _in("is_over")


def _headline(
    id_: str, name: str, reads: str, *, span: Span = Span.INSTANT, needs: tuple[Need, ...] = UNITS
) -> Kpi:
    return Kpi(
        id=id_,
        name=name,
        section="headline",
        unit=Unit.CUSTOMERS,
        reads=reads,
        numerator=CUSTOMERS,
        span=span,
        needs=needs,
    )


def _section(
    id_: str,
    name: str,
    section: str,
    reads: str,
    *,
    span: Span = Span.INSTANT,
    needs: tuple[Need, ...] = UNITS,
) -> Kpi:
    return Kpi(
        id=id_,
        name=name,
        section=section,
        unit=Unit.CUSTOMERS,
        reads=reads,
        numerator=CUSTOMERS,
        families=BOTH,
        span=span,
        needs=needs,
    )


def _assignment(id_: str, section: str, reads: str) -> Kpi:
    return Kpi(
        id=id_,
        name="License assignment",
        section=section,
        unit=Unit.PERCENT,
        reads=reads,
        numerator="sum(assigned)",
        denominator="sum(total)",
        families=BOTH,
        needs=ASSIGNED,
    )


def _usage(id_: str, section: str, reads: str) -> Kpi:
    return Kpi(
        id=id_,
        name="License usage",
        section=section,
        unit=Unit.PERCENT,
        reads=reads,
        numerator="sum(used)",
        denominator="sum(total)",
        before=("sum(used_before)", "sum(total_before)"),
        families=BOTH,
        span=Span.WEEK,
        needs=USED,
    )


def _licenses(id_: str, name: str, section: str, reads: str, numerator: str, needs: tuple[Need, ...]) -> Kpi:
    return Kpi(
        id=id_,
        name=name,
        section=section,
        unit=Unit.LICENSES,
        reads=reads,
        numerator=numerator,
        families=BOTH,
        needs=needs,
    )


HEADLINE = (
    _headline(
        "WX-K1", "Total customers", "(SELECT * FROM portfolio_families WHERE managed_by = 'partner_org')"
    ),
    _headline(
        "WX-K1",
        "managedCustomers",
        "(SELECT * FROM portfolio_customers WHERE managed_by = 'partner_org')",
        needs=((CUSTOMER_PROFILES,),),
    ),
    _headline("WX-K2", "Nearing expiration", _in("is_expiring"), span=Span.NEXT),
    _headline("WX-K3", "Nearing renewal", _in("is_renewing"), span=Span.NEXT),
    _headline("WX-K4", "Low license assignment", LOW, needs=ASSIGNED),
    _headline("WX-K5", "Over license limit", OVER, needs=ASSIGNED),
)
SECTIONS = (
    _section("WX-K6", "New customers", "recently_added", _in("is_recent"), span=Span.PAST),
    _licenses("WX-K7", "Total licenses", "recently_added", _in("is_recent"), "sum(total)", UNITS),
    _section("WX-K8", "Expiring customers", "expiring", _in("is_expiring"), span=Span.NEXT),
    _assignment("WX-K9", "expiring", _in("is_expiring")),
    _usage("WX-K10", "expiring", _in("is_expiring")),
    _section("WX-K11", "Renewing customers", "renewing", _in("is_renewing"), span=Span.NEXT),
    _assignment("WX-K12", "renewing", _in("is_renewing")),
    _usage("WX-K13", "renewing", _in("is_renewing")),
    _section("WX-K14", "Low assignment customers", "low_assignment", LOW, needs=ASSIGNED),
    _assignment("WX-K15", "low_assignment", LOW),
    Kpi(
        id="WX-K16",
        name="License use when assigned",
        section="low_assignment",
        unit=Unit.PERCENT,
        reads=LOW,
        numerator="sum(used_assigned)",
        denominator="sum(assigned)",
        before=("sum(used_assigned_before)", "sum(assigned_before)"),
        families=BOTH,
        span=Span.WEEK,
        needs=USED_ASSIGNED,
    ),
    Kpi(
        id="WX-K16",
        name="licenseUsage",
        section="low_assignment",
        unit=Unit.PERCENT,
        reads=LOW,
        numerator="sum(used_assigned)",
        denominator="sum(total)",
        before=("sum(used_assigned_before)", "sum(total_before)"),
        families=BOTH,
        span=Span.WEEK,
        needs=USED_ASSIGNED,
        note="the literal formula: over all licences",
    ),
    _licenses("WX-K17", "Total unassigned licenses", "low_assignment", LOW, "sum(available)", ASSIGNED),
    _section("WX-K18", "Customers with overages", "over_limit", OVER, needs=ASSIGNED),
    Kpi(
        id="WX-K18",
        name="usedOverTotal",
        section="over_limit",
        unit=Unit.SUBSCRIPTIONS,
        reads="portfolio_sections",
        numerator="CASE WHEN count(used) > 0 THEN count(*) FILTER (used > total) END",
        families=BOTH,
        span=Span.WEEK,
        needs=USED,
        note="used in the week beyond the licences purchased",
    ),
    _licenses("WX-K19", "Total licenses in overages", "over_limit", OVER, "sum(overage)", ASSIGNED),
    Kpi(
        id="WX-K20",
        name="Avg. license overage",
        section="over_limit",
        unit=Unit.PER_CUSTOMER,
        reads=OVER,
        numerator="sum(overage)",
        denominator=CUSTOMERS,
        families=BOTH,
        needs=ASSIGNED,
    ),
)


def _queue(id_: str, name: str, numerator: str, denominator: str, unit: Unit) -> Kpi:
    def of(week: int, value: str) -> str:
        return f"coalesce({value.format(week=week)}, 0)"

    return Kpi(
        id=id_,
        name=name,
        section="call_queue",
        unit=unit,
        reads="calling_queue",
        families=("calling",),
        numerator=of(1, numerator),
        denominator=of(1, denominator),
        before=(of(2, numerator), of(2, denominator)),
        span=Span.WEEK,
        needs=QUEUES,
    )


REACHED, GIVEN_UP = "week = {week} AND NOT is_abandoned", "week = {week} AND is_abandoned"
CALL_QUEUE = (
    _queue(
        "WX-K21",
        "Avg time to answer",
        f"sum(wait_seconds) FILTER ({REACHED})",
        f"count(*) FILTER ({REACHED})",
        Unit.SECONDS,
    ),
    _queue(
        "WX-K22",
        "Avg wait time before abandoned",
        f"sum(wait_seconds) FILTER ({GIVEN_UP})",
        f"count(*) FILTER ({GIVEN_UP})",
        Unit.SECONDS,
    ),
    _queue(
        "WX-K23",
        "Avg abandoned call rate",
        f"count(*) FILTER ({GIVEN_UP})",
        "count(*) FILTER (week = {week})",
        Unit.PERCENT,
    ),
    Kpi(
        id="WX-K23",
        name="meanCustomerAbandonedRate",
        section="call_queue",
        unit=Unit.MEAN_PERCENT,
        reads="calling_queue_customers",
        families=("calling",),
        numerator="sum(abandoned_rate)",
        denominator="count(abandoned_rate)",
        span=Span.WEEK,
        needs=QUEUES,
        note="each customer counts once, however many calls it had",
    ),
)


def _microsoft(id_: str, name: str, scope: str, numerator: str, denominator: str) -> Kpi:
    deployment = id_ == "MS-K1"
    reads = "center_products" if deployment else "center_usage"
    return Kpi(
        id=id_,
        name=f"{name} ({scope})",
        section="microsoft",
        unit=Unit.PERCENT,
        reads=f"(SELECT * FROM {reads} WHERE scope = '{scope}')",
        numerator=numerator,
        denominator=denominator,
        span=Span.INSTANT if deployment else Span.ACTIVE,
        needs=ASSIGNED if deployment else ACTIVE,
    )


def _training(id_: str, name: str, where: str, needs: tuple[Need, ...], span: Span) -> Kpi:
    return Kpi(
        id=id_,
        name=name,
        section="training",
        unit=Unit.CUSTOMERS,
        needs=needs,
        span=span,
        reads=f"(SELECT * FROM training_offers WHERE {where})",
        numerator=CUSTOMERS,
    )


MICROSOFT = (
    *(_microsoft("MS-K1", "Deployment %", scope, "sum(deployed)", "sum(sold)") for scope in SCOPES),
    *(_microsoft("MS-K2", "Usage %", scope, "sum(active)", "sum(qualified)") for scope in SCOPES),
    _training("MS-R7", "Customers with low adoption", "is_low_adoption", ACTIVE, Span.ACTIVE),
    _training(
        "MS-R8",
        "Customers with many how-to questions",
        "has_many_questions",
        (*ASSIGNED, (SUPPORT_TICKETS,)),
        Span.TICKETS,
    ),
)
KPIS = (*MICROSOFT, *HEADLINE, *SECTIONS, *CALL_QUEUE)
"""In the order of the contract."""
