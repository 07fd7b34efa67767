"""The daily use of licences in the last weeks: how often users are at work, and in which workloads."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.sources.license_tables import USAGE_DAILY
from features.sources.sample.lease_rows import Holdings
from features.sources.sample.leases import PLAIN, YAMMER, Leases
from features.sources.sample.licence_products import IDS, LICENSED, WORKLOADS
from features.sources.sample.licence_products import YAMMER as YAMMER_CODE
from features.sources.sample.rows import named, numbered, rows
from features.sources.sample.seats import Seats, user_keys
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline

WEEKS = 16
"""Daily use is kept for so long; a longer history would be most of the world."""
SECOND_SHARE = 0.2
NO_SUBSCRIPTION_SHARE = 0.03
PAUSE_SHARE = 0.08
"""Customers at which nothing at all happens for one to three weeks."""
SEATS_AT_ONCE = 40_000
MAIN = np.array([WORKLOADS.index(product.workloads[0]) for product in LICENSED])
COUNTS = np.array([len(product.workloads) for product in LICENSED])
EVERY = np.array(
    [
        [WORKLOADS.index(product.workloads[at % len(product.workloads)]) for at in range(COUNTS.max())]
        for product in LICENSED
    ]
)


@dataclass(frozen=True, slots=True)
class Moods:
    """How much the customers use their licences, one value each: at first, a week, and when they pause."""

    level: Floats
    slope: Floats
    pause_from: Ints
    pause_until: Ints

    def chance(self, account: Ints) -> Floats:
        """Return the chance that a user of each customer is at work in each week, newest first."""
        back = np.arange(WEEKS)
        found = np.clip(self.level[account][:, None] - self.slope[account][:, None] * back, 0.02, 0.97)
        pauses = (self.pause_from[account][:, None] <= back) & (back < self.pause_until[account][:, None])
        chance: Floats = np.where(pauses, 0.0, found)
        return chance


def moods(customers: int, *, seed: int) -> Moods:
    """Draw the mood of every customer."""
    rng = np.random.default_rng([seed, 27])
    pause_from = np.where(rng.random(customers) < PAUSE_SHARE, rng.integers(0, WEEKS, customers), WEEKS)
    return Moods(
        level=rng.beta(2.2, 1.8, customers),
        slope=rng.normal(0, 0.012, customers),
        pause_from=pause_from,
        pause_until=pause_from + rng.integers(1, 4, customers),
    )


def usage_rows(
    seats: Seats, leases: Leases, holdings: Holdings, timeline: Timeline, mood: Moods, *, seed: int
) -> Iterator[pa.Table]:
    """Yield usage_daily: a day of a user's week, some seats at a time."""
    people = seats.where(seats.user >= 0)
    for first in range(0, max(1, len(people)), SEATS_AT_ONCE):
        some = people.where(np.arange(first, min(first + SEATS_AT_ONCE, len(people))))
        yield _use(np.random.default_rng([seed, 28, first]), some, leases, holdings, timeline, mood)


def _use(
    rng: np.random.Generator,
    seats: Seats,
    leases: Leases,
    holdings: Holdings,
    timeline: Timeline,
    mood: Moods,
) -> pa.Table:
    lease = holdings.lease[seats.holding]
    busy: Flags = leases.story[lease] != PLAIN
    # Some users never come, some always.
    keen = np.clip(rng.normal(1, 0.35, len(seats)), 0.1, 1.6) * (rng.random(len(seats)) > 0.08)
    chance = np.where(busy[:, None], 1.0, mood.chance(leases.account[lease]) * keen[:, None])
    seat, back = np.nonzero(rng.random(chance.shape) < chance)
    day = timeline.end - 7 * (back + 1) + rng.integers(0, 7, len(seat))
    until = np.minimum(seats.until, leases.works_until()[lease])
    there = (seats.since[seat] <= day) & (day < until[seat])
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
