"""The agreements that customers sign, and whether they renew them."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from features.products import PRODUCTS
from features.sources.sample.behaviour import LONG_AGO, SETTLING, Behaviour
from features.sources.sample.channel import Channel
from features.sources.sample.market import Market
from features.sources.sample.nastiness import known_days
from features.sources.sample.places import PROGRAMMES
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import NEVER, Flags, Floats, Ints, Timeline
from features.sources.schema import Kind
from features.sources.tables import AGREEMENTS

SIGNED_SHARE = 0.55
"""Of the owners of a product, those with an agreement about it."""
YEARS = (0.5, 0.1, 0.4)
TYPICAL_CENTS = np.array([1_200_000, 900_000, 400_000, 900_000, 1_600_000, 800_000, 300_000])
MOST_TERMS = 8
DARK_RENEWAL = 0.02
TERM_EFFECT, SIZE_EFFECT, RIVAL_EFFECT, OTHERS_EFFECT = 0.25, 0.20, -1.3, 0.25
DIVISIONS = tuple(division for product in PRODUCTS for division in product.divisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledges:
    """Agreements, one value each; `ends` is the last day, `renewal` how likely a renewal was."""

    account: Ints
    product: Ints
    division: Ints
    starts: Ints
    ends: Ints
    cents: Ints
    renewal: Floats
    renewed: Flags

    def where(self, chosen: Flags | Ints) -> "Pledges":
        """Return the chosen agreements."""
        return Pledges(**{name: getattr(self, name)[chosen] for name in Pledges.__slots__})


def make_pledges(market: Market, timeline: Timeline, behaviour: Behaviour, *, seed: int) -> Pledges:
    """Sign agreements for what is owned and run them from term to term, by the day they start on."""
    rng = np.random.default_rng([seed, 15])
    owned = behaviour.owned_from
    account, product = np.nonzero((owned < NEVER) & (rng.random(owned.shape) < SIGNED_SHARE))
    going = _signed(rng, market, timeline, behaviour, account=account, product=product)
    terms = []
    for term in range(MOST_TERMS):
        going = going.where(going.starts < timeline.end)
        renewal = _renewal(market, timeline, owned, going, term=term)
        done = replace(going, renewal=renewal, renewed=rng.random(len(renewal)) < renewal)
        terms.append(done)
        going = done.where(done.renewed)
        going = replace(going, starts=going.ends + 1, ends=2 * going.ends + 1 - going.starts)
    every = Pledges(
        **{name: np.concatenate([getattr(term, name) for term in terms]) for name in Pledges.__slots__}
    )
    return every.where(np.lexsort((every.division, every.account, every.starts)))


def pledge_rows(
    pledges: Pledges, market: Market, timeline: Timeline, channel: Channel, *, seed: int
) -> pa.Table:
    """Return agreements: a row when one was signed, and another when its outcome was known."""
    rng = np.random.default_rng([seed, 16])
    count = len(pledges.starts)
    signed = known_days(rng, pledges.starts, usual=7)
    settled = known_days(rng, pledges.ends + 1, usual=10)
    over = pledges.ends < timeline.end
    both = np.concatenate([np.arange(count), np.flatnonzero(over)])
    later = np.arange(len(both)) >= count
    programme = market.programme[pledges.account]
    return rows(
        AGREEMENTS,
        {
            "agreement_id": numbered("G", both),
            "account_id": numbered("C", pledges.account[both]),
            "partner_id": numbered("P", channel.seller(rng, pledges.account, pledges.starts)[both]),
            "license_program": named([row.name for row in PROGRAMMES], programme[both]),
            "revenue_division": named(DIVISIONS, pledges.division[both]),
            "started_on": pledges.starts[both],
            "ends_on": pledges.ends[both],
            "expiration_type": named([row.expiration_type for row in PROGRAMMES], programme[both]),
            "expiring_revenue_cents": pledges.cents[both],
            "outcome": only_where(
                named(("lost", "renewed"), pledges.renewed[both].astype(np.int64)), later, Kind.TEXT
            ),
            "known_on": np.where(later, np.maximum(settled, signed + 1)[both], signed[both]),
        },
    )


def _signed(
    rng: np.random.Generator,
    market: Market,
    timeline: Timeline,
    behaviour: Behaviour,
    *,
    account: Ints,
    product: Ints,
) -> Pledges:
    """Sign the first agreement of each owner, before the world begins or soon after the purchase."""
    count = len(account)
    bought = behaviour.first_bought(timeline, account, product)
    starts = np.where(
        bought == LONG_AGO, timeline.start - rng.integers(0, 1000, count), bought + rng.integers(0, 20, count)
    )
    sizes = np.array([len(row.divisions) for row in PRODUCTS])
    offset = np.cumsum(sizes) - sizes
    size = (market.employees[account] / 25) ** 0.8
    cents = TYPICAL_CENTS[product] * size * np.exp(rng.normal(0, 0.6, count))
    return Pledges(
        account=account,
        product=product,
        division=offset[product] + np.where(rng.random(count) < 0.7, 0, rng.integers(0, sizes[product])),
        starts=starts,
        ends=starts + 365 * rng.choice([1, 2, 3], count, p=YEARS) - 1,
        cents=cents.astype(np.int64),
        renewal=np.zeros(count),
        renewed=np.zeros(count, dtype=bool),
    )


def _renewal(market: Market, timeline: Timeline, owned: Ints, going: Pledges, *, term: int) -> Floats:
    """Return how likely each agreement is to be renewed at its end; hardly ever by who has gone dark."""
    account, product = going.account, going.product
    step = np.searchsorted(timeline.edges, going.ends, side="right") - 1
    size = np.clip(np.log2(market.employees[account] / 25), -3, 4)
    rival = (market.rival_from[account, product] <= step) & (step < market.rival_until[account, product])
    others = (owned[account] <= (step - SETTLING)[:, None]).sum(axis=1) - 1
    logit = np.array([row.renewal for row in PROGRAMMES])[market.programme[account]] + SIZE_EFFECT * size
    logit = logit + TERM_EFFECT * min(term, 3) + RIVAL_EFFECT * rival + OTHERS_EFFECT * others
    return np.where(step < market.dark_from[account], 1 / (1 + np.exp(-logit)), DARK_RENEWAL)
