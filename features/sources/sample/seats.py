"""Who has a licence: seats of users and workspaces, those who leave and those who follow them."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sources.license_tables import LICENSE_ASSIGNMENTS
from features.sources.sample.lease_rows import Holdings
from features.sources.sample.leases import EXPIRED, FAR, GRACE, LAPSED, TRIAL, TURNOVER, YAMMER, Leases
from features.sources.sample.licence_products import FAMILIES, IDS
from features.sources.sample.market import pick
from features.sources.sample.nastiness import DAY
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline
from features.sources.schema import Kind

ASSIGNED = ((0.80, 0.65, 1.0), (0.15, 0.02, 0.45), (0.05, 1.05, 1.4))
"""Kinds of holdings: their share, and the least and most of the units that are assigned."""
SETTLING_DAYS = 120
LEAVES_SHARE, FOLLOWED_SHARE = 0.08, 0.7
TAKEN_BACK_SHARE = 0.8
"""Of what has ended, where licences were taken back; elsewhere the assignments stayed."""
WORKSPACE_SHARE = 0.12
TWICE_SHARE = 0.0008
"""Assignments that are there a second time, as an overlap."""
NEW_USER, OTHER_USER, UNLICENSED_USER = 10_000, 20_000, 30_000
"""First numbers of users who follow others, use a second subscription, or have no licence."""
IS_CALLING = np.array([family == "calling" for family in FAMILIES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Licences of somebody over the days `[since, until)`, one value each; `until` is `FAR` while it lasts.

    `holding` is a position in the holdings, `user` a number within the customer, -1 for a workspace. A seat
    that is not `licensed` is somebody at work without a licence.
    """

    holding: Ints
    user: Ints
    since: Ints
    until: Ints
    licensed: Flags

    def __len__(self) -> int:
        """Return the number of seats."""
        return len(self.user)

    def where(self, chosen: Flags | Ints) -> "Seats":
        """Return the chosen seats."""
        return Seats(**{name: getattr(self, name)[chosen] for name in Seats.__slots__})


def make_seats(leases: Leases, holdings: Holdings, timeline: Timeline, *, seed: int) -> Seats:
    """Draw the seats of every holding, holding by holding."""
    rng = np.random.default_rng([seed, 25])
    first, followers = _passed_on(rng, leases, holdings, _first(rng, leases, holdings), timeline)
    every = _together((first, followers, _unlicensed(leases, holdings)))
    every = every.where(every.since < np.minimum(every.until, timeline.end))
    return every.where(np.lexsort((every.since, every.user, every.holding)))


def assignment_rows(
    seats: Seats, leases: Leases, holdings: Holdings, timeline: Timeline, *, seed: int
) -> pa.Table:
    """Return license_assignments; a few are there twice."""
    rng = np.random.default_rng([seed, 26])
    seats = seats.where(seats.licensed)
    again = np.flatnonzero((rng.random(len(seats)) < TWICE_SHARE) & (seats.user >= 0))
    which = np.concatenate([np.arange(len(seats)), again])
    seat = seats.where(which)
    lease = holdings.lease[seat.holding]
    seconds = rng.integers(6 * 3600, 20 * 3600, (2, len(seat))) * 1_000_000
    over: Flags = seat.until < timeline.end
    later = np.where(np.arange(len(seat)) < len(seats), 0, DAY)
    since = seat.since * DAY + seconds[0]
    return rows(
        LICENSE_ASSIGNMENTS,
        {
            "assignment_id": numbered("A", np.arange(len(seat))),
            "subscription_id": numbered("L", lease),
            "product_id": named(IDS, holdings.product[seat.holding]),
            "user_key": only_where(user_keys(leases.account[lease], seat.user), seat.user >= 0, Kind.TEXT),
            "assignee_type": named(("user", "workspace"), (seat.user < 0).astype(np.int64)),
            "assigned_at": np.minimum(since + later, timeline.end * DAY - 1),
            "unassigned_at": only_where(
                np.maximum(seat.until * DAY + seconds[1], since + later + 1), over, Kind.INSTANT
            ),
        },
    )


def user_keys(account: Ints, user: Ints) -> pa.Array:
    """Return pseudonymous keys such as `U0000012-3`."""
    return pc.binary_join_element_wise(numbered("U", account), pa.array(user).cast(pa.string()), "-")


