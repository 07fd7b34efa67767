"""The subscriptions and trials that customers have, and how each of them goes on."""

from dataclasses import dataclass, replace

import numpy as np

from features.sources.license_tables import SUBSCRIPTION_STATUSES
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import LONG_AGO, Behaviour
from features.sources.sample.licence_products import BUNDLES, FAMILIES, IDS, LINES, WEBEX, bundles_of
from features.sources.sample.market import Market, pick
from features.sources.sample.timeline import NEVER, Flags, Floats, Ints, Timeline

FAR = 10**6
"""A day after every day."""
YEAR, TRIAL_DAYS = 365, 30
TAKEN_SHARE = 0.85
"""Of the owners of a product, those whose licences are managed in the portals."""
WEBEX_SHARE, TRIALS_A_YEAR = 0.24, 0.2
OLDEST_DAYS = 1200
MOST_UNITS = 80
AUTO_SHARE = 0.68
SUSPENDED_SHARE, NOT_SET_UP_SHARE = 0.012, 0.25
ADDS_SHARE, REDUCES_SHARE = 0.18, 0.04
STORY_SHARE, STORY_UNITS = 0.05, 50
"""Of the small subscriptions to Office, those that tell why usage may exceed 100 %."""
PLAIN, TURNOVER, GRACE, TRIAL, YAMMER = range(5)
ACTIVE = SUBSCRIPTION_STATUSES.index("active")
SUSPENDED, EXPIRED, CANCELLED, UPGRADED = (
    SUBSCRIPTION_STATUSES.index(name) for name in ("suspended", "expired", "cancelled", "upgraded")
)
LAPSED = tuple(SUBSCRIPTION_STATUSES.index(name) for name in ("grace_period", "disabled", "deprovisioned"))
HOLDS_OFFICE = np.array([FAMILIES[IDS.index(bundle.products[0])] == "office365" for bundle in BUNDLES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases:
    """Subscriptions and trials, one value each; days since 1970-01-01, `FAR` for what has not come.

    `bundle` is a position in `BUNDLES`, `status` one in the declared statuses: what it became on the day
    `stopped`. From the day `changed` on there are `units_after` units. `story` is why usage may exceed the
    entitlement; all users of a subscription with a story are at work.
    """

    account: Ints
    bundle: Ints
    units: Ints
    units_after: Ints
    changed: Ints
    trial: Flags
    added: Ints
    stopped: Ints
    status: Ints
    auto_renew: Flags
    is_set_up: Flags
    story: Ints

    def __len__(self) -> int:
        """Return the number of leases."""
        return len(self.added)

    def where(self, chosen: Flags | Ints) -> "Leases":
        """Return the chosen leases."""
        return Leases(**{name: getattr(self, name)[chosen] for name in Leases.__slots__})

    def works_until(self) -> Ints:
        """Return the day from which nobody uses it: what has lapsed may still be used."""
        return np.where(np.isin(self.status, (ACTIVE, *LAPSED)), FAR, self.stopped)

    def term(self) -> Ints:
        """Return the days of a term."""
        return np.where(self.trial, TRIAL_DAYS, YEAR)


def make_leases(market: Market, timeline: Timeline, behaviour: Behaviour, *, home: Ints, seed: int) -> Leases:
    """Draw the leases of every customer that has a partner (`home` is not -1), by customer and day."""
    rng = np.random.default_rng([seed, 21])
    dark_day = np.where(
        market.dark_from < timeline.steps, timeline.edges[np.minimum(market.dark_from, timeline.steps)], FAR
    )
    parts = (
        _owned(rng, market, timeline, behaviour),
        _webex(rng, market, timeline),
    )
    account, bundle, added = (np.concatenate(values) for values in zip(*parts, strict=True))
    alive = (home[account] >= 0) & (added < dark_day[account])
    lasting = _subscriptions(rng, market, timeline, account[alive], bundle[alive], added[alive], dark_day)
    told = _told(rng, lasting, timeline)
    trials = _trials(rng, market, timeline, told, home=home, dark_day=dark_day)
    every = _together((told, _lapsed(rng, told, timeline), trials))
    return every.where(np.lexsort((every.bundle, every.added, every.account)))


def _together(parts: tuple[Leases, ...]) -> Leases:
    return Leases(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Leases.__slots__}
    )


def _owned(
    rng: np.random.Generator, market: Market, timeline: Timeline, behaviour: Behaviour
) -> tuple[Ints, Ints, Ints]:
    """Draw who licenses what it has bought: customer, bundle, first day."""
    lines = [line for line in LINES if line in PREFIXES]
    columns = np.array([PREFIXES.index(line) for line in lines])
    owns = behaviour.owned_from[:, columns] < NEVER
    account, line = np.nonzero(owns & (rng.random(owns.shape) < TAKEN_SHARE))
    bought = behaviour.first_bought(timeline, account, columns[line])
    old = timeline.start - rng.integers(1, OLDEST_DAYS, len(account))
    added = np.where(bought == LONG_AGO, old, bought + rng.integers(0, 3, len(account)))
    bundle = np.zeros(len(account), dtype=np.int64)
    for at, name in enumerate(lines):
        bundle[line == at] = _bundles(rng, name, market.employees[account[line == at]])
    return account, bundle, np.minimum(added, timeline.end - 1)


def _webex(rng: np.random.Generator, market: Market, timeline: Timeline) -> tuple[Ints, Ints, Ints]:
    account = np.flatnonzero(rng.random(market.size) < WEBEX_SHARE)
    first = np.where(
        market.joined[account] > 0, timeline.edges[market.joined[account]], timeline.start - OLDEST_DAYS
    )
    added = rng.integers(first, np.maximum(timeline.end, first + 1))
    return account, _bundles(rng, WEBEX, market.employees[account]), np.minimum(added, timeline.end - 1)


def _bundles(rng: np.random.Generator, line: str, employees: Ints) -> Ints:
    positions = np.array(bundles_of(line))
    size = np.searchsorted([25, 300], employees, side="right")
    drawn = [pick(rng, [BUNDLES[at].shares[of] for at in positions], len(employees)) for of in range(3)]
    chosen: Ints = positions[np.choose(size, drawn)]
    return chosen


def _subscriptions(
    rng: np.random.Generator,
    market: Market,
    timeline: Timeline,
    account: Ints,
    bundle: Ints,
    added: Ints,
    dark_day: Ints,
) -> Leases:
    """Draw how the subscriptions go on: renewals until one is not renewed, changes of units, suspensions."""
    count = len(account)
    auto = rng.random(count) < AUTO_SHARE
    by_term, by_month = rng.geometric(0.2, count), rng.geometric(0.004, count)
    stopped = np.where(auto, added + 30 * by_month, added + YEAR * by_term)
    is_dark = dark_day[account] < stopped
    stopped = np.minimum(stopped, dark_day[account])
    upgraded = rng.random(count) < 0.15
    status = np.where(auto | is_dark, np.where(upgraded, UPGRADED, CANCELLED), EXPIRED)
    unpaid = (stopped >= timeline.end) & (rng.random(count) < SUSPENDED_SHARE)
    unpaid &= added < timeline.end - 90
    stopped = np.where(unpaid, timeline.end - rng.integers(1, 60, count), stopped)
    status = np.where(unpaid, SUSPENDED, status)
    goes_on = stopped >= timeline.end
    units = _units(rng, market.employees[account], bundle)
    changed, after = _changes(rng, units, added, np.minimum(stopped, timeline.end))
    is_new = added >= timeline.end - 60
    return Leases(
        account=account,
        bundle=bundle,
        units=units,
        units_after=after,
        changed=changed,
        trial=np.zeros(count, dtype=bool),
        added=added,
        stopped=np.where(goes_on, FAR, stopped),
        status=np.where(goes_on, ACTIVE, status),
        auto_renew=auto,
        is_set_up=~(is_new & (rng.random(count) < NOT_SET_UP_SHARE)),
        story=np.zeros(count, dtype=np.int64),
    )


def _units(rng: np.random.Generator, employees: Ints, bundle: Ints) -> Ints:
    reach = np.array([row.reach for row in BUNDLES])[bundle]
    wanted: Floats = employees * reach * np.exp(rng.normal(0, 0.3, len(bundle)))
    return np.clip(np.ceil(wanted), 1, MOST_UNITS).astype(np.int64)


def _changes(rng: np.random.Generator, units: Ints, added: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Draw when units were added or given back, and how many there are since; most never change."""
    draw = rng.random(len(units))
    adds = draw < ADDS_SHARE
    reduces = (draw >= ADDS_SHARE) & (draw < ADDS_SHARE + REDUCES_SHARE) & (units > 2)
    first = added + 20
    day = rng.integers(first, np.maximum(until, first + 1))
    changes = (adds | reduces) & (day < until)
    more = units + np.maximum(1, units // 5)
    after = np.where(reduces, np.maximum(1, units * 2 // 3), more)
    return np.where(changes, day, FAR), np.where(changes, after, units)


def _told(rng: np.random.Generator, leases: Leases, timeline: Timeline) -> Leases:
    """Give some small, settled subscriptions to Office a story, each kind equally often."""
    could = HOLDS_OFFICE[leases.bundle] & (leases.status == ACTIVE) & (leases.changed == FAR)
    could &= (leases.units <= STORY_UNITS) & (leases.added < timeline.end - 150)
    chosen = np.flatnonzero(could & (rng.random(len(leases)) < STORY_SHARE))
    story = leases.story.copy()
    story[chosen] = 1 + np.arange(len(chosen)) % 4
    return replace(leases, story=story)


def _lapsed(rng: np.random.Generator, leases: Leases, timeline: Timeline) -> Leases:
    """Return the earlier subscriptions to the same product that have lapsed and are used still."""
    main = leases.where(leases.story == GRACE)
    count = len(main)
    lapsed = np.array(LAPSED)[np.arange(count) % len(LAPSED)]
    half = np.maximum(2, main.units // 2)
    return Leases(
        account=main.account,
        bundle=main.bundle,
        units=half,
        units_after=half,
        changed=np.full(count, FAR),
        trial=np.zeros(count, dtype=bool),
        added=main.added - rng.integers(100, 400, count),
        stopped=timeline.end - rng.integers(3, 27, count),
        status=lapsed,
        auto_renew=np.zeros(count, dtype=bool),
        is_set_up=np.ones(count, dtype=bool),
        story=np.full(count, GRACE),
    )


def _trials(
    rng: np.random.Generator,
    market: Market,
    timeline: Timeline,
    leases: Leases,
    *,
    home: Ints,
    dark_day: Ints,
) -> Leases:
    """Draw trials all the time, and those beside a subscription whose story they are."""
    beside = leases.where(leases.story == TRIAL)
    first = timeline.edges[market.joined]
    many = rng.poisson(TRIALS_A_YEAR * (timeline.end - first) / YEAR * (home >= 0))
    tries = np.repeat(np.arange(market.size), many)
    drawn, since = rng.integers(0, len(BUNDLES), len(tries)), rng.integers(first[tries], timeline.end)
    near = since < dark_day[tries]
    account = np.concatenate([beside.account, tries[near]])
    added = np.concatenate([timeline.end - rng.integers(12, 28, len(beside)), since[near]])
    count = len(account)
    over = added + TRIAL_DAYS < timeline.end
    units = rng.integers(2, 26, count)
    return Leases(
        account=account,
        bundle=np.concatenate([beside.bundle, drawn[near]]),
        units=units,
        units_after=units,
        changed=np.full(count, FAR),
        trial=np.ones(count, dtype=bool),
        added=added,
        stopped=np.where(over, added + TRIAL_DAYS, FAR),
        status=np.where(over, np.where(rng.random(count) < 0.3, UPGRADED, EXPIRED), ACTIVE),
        auto_renew=np.zeros(count, dtype=bool),
        is_set_up=np.ones(count, dtype=bool),
        story=np.where(np.arange(count) < len(beside), TRIAL, PLAIN),
    )
