"""The calls of customers with Webex Calling: legs, features used, and what became of calls to queues."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.sources.license_tables import CALL_FEATURES, CALLS, QUEUE_CALLS, QUEUE_OUTCOMES
from features.sources.sample.lease_rows import Holdings
from features.sources.sample.leases import Leases
from features.sources.sample.licence_products import CALLING
from features.sources.sample.market import pick
from features.sources.sample.moods import Moods
from features.sources.sample.nastiness import DAY
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.seats import Seats, user_keys
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline
from features.sources.schema import Kind

WEEKS = 10
SECOND = 1_000_000
"""Microseconds."""
A_WEEK = np.array([0.0, 1.5, 6.0, 22.0])
"""Calls of a user in a week, by the kind of user."""
KIND_SHARES = (0.35, 0.35, 0.25, 0.05)
CLIENTS = ("Webex App", "Desk phone", "Mobile", "DECT phone", "Analog device")
CLIENT_SHARES = (0.45, 0.33, 0.15, 0.05, 0.02)
DIRECTIONS = ("ORIGINATING", "TERMINATING")
GRADES = ("good", "poor")
FEATURES = ("CallForward", "CallTransfer", "CallPark", "Conference", "HuntGroup", "Voicemail", "Recording")
FEATURE_SHARES = (0.3, 0.25, 0.05, 0.1, 0.12, 0.15, 0.03)
WITH_FEATURE_SHARE, SECOND_LEG_SHARE, GRADED_SHARE = 0.18, 0.15, 0.5
UNMEASURED_SHARE = 0.1
QUEUE_SHARE, QUEUE_CALLS_A_WEEK, QUEUE_WEEKS = 0.4, 25, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls, one value each; instants in microseconds. `poor_share` is how often its customer's are poor."""

    account: Ints
    user: Ints
    started: Ints
    talked: Ints
    ringing: Ints
    poor_share: Floats

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self.user)


def make_calls(
    seats: Seats, leases: Leases, holdings: Holdings, timeline: Timeline, mood: Moods, *, seed: int
) -> Calls:
    """Draw the calls of the last weeks, by customer and instant."""
    rng = np.random.default_rng([seed, 30])
    callers = seats.where((holdings.product[seats.holding] == CALLING) & (seats.user >= 0))
    lease = holdings.lease[callers.holding]
    account = leases.account[lease]
    usual = A_WEEK[pick(rng, list(KIND_SHARES), len(callers))]
    at_work = ~mood.silent[account, :WEEKS]
    many = rng.poisson(usual[:, None] * at_work)
    caller, back = (np.repeat(places, many[many > 0]) for places in np.nonzero(many))
    day = timeline.end - 7 * (back + 1) + pick(rng, [1, 5, 5, 5, 5, 5, 1], len(caller))
    until = np.minimum(callers.until, leases.works_until()[lease])
    there = (callers.since[caller] <= day) & (day < until[caller])
    caller, day = caller[there], day[there]
    answered = rng.random(len(caller)) < 0.85
    poor = np.where(rng.random(len(mood.level)) < 0.1, 0.2, 0.03)
    calls = Calls(
        account=account[caller],
        user=callers.user[caller],
        started=day * DAY + rng.integers(7 * 3600, 19 * 3600, len(caller)) * SECOND,
        talked=np.where(answered, np.exp(rng.normal(4.6, 1.1, len(caller))).astype(np.int64) + 1, 0),
        ringing=rng.integers(2, 30, len(caller)),
        poor_share=poor[account[caller]],
    )
    order = np.lexsort((calls.user, calls.started, calls.account))
    return Calls(**{name: getattr(calls, name)[order] for name in Calls.__slots__})


