"""What portals keep about customers: profiles, administrators, tags and support tickets."""

import numpy as np
import pyarrow as pa

from features.sources.license_tables import (
    CUSTOMER_PROFILES,
    CUSTOMER_TAGS,
    PARTNER_ADMIN_CUSTOMERS,
    PARTNER_ADMINS,
    SUPPORT_TICKETS,
    TICKET_KINDS,
)
from features.sources.sample.channel import Channel
from features.sources.sample.leases import Leases
from features.sources.sample.market import Market, pick
from features.sources.sample.nastiness import DAY
from features.sources.sample.places import COUNTRIES
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Ints, Timeline
from features.sources.schema import Kind

MANAGED_BY = ("partner_org", "external_admin")
NO_SIGN_IN_SHARE, RARE_SIGN_IN_SHARE = 0.1, 0.15
TAGS = ("VIP", "Onboarding", "At risk", "Renewal talks", "Nonprofit, reduced", "=Key account")
ROLES = ("partner_full_admin", "partner_readonly_admin", "partner_admin")
GIVEN_NAMES = ("Ana", "Bo", "Chloé", "Dmitri", "Esi", "Farid", "Greta", "Hana", "Iván", "Jun")
FAMILY_NAMES = ("Adeyemi", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad")
TICKETS_A_YEAR, ASKING_SHARE = 1.2, 0.04
"""Tickets of a customer, and the share of those who ask all the time."""


def profile_rows(
    market: Market,
    timeline: Timeline,
    leases: Leases,
    *,
    names: pa.Array,
    home: Ints,
    queues: Ints,
    seed: int,
) -> pa.Table:
    """Return customer_profiles: the customers that have, or had, a subscription or trial."""
    rng = np.random.default_rng([seed, 35])
    customers, first = np.unique(leases.account, return_index=True)
    count = len(customers)
    day = np.minimum(leases.added[first], timeline.end - 1)
    ago = np.where(
        rng.random(count) < RARE_SIGN_IN_SHARE, rng.integers(60, 400, count), rng.integers(0, 40, count)
    )
    signed_in = timeline.end * DAY - (ago * DAY + rng.integers(1, DAY, count))
    known = (rng.random(count) >= NO_SIGN_IN_SHARE) & (signed_in > day * DAY)
    unknown_queues = rng.random(count) < 0.05
    return rows(
        CUSTOMER_PROFILES,
        {
            "account_id": numbered("C", customers),
            "customer_name": names.take(pa.array(customers)),
            "partner_id": numbered("P", home[customers]),
            "managed_by": named(MANAGED_BY, (rng.random(count) < 0.2).astype(np.int64)),
            "country": named([row.name for row in COUNTRIES], market.country[customers]),
            "created_at": day * DAY + rng.integers(0, DAY // 4, count),
            "last_admin_sign_in_at": only_where(signed_in, known, Kind.INSTANT),
            "call_queue_enabled": only_where(np.isin(customers, queues), ~unknown_queues, Kind.FLAG),
        },
    )


def admin_rows(channel: Channel, *, seed: int) -> pa.Table:
    """Return partner_admins: two of every root who see all customers, and one or two of every location."""
    rng = np.random.default_rng([seed, 36])
    partner, role = _admins(channel, seed=seed)
    given, family = (rng.integers(0, len(names), len(partner)) for names in (GIVEN_NAMES, FAMILY_NAMES))
    shown = [f"{GIVEN_NAMES[one]} {FAMILY_NAMES[two]}" for one, two in zip(given, family, strict=True)]
    return rows(
        PARTNER_ADMINS,
        {
            "person_id": numbered("H", np.arange(len(partner))),
            "display_name": pa.array(shown, pa.string()),
            "role": named(ROLES, role),
            "all_customers": role < 2,
            "partner_id": numbered("P", partner),
        },
    )


def admin_customer_rows(channel: Channel, customers: Ints, *, home: Ints, seed: int) -> pa.Table:
    """Return partner_admin_customers: whom the administrators of locations look after."""
    rng = np.random.default_rng([seed, 37])
    partner, role = _admins(channel, seed=seed)
    local = np.flatnonzero(role == 2)
    first = np.searchsorted(partner[local], home[customers])
    many = np.searchsorted(partner[local], home[customers], side="right") - first
    chosen = rng.random(len(customers)) < 0.6
    person = local[first + rng.integers(0, np.maximum(many, 1))]
    return rows(
        PARTNER_ADMIN_CUSTOMERS,
        {
            "person_id": numbered("H", person[chosen]),
            "account_id": numbered("C", customers[chosen]),
        },
    )


def tag_rows(leases: Leases, timeline: Timeline, *, settled: Flags, seed: int) -> pa.Table:
    """Return customer_tags: labels on settled customers, and on some old subscriptions."""
    rng = np.random.default_rng([seed, 38])
    customers = np.unique(leases.account[settled[leases.account]])
    tagged = rng.random((len(customers), len(TAGS))) < 0.03
    at, tag = np.nonzero(tagged)
    of_lease = np.flatnonzero((rng.random(len(leases)) < 0.02) & (leases.added < timeline.start))
    account = np.concatenate([customers[at], leases.account[of_lease]])
    lease = np.concatenate([np.full(len(at), -1), of_lease])
    tag = np.concatenate([tag, rng.integers(0, len(TAGS), len(of_lease))])
    made = (timeline.end - rng.integers(1, 300, len(tag))) * DAY + rng.integers(0, DAY, len(tag))
    return rows(
        CUSTOMER_TAGS,
        {
            "account_id": numbered("C", account),
            "subscription_id": numbered("L", lease),
            "tag": named(TAGS, tag),
            "created_by": named(("H0000000", None), rng.integers(0, 2, len(tag))),
            "created_at": only_where(made, rng.random(len(tag)) < 0.9, Kind.INSTANT),
        },
    )


def ticket_rows(leases: Leases, timeline: Timeline, *, seed: int) -> pa.Table:
    """Return support_tickets; a few customers ask how things work all the time."""
    rng = np.random.default_rng([seed, 39])
    customers, first = np.unique(leases.account, return_index=True)
    asks = rng.random(len(customers)) < ASKING_SHARE
    begins = np.clip(leases.added[first], timeline.start, timeline.end - 1)
    many = rng.poisson(TICKETS_A_YEAR * (timeline.end - begins) / 365 * np.where(asks, 20, 1))
    account, asking = np.repeat(customers, many), np.repeat(asks, many)
    since = np.repeat(begins, many)
    count = len(account)
    kind = np.where(asking & (rng.random(count) < 0.8), 0, pick(rng, [0.3, 0.4, 0.2, 0.1], count))
    opened = rng.integers(since, timeline.end) * DAY + rng.integers(0, DAY, count)
    return rows(
        SUPPORT_TICKETS,
        {
            "ticket_id": numbered("R", np.arange(count)),
            "account_id": numbered("C", account),
            "opened_at": opened,
            "kind": named(TICKET_KINDS, kind),
            "known_at": opened + rng.integers(0, DAY, count),
        },
    )


def _admins(channel: Channel, *, seed: int) -> tuple[Ints, Ints]:
    """Draw the administrators: partner location and role, those of locations last, by location."""
    rng = np.random.default_rng([seed, 40])
    roots = np.flatnonzero(channel.parent < 0)
    local = np.repeat(np.arange(len(channel.parent)), rng.integers(1, 3, len(channel.parent)))
    partner = np.concatenate([roots, roots, local])
    role = np.repeat(np.arange(3), (len(roots), len(roots), len(local)))
    return partner, role
