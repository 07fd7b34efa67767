"""The tables about leases: versions of subscriptions, units of their products, orders and invoices."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.sources.license_tables import (
    INVOICES,
    ORDERS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTION_STATUSES,
    SUBSCRIPTIONS,
)
from features.sources.sample.channel import Channel
from features.sources.sample.leases import ACTIVE, CANCELLED, FAR, LAPSED, SUSPENDED, YEAR, Leases
from features.sources.sample.licence_products import BUNDLES, IDS
from features.sources.sample.nastiness import DAY
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Ints, Timeline
from features.sources.schema import Kind

PRODUCTS = np.array([[IDS.index(row.products[0]), IDS.index(row.products[-1])] for row in BUNDLES])
CHANNELS = ("reseller", "direct", "distributor")
LATE_DAYS = 20
"""The end of a subscription is known so many days late at most."""
HOUR = DAY // 24
DUE_DAYS = 30
UNPAID_SHARE = 0.006
TWO_OPEN_SHARE = 0.01
"""Of the changes of units, those after which the earlier row stays open."""
ORDER_ACTIONS = ("new", "add", "reduce", "renew", "cancel")


@dataclass(frozen=True, slots=True)
class Holdings:
    """Products in leases, one value each: the position of the lease, and of the product in `LICENSED`."""

    lease: Ints
    product: Ints

    def __len__(self) -> int:
        """Return the number of holdings."""
        return len(self.lease)


def holdings_of(leases: Leases) -> Holdings:
    """Return the products of every lease, lease by lease."""
    products = PRODUCTS[leases.bundle]
    there = np.stack([np.ones(len(leases), dtype=bool), products[:, 0] != products[:, 1]], axis=1)
    lease, at = np.nonzero(there)
    return Holdings(lease, products[lease, at])


def subscription_rows(leases: Leases, timeline: Timeline, channel: Channel, *, seed: int) -> pa.Table:
    """Return subscriptions: a version for every term, and one for the end of what has ended."""
    rng = np.random.default_rng([seed, 22])
    seller = channel.seller(rng, leases.account, np.maximum(leases.added, timeline.start))
    indirect = np.where(rng.random(len(leases)) < 0.15, 2, 0)
    lease, of = _terms(leases, timeline)
    begun = leases.added[lease] + of * leases.term()[lease]
    ended = np.flatnonzero(leases.stopped < FAR)
    last_end = _ends(leases, timeline)[ended]
    late = rng.integers(0, LATE_DAYS, len(ended)) * (rng.random(len(ended)) < 0.1)
    known = np.concatenate([begun, leases.stopped[ended] + late])
    ends = np.concatenate([begun + leases.term()[lease] - 1, last_end])
    which = np.concatenate([lease, ended])
    status = np.concatenate([np.full(len(lease), ACTIVE), leases.status[ended]])
    renews: Flags = leases.auto_renew[which] & (status == ACTIVE)
    return rows(
        SUBSCRIPTIONS,
        {
            "subscription_id": numbered("L", which),
            "account_id": numbered("C", leases.account[which]),
            "partner_id": numbered("P", seller[which]),
            "channel": named(CHANNELS, np.where(seller < 0, 1, indirect)[which]),
            "trial": leases.trial[which],
            "status": named(SUBSCRIPTION_STATUSES, status),
            "added_on": leases.added[which],
            "started_on": leases.added[which] + (leases.account[which] % 4 == 0),
            "ends_on": ends,
            "auto_renew": leases.auto_renew[which],
            "renews_on": only_where(ends + 1, renews, Kind.DATE),
            "setup_complete": leases.is_set_up[which],
            "known_on": known,
        },
    )


def quantity_rows(leases: Leases, holdings: Holdings, timeline: Timeline, *, seed: int) -> pa.Table:
    """Return subscription_quantities: the first units, and those since a change; a few are open twice."""
    rng = np.random.default_rng([seed, 23])
    count = len(holdings)
    hour = rng.integers(6, 20, count) * HOUR
    since = leases.added[holdings.lease] * DAY + hour
    changed_on = leases.changed[holdings.lease]
    changed: Flags = changed_on < timeline.end
    closes = (leases.stopped[holdings.lease] < FAR) & (rng.random(count) < 0.7)
    closes &= ~np.isin(leases.status[holdings.lease], (*LAPSED, SUSPENDED))
    over = leases.stopped[holdings.lease] * DAY + hour
    forgotten = changed & (rng.random(count) < TWO_OPEN_SHARE)
    first_until = np.where(changed, changed_on * DAY + hour, over)
    later = np.flatnonzero(changed)
    which = np.concatenate([np.arange(count), later])
    is_later: Flags = np.arange(len(which)) >= count
    ends: Flags = np.where(is_later, closes[which], (changed & ~forgotten | closes & ~changed)[which])
    units = np.where(is_later, leases.units_after[holdings.lease[which]], leases.units[holdings.lease[which]])
    return rows(
        SUBSCRIPTION_QUANTITIES,
        {
            "subscription_id": numbered("L", holdings.lease[which]),
            "product_id": named(IDS, holdings.product[which]),
            "total_units": units,
            "valid_from": np.where(is_later, first_until[which], since[which]),
            "valid_to": only_where(np.where(is_later, over[which], first_until[which]), ends, Kind.INSTANT),
        },
    )


def order_rows(leases: Leases, holdings: Holdings, timeline: Timeline) -> pa.Table:
    """Return orders: what was bought, added, given back, renewed and cancelled, a line a product."""
    lease, of = _terms(leases, timeline)
    later = of > 0
    changed = np.flatnonzero(leases.changed < timeline.end)
    change = leases.units_after - leases.units
    ended = np.flatnonzero((leases.status == CANCELLED) & (leases.stopped < timeline.end))
    every = np.arange(len(leases))
    renewed_on = leases.added[lease[later]] + of[later] * leases.term()[lease[later]]
    parts = (
        (every, leases.added, np.full(len(leases), 0), leases.units),
        (changed, leases.changed[changed], np.where(change > 0, 1, 2)[changed], np.abs(change)[changed]),
        (lease[later], renewed_on, np.full(int(later.sum()), 3), leases.units[lease[later]]),
        (ended, leases.stopped[ended], np.full(len(ended), 4), leases.units_after[ended]),
    )
    which, day, action, units = (np.concatenate(values) for values in zip(*parts, strict=True))
    order, line = _lines(which, holdings)
    return rows(
        ORDERS,
        {
            "order_id": numbered("O", order),
            "subscription_id": numbered("L", holdings.lease[line]),
            "product_id": named(IDS, holdings.product[line]),
            "ordered_on": day[order],
            "action": named(ORDER_ACTIONS, action[order]),
            "quantity": units[order],
        },
    )


def invoice_rows(leases: Leases, timeline: Timeline, *, seed: int) -> pa.Table:
    """Return invoices: one a term; a few are owed, and the last one of what is suspended."""
    rng = np.random.default_rng([seed, 24])
    lease, of = _terms(leases, timeline)
    billed = ~leases.trial[lease]
    lease, of = lease[billed], of[billed]
    invoiced = leases.added[lease] + of * YEAR + 1
    in_time = invoiced < timeline.end
    lease, invoiced = lease[in_time], invoiced[in_time]
    due = invoiced + DUE_DAYS
    paid_on = due - rng.integers(-3, DUE_DAYS, len(lease))
    owes = (rng.random(len(lease)) < UNPAID_SHARE) & (invoiced > timeline.end - YEAR)
    owes |= (leases.status[lease] == SUSPENDED) & (invoiced + YEAR >= timeline.end)
    paid = ~owes & (paid_on < timeline.end)
    price = np.array([row.cents for row in BUNDLES])[leases.bundle[lease]]
    return rows(
        INVOICES,
        {
            "invoice_id": numbered("I", np.arange(len(lease))),
            "subscription_id": numbered("L", lease),
            "invoiced_on": invoiced,
            "due_on": due,
            "amount_cents": price * leases.units[lease],
            "currency": named(("USD",), np.zeros(len(lease), dtype=np.int64)),
            "paid": paid,
            "paid_on": only_where(paid_on, paid, Kind.DATE),
        },
    )


def _terms(leases: Leases, timeline: Timeline) -> tuple[Ints, Ints]:
    """Return the terms that had begun before the world ended: the lease, and how many terms came before."""
    until = np.minimum(leases.stopped, timeline.end)
    begun = np.maximum(1, -(-(until - leases.added) // leases.term()))
    lease = np.repeat(np.arange(len(leases)), begun)
    return lease, np.arange(len(lease)) - np.repeat(begun.cumsum() - begun, begun)


def _ends(leases: Leases, timeline: Timeline) -> Ints:
    """Return the last day of the last term that had begun."""
    lease, of = _terms(leases, timeline)
    last = np.zeros(len(leases), dtype=np.int64)
    np.maximum.at(last, lease, of)
    return leases.added + (last + 1) * leases.term() - 1


def _lines(which: Ints, holdings: Holdings) -> tuple[Ints, Ints]:
    """Return an order's lines, one a product of its lease: positions of the order and of the holding."""
    first = np.searchsorted(holdings.lease, which)
    many = np.searchsorted(holdings.lease, which, side="right") - first
    order = np.repeat(np.arange(len(which)), many)
    return order, first[order] + np.arange(len(order)) - np.repeat(many.cumsum() - many, many)
