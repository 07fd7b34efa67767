"""Who sells: partner locations under their roots, and which of them transact with which customer."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.sources.sample.market import Market, pick
from features.sources.sample.nastiness import known_days
from features.sources.sample.places import COUNTRIES, FIRST_WORDS, LEGAL_FORMS
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Ints, Timeline
from features.sources.schema import Kind
from features.sources.tables import PARTNER_ACCOUNTS, PARTNERS

SLOTS = 4
"""Relations of a customer: the first partner, a second, a third, and the one that follows the first."""
SHARES = (0.985, 0.16, 0.03)
ENDED_SHARE, FOLLOWED_SHARE = 0.10, 0.75
ALWAYS = 10**6
BUSINESS = ("Cloud", "IT Services", "Consulting", "Digital", "Computing", "Solutions")


@dataclass(frozen=True, slots=True)
class Channel:
    """Partner locations, one value each, and the relations, one row a customer and one column a slot.

    `parent` is -1 at a root. `partner` is -1 where a slot is empty; a relation holds on the days
    `[since, until)`.
    """

    parent: Ints
    country: Ints
    partner: Ints
    since: Ints
    until: Ints

    def seller(self, rng: np.random.Generator, account: Ints, day: Ints) -> Ints:
        """Draw who sells to each customer on a day; -1 where nobody is known to."""
        holds = (self.since[account] <= day[:, None]) & (day[:, None] < self.until[account])
        weight = (holds & (self.partner[account] >= 0)) * np.array([3.0, 1.0, 0.7, 3.0])
        edges = weight.cumsum(axis=1)
        slot = (rng.random(len(account))[:, None] * edges[:, -1:] >= edges).sum(axis=1)
        return np.where(edges[:, -1] > 0, self.partner[account, slot.clip(max=SLOTS - 1)], -1)


def build_channel(market: Market, timeline: Timeline, *, seed: int) -> Channel:
    """Draw the partners of a market and their relations."""
    rng = np.random.default_rng([seed, 3])
    locations = max(12, market.size // 60)
    parent = _parents(rng, locations)
    weight = rng.permutation(1 / np.arange(1, locations + 1) ** 0.8)
    partner = np.full((market.size, SLOTS), -1, dtype=np.int64)
    since = np.zeros((market.size, SLOTS), dtype=np.int64)
    until = np.full((market.size, SLOTS), ALWAYS, dtype=np.int64)
    first_day = timeline.edges[market.joined]
    for slot, share in enumerate(SHARES):
        there = rng.random(market.size) < share
        partner[:, slot] = np.where(there, pick(rng, list(weight), market.size), -1)
        late = rng.integers(first_day, timeline.end, market.size)
        early = np.where(market.joined > 0, first_day, timeline.start - rng.integers(0, 1500, market.size))
        since[:, slot] = early if slot == 0 else np.where(rng.random(market.size) < 0.6, early, late)
    _end_some(rng, timeline, partner=partner, since=since, until=until, weight=list(weight))
    partner[:, 1][partner[:, 1] == partner[:, 0]] = -1
    partner[:, 2][(partner[:, 2] == partner[:, 0]) | (partner[:, 2] == partner[:, 1])] = -1
    country = pick(rng, [row.share for row in COUNTRIES], locations)
    return Channel(parent=parent, country=country, partner=partner, since=since, until=until)


def partner_rows(channel: Channel, *, seed: int) -> pa.Table:
    """Return the partners table."""
    rng = np.random.default_rng([seed, 4])
    count = len(channel.parent)
    words = [f"{first} {business}" for first in FIRST_WORDS for business in BUSINESS]
    word, form = rng.permutation(np.arange(count) % len(words)), rng.integers(0, len(LEGAL_FORMS), count)
    cities = [COUNTRIES[country].cities[0][0] for country in channel.country]
    names = [f"{words[at]} {LEGAL_FORMS[of]}" for at, of in zip(word, form, strict=True)]
    names = [
        name if parent < 0 else f"{name}, {city}"
        for name, parent, city in zip(names, channel.parent, cities, strict=True)
    ]
    return rows(
        PARTNERS,
        {
            "partner_id": numbered("P", np.arange(count)),
            "partner_name": pa.array(names),
            "parent_partner_id": numbered("P", channel.parent),
            "city": pa.array(cities),
            "country": named([row.name for row in COUNTRIES], channel.country),
        },
    )


def relation_rows(channel: Channel, *, seed: int) -> pa.Table:
    """Return partner_accounts: a row when a relation began, and another when it was known to have ended."""
    rng = np.random.default_rng([seed, 5])
    account, slot = np.nonzero(channel.partner >= 0)
    since, until = channel.since[account, slot], channel.until[account, slot]
    begun = known_days(rng, since)
    ended = until < ALWAYS
    known = np.concatenate([begun, np.maximum(known_days(rng, until), begun + 1)[ended]])
    both = np.concatenate([np.arange(len(account)), np.flatnonzero(ended)])
    is_end: Flags = np.arange(len(both)) >= len(account)
    return rows(
        PARTNER_ACCOUNTS,
        {
            "partner_id": numbered("P", channel.partner[account, slot][both]),
            "account_id": numbered("C", account[both]),
            "since_on": since[both],
            "until_on": only_where(until[both], is_end, Kind.DATE),
            "known_on": known,
        },
    )


def _parents(rng: np.random.Generator, locations: int) -> Ints:
    """Make half of the locations roots and chain the others under them, three deep at most."""
    roots = (locations + 1) // 2
    parent = np.full(locations, -1, dtype=np.int64)
    # Few roots have many locations.
    parent[roots:] = (rng.random(locations - roots) ** 2.5 * roots).astype(np.int64)
    deep = np.arange(roots + (locations - roots) // 2, locations)
    deep = deep[rng.random(len(deep)) < 0.4]
    parent[deep] = rng.integers(roots, roots + (locations - roots) // 2, len(deep))
    return parent


def _end_some(
    rng: np.random.Generator,
    timeline: Timeline,
    *,
    partner: Ints,
    since: Ints,
    until: Ints,
    weight: list[float],
) -> None:
    """End some relations with the first partner, most of them followed by another; in place."""
    count = len(partner)
    end = rng.integers(timeline.start, timeline.end, count)
    ends = (rng.random(count) < ENDED_SHARE) & (end > since[:, 0] + 30) & (partner[:, 0] >= 0)
    until[:, 0] = np.where(ends, end, ALWAYS)
    follows = ends & (rng.random(count) < FOLLOWED_SHARE)
    partner[:, 3] = np.where(follows, pick(rng, weight, count), -1)
    since[:, 3] = end
