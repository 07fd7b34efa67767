"""The licence side of the sample world: every licence table but the vendors' aggregates."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from features.sources.license_tables import (
    CALL_FEATURES,
    CALLS,
    CUSTOMER_PROFILES,
    CUSTOMER_TAGS,
    INVOICES,
    LICENSE_ASSIGNMENTS,
    LICENSE_PRODUCTS,
    ORDERS,
    PARTNER_ADMIN_CUSTOMERS,
    PARTNER_ADMINS,
    QUEUE_CALLS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
    SUPPORT_TICKETS,
    USAGE_DAILY,
)
from features.sources.license_tables import WORKLOADS as WORKLOADS_TABLE
from features.sources.sample.behaviour import Behaviour
from features.sources.sample.calling import call_rows, feature_rows, make_calls, queue_customers, queue_rows
from features.sources.sample.channel import Channel
from features.sources.sample.lease_rows import (
    holdings_of,
    invoice_rows,
    order_rows,
    quantity_rows,
    subscription_rows,
)
from features.sources.sample.leases import make_leases
from features.sources.sample.licence_products import IDS, LICENSED, ROLLUPS, WORKLOAD_NAMES, WORKLOADS
from features.sources.sample.licence_use import usage_rows
from features.sources.sample.market import Market
from features.sources.sample.portal import (
    admin_customer_rows,
    admin_rows,
    profile_rows,
    tag_rows,
    ticket_rows,
)
from features.sources.sample.rows import rows
from features.sources.sample.seats import assignment_rows, make_seats
from features.sources.sample.timeline import Ints, Timeline
from features.sources.schema import Table


def licence_tables(
    market: Market,
    timeline: Timeline,
    behaviour: Behaviour,
    channel: Channel,
    *,
    names: pa.Array,
    seed: int,
) -> Iterator[tuple[Table, Iterable[pa.Table]]]:
    """Yield each licence table with its rows; `names` are those of the customers."""
    home = home_partners(channel, timeline)
    leases = make_leases(market, timeline, behaviour, home=home, seed=seed)
    holdings = holdings_of(leases)
    seats = make_seats(leases, holdings, timeline, seed=seed)
    mood = behaviour.moods
    calls = make_calls(seats, leases, holdings, timeline, mood, seed=seed)
    queues = queue_customers(calls, seed=seed)
    # Rows without a date count as always known: in an earlier month they may not name a later customer.
    settled = market.joined == 0
    customers = np.unique(leases.account[settled[leases.account]])
    yield (
        CUSTOMER_PROFILES,
        [profile_rows(market, timeline, leases, names=names, home=home, queues=queues, seed=seed)],
    )
    yield LICENSE_PRODUCTS, [_products()]
    yield SUBSCRIPTIONS, [subscription_rows(leases, timeline, channel, seed=seed)]
    yield SUBSCRIPTION_QUANTITIES, [quantity_rows(leases, holdings, timeline, seed=seed)]
    yield LICENSE_ASSIGNMENTS, [assignment_rows(seats, leases, holdings, timeline, seed=seed)]
    yield WORKLOADS_TABLE, [_workloads()]
    yield USAGE_DAILY, usage_rows(seats, leases, holdings, timeline, mood, seed=seed)
    yield ORDERS, [order_rows(leases, holdings, timeline)]
    yield INVOICES, [invoice_rows(leases, timeline, seed=seed)]
    yield PARTNER_ADMINS, [admin_rows(channel, seed=seed)]
    yield PARTNER_ADMIN_CUSTOMERS, [admin_customer_rows(channel, customers, home=home, seed=seed)]
    yield CUSTOMER_TAGS, [tag_rows(leases, timeline, settled=settled, seed=seed)]
    yield CALLS, [call_rows(calls, seed=seed)]
    yield CALL_FEATURES, [feature_rows(calls, settled=settled, seed=seed)]
    yield QUEUE_CALLS, [queue_rows(queues, timeline, seed=seed)]
    yield SUPPORT_TICKETS, [ticket_rows(leases, timeline, seed=seed)]


def home_partners(channel: Channel, timeline: Timeline) -> Ints:
    """Return the partner that manages each customer as the world ends, else its first one; -1 for none."""
    holds = (channel.partner >= 0) & (channel.since < timeline.end) & (channel.until >= timeline.end)
    slot = np.where(holds.any(axis=1), holds.argmax(axis=1), 0)
    chosen: Ints = channel.partner[np.arange(len(slot)), slot]
    return chosen


def _products() -> pa.Table:
    return rows(
        LICENSE_PRODUCTS,
        {
            "product_id": pa.array(IDS),
            "product_name": pa.array([product.name for product in LICENSED]),
            "vendor": pa.array([product.vendor for product in LICENSED]),
            "service_code": pa.array([product.service for product in LICENSED]),
            "product_family": pa.array([product.family for product in LICENSED]),
        },
    )


def _workloads() -> pa.Table:
    return rows(
        WORKLOADS_TABLE,
        {
            "workload_code": pa.array(WORKLOADS),
            "workload_name": pa.array([WORKLOAD_NAMES.get(code, code) for code in WORKLOADS]),
            "rollup_workload_code": pa.array([ROLLUPS.get(code) for code in WORKLOADS], pa.string()),
        },
    )
