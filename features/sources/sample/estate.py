"""What stands at the customers: technologies that were seen, and what Azure they consume."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from features.products import AZURE, PRODUCTS
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import HOT, LONG_AGO, WARM, Behaviour
from features.sources.sample.market import Market
from features.sources.sample.nastiness import known_days
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import EPOCH, NEVER, Flags, Ints, Timeline, day_number
from features.sources.schema import Kind
from features.sources.tables import AZURE_CONSUMPTION, TECHNOLOGIES

NAMES = tuple(product.technologies[0] for product in PRODUCTS) + tuple(
    name for product in PRODUCTS for name in product.rival_technologies
)
VENDORS = tuple("Microsoft" if at < len(PRODUCTS) else name.split()[0] for at, name in enumerate(NAMES))
CATEGORIES = PREFIXES + tuple(product.prefix for product in PRODUCTS for _ in product.rival_technologies)
FIRST_RIVAL = np.array([NAMES.index(product.rival_technologies[0]) for product in PRODUCTS])
SEEN_SHARE = 0.96
"""Of the technologies at a customer, those that anybody notices."""
OLDEST_DAYS = 1500
GROWTH = {WARM: 1.15, HOT: 1.40}
"""What interest in more Azure does to its consumption in the month."""
WORKLOAD_SHARES = np.array([0.70, 0.55, 0.35, 0.28, 0.12, 0.30, 0.12, 0.08])
WORKLOAD_CENTS = np.array([30_000, 6_000, 18_000, 9_000, 25_000, 5_000, 20_000, 8_000])
STYLES = (
    np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    np.array([0.4, 1.0, 1.3, 2.2, 3.0, 0.4, 0.2, 2.5]),
    np.array([1.3, 1.0, 0.7, 0.4, 0.2, 2.0, 2.5, 0.4]),
)
"""Customers of any kind, builders of software, and those that move their servers as they are."""
WORKLOAD_MONTHS = 40
"""A workload that a customer will use begins within these months after Azure does, half of them at once."""


def technology_rows(market: Market, timeline: Timeline, behaviour: Behaviour, *, seed: int) -> pa.Table:
    """Return technologies: own ones some time after the purchase, rivals; another row when one is gone."""
    rng = np.random.default_rng([seed, 13])
    owners, of = np.nonzero(behaviour.owned_from < NEVER)
    bought = behaviour.first_bought(timeline, owners, of)
    old = timeline.start - rng.integers(1, OLDEST_DAYS, len(owners))
    own_seen = np.where(bought == LONG_AGO, old, bought + rng.integers(20, 90, len(owners)))
    users, rival_of = np.nonzero(market.rival_from < timeline.steps)
    begun = timeline.edges[np.clip(market.rival_from[users, rival_of], 0, timeline.steps)]
    old = timeline.start - rng.integers(1, OLDEST_DAYS, len(users))
    rival_seen = np.where(
        market.rival_from[users, rival_of] < 0, old, begun + rng.integers(0, 28, len(users))
    )
    until = np.minimum(market.rival_until[users, rival_of], timeline.steps + 1)
    gone = np.concatenate(
        [np.full(len(owners), -1), np.where(until < timeline.steps, timeline.edges[until], -1)]
    )
    account = np.concatenate([owners, users])
    what = np.concatenate([of, FIRST_RIVAL[rival_of] + market.rival[users, rival_of]])
    seen = np.concatenate([own_seen, rival_seen])
    noticed = np.flatnonzero((rng.random(len(account)) < SEEN_SHARE) & (seen < timeline.end))
    gone = np.where(gone > seen, gone + rng.integers(0, 28, len(account)), -1)
    # Customers of the first step were known long before the world begins, and so were their technologies.
    since = np.where(market.joined > 0, timeline.edges[market.joined], 0)
    return _technologies(
        rng,
        account=account[noticed],
        what=what[noticed],
        seen=seen[noticed],
        gone=gone[noticed],
        since=since[account[noticed]],
    )


def consumption_rows(
    market: Market, timeline: Timeline, behaviour: Behaviour, *, seed: int
) -> Iterator[pa.Table]:
    """Yield azure_consumption month by month."""
    rng = np.random.default_rng([seed, 14])
    azure = PREFIXES.index(AZURE.prefix)
    owned = np.where(behaviour.owned_from[:, azure] == LONG_AGO, -1, behaviour.owned_from[:, azure])
    begins, scale = _workloads(rng, market)
    trend = np.exp(rng.normal(0.008, 0.01, market.size))
    for step in range(timeline.steps):
        month = (EPOCH + timedelta(days=int(timeline.edges[step + 1]))).replace(day=1)
        there = (owned < step) & (owned < NEVER) & (market.joined <= step) & (step < market.dark_from)
        account, workload = np.nonzero(there[:, None] & (begins <= (step - owned)[:, None]))
        interest = behaviour.interest[step, account, azure]
        grown = np.choose(interest, [1.0, GROWTH[WARM], GROWTH[HOT]])
        noise = np.exp(rng.normal(0, 0.12, len(account)))
        cents = WORKLOAD_CENTS[workload] * scale[account] * trend[account] ** step * grown * noise
        following = day_number((month + timedelta(days=32)).replace(day=1))
        known = known_days(rng, np.full(len(account), following), usual=4)
        yield rows(
            AZURE_CONSUMPTION,
            {
                "account_id": numbered("C", account),
                "month_on": _same(month, len(account)),
                "workload": named(AZURE.workloads, workload),
                "amount_cents": cents.astype(np.int64),
                "known_on": known,
            },
        )


def _technologies(
    rng: np.random.Generator,
    *,
    account: Ints,
    what: Ints,
    seen: Ints,
    gone: Ints,
    since: Ints,
) -> pa.Table:
    """Return the rows; nothing is known of a customer's technology before `since`, when the customer is."""
    first_known = np.maximum(known_days(rng, seen, usual=25), since)
    is_gone: Flags = gone >= 0
    last_known = np.maximum(known_days(rng, gone, usual=25), first_known + 1)
    both = np.concatenate([np.arange(len(account)), np.flatnonzero(is_gone)])
    later = np.arange(len(both)) >= len(account)
    return rows(
        TECHNOLOGIES,
        {
            "account_id": numbered("C", account[both]),
            "domain": pa.nulls(len(both), pa.string()),
            "technology": named(NAMES, what[both]),
            "vendor": named(VENDORS, what[both]),
            "category": named(CATEGORIES, what[both]),
            "seen_on": seen[both],
            "gone_on": only_where(gone[both], later, Kind.DATE),
            "known_on": np.where(later, last_known[both], first_known[both]),
        },
    )


def _workloads(
    rng: np.random.Generator, market: Market
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Draw after how many months of Azure each workload begins, if ever, and each customer's scale."""
    style = np.array(STYLES)[rng.integers(0, len(STYLES), market.size)]
    uses = rng.random(style.shape) < WORKLOAD_SHARES * style
    uses[np.arange(market.size), rng.integers(0, 2, market.size)] = True
    later = rng.integers(1, WORKLOAD_MONTHS, style.shape)
    begins = np.where(rng.random(style.shape) < 0.5, 1, later)
    scale = (market.employees / 25) ** 0.7 * np.exp(rng.normal(0, 0.7, market.size))
    return np.where(uses, begins, NEVER * 2), scale


def _same(month: date, count: int) -> Ints:
    return np.full(count, day_number(month))
