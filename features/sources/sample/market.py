"""Who is in the market: every customer as it is, whatever the tables will know of it."""

from dataclasses import dataclass

import numpy as np

from features.products import PRODUCTS
from features.sources.sample.appetites import APPETITES, Appetite
from features.sources.sample.places import COUNTRIES, INDUSTRIES, NONPROFIT, PROGRAMMES
from features.sources.sample.timeline import NEVER, Flags, Floats, Ints, Timeline

CORPORATE_SHARE = 0.04
LATE_SHARE = 0.10
RIVAL_ADOPTED_A_STEP = 0.002
RIVAL_RETIRED_A_STEP = 0.006
MERGED_SHARE = 0.12
"""Of the customers that go dark, those that merge into another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The customers, one value each; with two axes one value a customer and product.

    Texts are positions in the tuples of `places`. `joined` is the step in which a customer is first known,
    `dark_from` the first step in which it does nothing any more, `dark_rate` how likely that is in a step.
    `rival` is the position of its rival technology in the product's list; it is there in the steps
    `[rival_from, rival_until)`.
    """

    employees: Ints
    industry: Ints
    vertical: Ints
    country: Ints
    city: Ints
    territory: Ints
    nonprofit: Ints
    programme: Ints
    corporate: Flags
    joined: Ints
    dark_rate: Floats
    dark_from: Ints
    merges: Flags
    rival: Ints
    rival_from: Ints
    rival_until: Ints

    @property
    def size(self) -> int:
        """The number of customers."""
        return len(self.employees)

    def has_rival(self, step: int) -> Flags:
        """Tell which customers have a rival technology of which product in a step."""
        return (self.rival_from <= step) & (step < self.rival_until)


def people_market(*, accounts: int, timeline: Timeline, seed: int) -> Market:
    """Draw a market of `accounts` customers."""
    rng = np.random.default_rng([seed, 1])
    country = pick(rng, [row.share for row in COUNTRIES], accounts)
    industry = pick(rng, [row.share for row in INDUSTRIES], accounts)
    employees = np.clip(np.exp(rng.normal(3.2, 1.35, accounts)), 1, 6000).astype(np.int64)
    corporate = rng.random(accounts) < CORPORATE_SHARE
    employees[corporate] = employees[corporate] * 8 + 200
    joined = np.where(rng.random(accounts) < LATE_SHARE, rng.integers(0, timeline.steps, accounts), 0)
    dark_rate = np.where(employees < 10, 0.0025, 0.0012)
    rival, rival_from, rival_until = _rivals(rng, accounts=accounts, steps=timeline.steps)
    return Market(
        employees=employees,
        industry=industry,
        vertical=rng.integers(0, np.array([len(row.verticals) for row in INDUSTRIES])[industry]),
        country=country,
        city=rng.integers(0, np.array([len(row.cities) for row in COUNTRIES])[country]),
        territory=rng.integers(0, np.array([len(row.territories) for row in COUNTRIES])[country]),
        nonprofit=pick(rng, [share for _, share in NONPROFIT], accounts),
        programme=_programmes(rng, employees),
        corporate=corporate,
        joined=joined,
        dark_rate=dark_rate,
        dark_from=joined + rng.geometric(dark_rate),
        merges=rng.random(accounts) < MERGED_SHARE,
        rival=rival,
        rival_from=rival_from,
        rival_until=rival_until,
    )


def firmographic_fit(market: Market, appetite: Appetite) -> Floats:
    """Return what firmographics and technologies at the start do to a product's rate; mean 0, sd `spread`."""
    doublings = np.clip(np.log2(market.employees / 25), -4, 7)
    raw = appetite.size * doublings + appetite.bend * np.maximum(doublings - appetite.bend_at, 0)
    raw += np.array([appetite.industries.get(row.name, 0.0) for row in INDUSTRIES])[market.industry]
    raw += np.array([appetite.areas.get(row.area, 0.0) for row in COUNTRIES])[market.country]
    raw += np.array([appetite.programmes.get(row.name, 0.0) for row in PROGRAMMES])[market.programme]
    raw += appetite.nonprofit * (market.nonprofit > 0)
    scaled: Floats = appetite.spread * (raw - raw.mean()) / (raw.std() or 1.0)
    return scaled


def pick(rng: np.random.Generator, shares: list[float], count: int) -> Ints:
    """Draw `count` positions in proportion to `shares`."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(edges[:-1], rng.random(count), side="right").astype(np.int64)


def _programmes(rng: np.random.Generator, employees: Ints) -> Ints:
    small = pick(rng, [row.small for row in PROGRAMMES], len(employees))
    large = pick(rng, [row.large for row in PROGRAMMES], len(employees))
    return np.where(employees < 250, small, large)


def _rivals(rng: np.random.Generator, *, accounts: int, steps: int) -> tuple[Ints, Ints, Ints]:
    shape = (accounts, len(PRODUCTS))
    there = rng.random(shape) < np.array([appetite.rivals for appetite in APPETITES])
    rival = rng.integers(0, np.array([len(product.rival_technologies) for product in PRODUCTS]), shape)
    adopted = rng.geometric(RIVAL_ADOPTED_A_STEP, shape)
    begins = np.where(there, -steps, np.where(adopted < steps, adopted, NEVER))
    stays = rng.geometric(RIVAL_RETIRED_A_STEP, shape)
    until = np.where(begins == NEVER, NEVER, np.maximum(begins, 0) + stays)
    return rival, begins, until