def _together(parts: tuple[Seats, ...]) -> Seats:
    return Seats(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Seats.__slots__}
    )


def _first(rng: np.random.Generator, leases: Leases, holdings: Holdings) -> Seats:
    """Draw the seats that were assigned as the licences were rolled out."""
    lease = holdings.lease
    holding = np.repeat(np.arange(len(holdings)), _assigned(rng, leases, holdings))
    rank = np.arange(len(holding)) - np.searchsorted(holding, holding)
    ramp = (rng.random(len(holding)) ** 2 * SETTLING_DAYS).astype(np.int64)
    added = leases.added[lease][holding]
    trial, stopped = leases.trial[lease][holding], leases.stopped[lease][holding]
    since = np.minimum(added + np.where(trial, ramp // 20, ramp), np.maximum(added, stopped - 1))
    taken = (rng.random(len(holdings)) < TAKEN_BACK_SHARE)[holding]
    taken &= (leases.status[lease][holding] >= EXPIRED) & (stopped < FAR)
    second = (leases.story == GRACE) & np.isin(leases.status, LAPSED) | (leases.story == TRIAL) & leases.trial
    user = rank + np.where(second[lease][holding], OTHER_USER, 0)
    workspace = IS_CALLING[holdings.product[holding]] & (rng.random(len(holding)) < WORKSPACE_SHARE)
    return Seats(
        holding=holding,
        user=np.where(workspace, -1, user),
        since=since,
        until=np.where(taken, np.maximum(stopped, since + 1), FAR),
        licensed=np.ones(len(holding), dtype=bool),
    )


def _assigned(rng: np.random.Generator, leases: Leases, holdings: Holdings) -> Ints:
    """Draw how many seats a holding has: all of its units where it has a story, or was cut since."""
    lease = holdings.lease
    units = leases.units[lease]
    kind = pick(rng, [share for share, _, _ in ASSIGNED], len(holdings))
    low, high = (np.array([row[at] for row in ASSIGNED])[kind] for at in (1, 2))
    share: Floats = rng.uniform(low, high)
    whole = (leases.story[lease] > 0) | (leases.units_after < leases.units)[lease]
    return np.where(whole, units, np.round(units * share).astype(np.int64))


def _passed_on(
    rng: np.random.Generator, leases: Leases, holdings: Holdings, seats: Seats, timeline: Timeline
) -> tuple[Seats, Seats]:
    """Return the seats, some of them left, and those of the users who followed.

    Where the story is turnover, a fifth of the seats has passed on within the last 28 days.
    """
    story = leases.story[holdings.lease][seats.holding]
    settled = (seats.until == FAR) & (seats.since < timeline.end - 60) & (seats.user >= 0)
    passes_on = (story == TURNOVER) & settled & (seats.user % 5 == 0)
    leaves = settled & (story == 0) & (rng.random(len(seats)) < LEAVES_SHARE)
    day = rng.integers(seats.since + 30, np.maximum(timeline.end, seats.since + 31))
    day = np.where(passes_on, timeline.end - rng.integers(3, 14, len(seats)), day)
    until = np.where(passes_on | leaves, day, seats.until)
    followed = np.flatnonzero(passes_on | (leaves & (rng.random(len(seats)) < FOLLOWED_SHARE)))
    gap = np.where(passes_on[followed], 1, rng.integers(1, 5, len(followed)))
    followers = Seats(
        holding=seats.holding[followed],
        user=seats.user[followed] + NEW_USER,
        since=until[followed] + gap,
        until=np.full(len(followed), FAR),
        licensed=np.ones(len(followed), dtype=bool),
    )
    return replace(seats, until=until), followers


def _unlicensed(leases: Leases, holdings: Holdings) -> Seats:
    """Return the users of Yammer who have no licence, where that is the story."""
    lease = holdings.lease
    many = np.where(leases.story[lease] == YAMMER, np.maximum(1, leases.units[lease] // 4), 0)
    holding = np.repeat(np.arange(len(holdings)), many)
    rank = np.arange(len(holding)) - np.searchsorted(holding, holding)
    return Seats(
        holding=holding,
        user=rank + UNLICENSED_USER,
        since=leases.added[lease][holding],
        until=np.full(len(holding), FAR),
        licensed=np.zeros(len(holding), dtype=bool),
    )