def call_rows(calls: Calls, *, seed: int) -> pa.Table:
    """Return calls: a leg of the caller, and of some the leg of a colleague."""
    rng = np.random.default_rng([seed, 31])
    second = np.flatnonzero(rng.random(len(calls)) < SECOND_LEG_SHARE)
    which = np.concatenate([np.arange(len(calls)), second])
    is_second = np.arange(len(which)) >= len(calls)
    answered = calls.talked[which] > 0
    known = ~is_second | (rng.random(len(which)) < 0.7)
    has_media = answered & (rng.random(len(which)) < 0.97)
    poor = has_media & (rng.random(len(which)) < calls.poor_share[which])
    graded = has_media & (rng.random(len(which)) < GRADED_SHARE)
    measured = has_media & (rng.random(len(which)) >= UNMEASURED_SHARE)
    user = np.where(is_second, (calls.user[which] + 1) % 7, calls.user[which])
    worse = np.where(poor, 8.0, 1.0)
    jitter, latency, loss = (
        only_where((rng.gamma(2, scale, len(which)) * worse).clip(0, 99).round(2), measured, Kind.NUMBER)
        for scale in (5, 6, 0.2)
    )
    return rows(
        CALLS,
        {
            "correlation_id": numbered("K", which),
            "leg_id": named(("1", "2"), is_second.astype(np.int64)),
            "account_id": numbered("C", calls.account[which]),
            "user_key": only_where(user_keys(calls.account[which], user), known, Kind.TEXT),
            "started_at": calls.started[which],
            "released_at": calls.started[which] + (calls.ringing + calls.talked)[which] * SECOND,
            "answered": answered,
            "duration_seconds": calls.talked[which],
            "direction": named(DIRECTIONS, is_second.astype(np.int64)),
            "client_type": named(CLIENTS, pick(rng, list(CLIENT_SHARES), len(which))),
            "has_media": has_media,
            "quality": only_where(named(GRADES, poor.astype(np.int64)), graded, Kind.TEXT),
            "jitter_ms": jitter,
            "latency_ms": latency,
            "packet_loss_percent": loss,
        },
    )


def feature_rows(calls: Calls, *, settled: Flags, seed: int) -> pa.Table:
    """Return call_features: one feature of some calls of settled customers, two of a few."""
    rng = np.random.default_rng([seed, 32])
    call = np.flatnonzero((rng.random(len(calls)) < WITH_FEATURE_SHARE) & settled[calls.account])
    feature = pick(rng, list(FEATURE_SHARES), len(call))
    again = np.flatnonzero(rng.random(len(call)) < 0.1)
    call = np.concatenate([call, call[again]])
    feature = np.concatenate([feature, (feature[again] + 1) % len(FEATURES)])
    return rows(
        CALL_FEATURES,
        {
            "correlation_id": numbered("K", call),
            "account_id": numbered("C", calls.account[call]),
            "feature": named(FEATURES, feature),
        },
    )


def queue_customers(calls: Calls, *, seed: int) -> Ints:
    """Return the customers that call and have queues enabled, sorted."""
    rng = np.random.default_rng([seed, 33])
    callers = np.unique(calls.account)
    return callers[rng.random(len(callers)) < QUEUE_SHARE]


def queue_rows(customers: Ints, timeline: Timeline, *, seed: int) -> pa.Table:
    """Return queue_calls of the last weeks; some are abandoned, and some queues are empty for a week."""
    rng = np.random.default_rng([seed, 34])
    busy = rng.gamma(1.5, QUEUE_CALLS_A_WEEK / 1.5, len(customers))
    many = rng.poisson(busy[:, None] * (rng.random((len(customers), QUEUE_WEEKS)) > 0.1))
    place, back = (np.repeat(places, many[many > 0]) for places in np.nonzero(many))
    count = len(place)
    day = timeline.end - 7 * (back + 1) + pick(rng, [1, 5, 5, 5, 5, 5, 1], count)
    entered = day * DAY + rng.integers(7 * 3600, 19 * 3600, count) * SECOND
    outcome = pick(rng, [0.8, 0.06, 0.1, 0.04], count)
    wait = np.exp(rng.normal(np.where(outcome >= 2, 4.4, 3.2), 0.8, count)).astype(np.int64)
    return rows(
        QUEUE_CALLS,
        {
            "queue_call_id": numbered("Q", np.arange(count)),
            "account_id": numbered("C", customers[place]),
            "queue_id": named(("Sales", "Support", "Reception"), rng.integers(0, 3, count)),
            "entered_at": entered,
            "left_at": entered + wait * SECOND,
            "outcome": named(QUEUE_OUTCOMES, outcome),
            "wait_seconds": wait,
        },
    )
