"""The daily use of licences, for as long as the world lasts: when users are at work, in which workloads."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from features.sources.license_tables import USAGE_DAILY
from features.sources.sample.lease_rows import Holdings
from features.sources.sample.leases import PLAIN, YAMMER, Leases
from features.sources.sample.licence_products import IDS, LICENSED, WORKLOADS
from features.sources.sample.licence_products import YAMMER as YAMMER_CODE
from features.sources.sample.moods import Moods
from features.sources.sample.rows import named, numbered, rows
from features.sources.sample.seats import Seats, user_keys
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline

SECOND_SHARE = 0.15
NEVER_SHARE = 0.25
"""Users who never come; a row a user and week of the others is most of the world already."""
NO_SUBSCRIPTION_SHARE = 0.03
SEATS_AT_ONCE = 20_000
MAIN = np.array([WORKLOADS.index(product.workloads[0]) for product in LICENSED])
COUNTS = np.array([len(product.workloads) for product in LICENSED])
EVERY = np.array(
    [
        [WORKLOADS.index(product.workloads[at % len(product.workloads)]) for at in range(COUNTS.max())]
        for product in LICENSED
    ]
)


def usage_rows(
    seats: Seats, leases: Leases, holdings: Holdings, timeline: Timeline, mood: Moods, *, seed: int
) -> Iterator[pa.Table]:
    """Yield usage_daily: a day of a user's week, some seats at a time."""
    people = seats.where(seats.user >= 0)
    chance = mood.chance()
    for first in range(0, max(1, len(people)), SEATS_AT_ONCE):
        some = people.where(np.arange(first, min(first + SEATS_AT_ONCE, len(people))))
        yield _use(np.random.default_rng([seed, 28, first]), some, leases, holdings, timeline, chance)


def _use(
    rng: np.random.Generator,
    seats: Seats,
    leases: Leases,
    holdings: Holdings,
    timeline: Timeline,
    by_week: Floats,
) -> pa.Table:
    lease = holdings.lease[seats.holding]
    busy: Flags = leases.story[lease] != PLAIN
    keen = np.clip(rng.normal(1, 0.35, len(seats)), 0.1, 1.6) * (rng.random(len(seats)) >= NEVER_SHARE)
    chance = np.where(busy[:, None], 1.0, by_week[leases.account[lease]] * keen[:, None])
    seat, back = np.nonzero(rng.random(chance.shape) < chance)
    day = timeline.end - 7 * (back + 1) + rng.integers(0, 7, len(seat))
    until = np.minimum(seats.until, leases.works_until()[lease])
    there = (np.maximum(seats.since, timeline.start)[seat] <= day) & (day < until[seat])
    seat, day = seat[there], day[there]
    first = _workload(rng, leases.story[lease[seat]], holdings.product[seats.holding[seat]])
    more = np.flatnonzero((rng.random(len(seat)) < SECOND_SHARE) & seats.licensed[seat])
    second = EVERY[holdings.product[seats.holding[seat[more]]], rng.integers(0, EVERY.shape[1], len(more))]
    more, second = more[second != first[more]], second[second != first[more]]
    which = np.concatenate([np.arange(len(seat)), more])
    return _rows(rng, seats, leases, holdings, seat[which], day[which], np.concatenate([first, second]))


def _workload(rng: np.random.Generator, story: Ints, product: Ints) -> Ints:
    """Draw what is used: mostly the main workload, with a story always; where it is Yammer, that."""
    other = EVERY[product, rng.integers(0, EVERY.shape[1], len(product))]
    main = (story != PLAIN) | (rng.random(len(product)) < 0.55)
    found = np.where(main, MAIN[product], other)
    return np.where(story == YAMMER, WORKLOADS.index(YAMMER_CODE), found)


def _rows(
    rng: np.random.Generator,
    seats: Seats,
    leases: Leases,
    holdings: Holdings,
    seat: Ints,
    day: Ints,
    workload: Ints,
) -> pa.Table:
    holding = seats.holding[seat]
    lease = holdings.lease[holding]
    # Only where one subscription holds the product: else nobody could say whose use it was.
    alone = (leases.story[lease] == PLAIN) & ~leases.trial[lease]
    unnamed = alone & (rng.random(len(seat)) < NO_SUBSCRIPTION_SHARE)
    return rows(
        USAGE_DAILY,
        {
            "used_on": day,
            "account_id": numbered("C", leases.account[lease]),
            "subscription_id": numbered("L", np.where(unnamed, -1, lease)),
            "product_id": named(IDS, holdings.product[holding]),
            "workload_code": named(WORKLOADS, workload),
            "user_key": user_keys(leases.account[lease], seats.user[seat]),
            "activity_count": 1 + rng.poisson(8, len(seat)),
        },
    )
