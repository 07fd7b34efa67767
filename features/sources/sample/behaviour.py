"""What customers want and buy, step by step, and how likely each purchase was."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from features.sources.sample.appetites import APPETITES, PREFIXES
from features.sources.sample.market import Market, firmographic_fit
from features.sources.sample.moods import USUAL, Moods, draw_moods
from features.sources.sample.timeline import AHEAD, NEVER, Flags, Floats, Ints, Timeline

COLD, WARM, HOT = 0, 1, 2
APPEAL = np.array([0.40, 2.2, 8.5])
"""How much each interest multiplies the rate of purchase."""
TO_WARM, TO_HOT = 0.012, 0.0030
"""How often cold customers of average fit get interested in a step."""
FROM_WARM = np.array([0.14, 0.76, 0.10])
FROM_HOT = np.array([0.12, 0.18, 0.70])
FIT_DRAWS_INTEREST = 0.25
MOST = 0.5
"""No purchase is likelier than this in a step."""
SETTLING = AHEAD
"""Steps until an acquired product or technology changes what else is bought; no window sees it."""
DRIFT_A_YEAR = 0.05
SEASON = np.array([0.85, 0.95, 1.10, 0.95, 1.0, 1.30, 0.85, 0.80, 1.10, 1.0, 1.0, 1.15])
BURN_IN = 12
LONG_AGO = -NEVER

Small = npt.NDArray[np.int8]
Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What happened: axes are step, customer and product.

    `interest` holds during a step. `bought` is the day of a step on which the product was bought, or -1.
    `owned_from` (customer, product) is the step of the first purchase, `LONG_AGO` for those who owned it when
    the world began. `truth[t]` is the probability of a purchase in the 90 days from `edges[t + 1]`, given the
    state at the end of step `t`. `moods` are how much each customer uses what it has.
    """

    interest: Small
    bought: Small
    owned_from: Ints
    truth: Singles
    moods: Moods

    def first_bought(self, timeline: Timeline, account: Ints, product: Ints) -> Ints:
        """Return the day each customer first bought each product; `LONG_AGO` before the world began."""
        step = self.owned_from[account, product]
        inside = np.clip(step, 0, timeline.steps - 1)
        day = timeline.edges[inside] + self.bought[inside, account, product]
        return np.where(step == LONG_AGO, LONG_AGO, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rate of purchase of every customer and product in a step, interest and ownership left aside."""

    level: Floats
    others: Floats
    rivals: Floats
    owner: Floats
    use: Floats
    moods: Moods
    edges: Ints
    months: tuple[int, ...]

    def at(self, step: int, *, market: Market, owned_from: Ints) -> Floats:
        """Return the rate in a step, given what was first owned before it."""
        settled = (owned_from <= step - SETTLING).astype(np.float64)
        rivals = market.has_rival(step - SETTLING) * self.rivals
        season = SEASON[self.months[step] - 1] * (1 + DRIFT_A_YEAR) ** (step / 12)
        # How the mood goes on is settled by what it is, so the truth of a window knows it to its end.
        users = settled[:, PREFIXES.index("M365")] * (self.moods.at(self.edges[step]) - USUAL)
        rate: Floats = season * np.exp(
            self.level + settled @ self.others + rivals + users[:, None] * self.use
        )
        return rate


def simulate(market: Market, timeline: Timeline, *, seed: int, progress: Callable[[str], None]) -> Behaviour:
    """Run the market through its steps."""
    rng = np.random.default_rng([seed, 2])
    fit = np.stack([firmographic_fit(market, appetite) for appetite in APPETITES], axis=1)
    owned_from = _first_owners(rng, market, fit)
    moods = draw_moods(market.size, timeline, seed=seed)
    rates = _rates(market, timeline, moods, fit=fit, owned_from=owned_from)
    entry = np.exp(FIT_DRAWS_INTEREST * np.clip(fit, -2, 2))
    interest = np.zeros(fit.shape, dtype=np.int8)
    for _ in range(BURN_IN):
        interest = _next_interest(rng, interest, entry)
    shape = (timeline.steps, *fit.shape)
    seen = np.zeros(shape, dtype=np.int8)
    bought = np.full(shape, -1, dtype=np.int8)
    truth = np.zeros(shape, dtype=np.float32)
    for step in range(timeline.steps):
        interest = _next_interest(rng, interest, entry)
        seen[step] = interest
        rate = rates.at(step, market=market, owned_from=owned_from) * _owners(rates, owned_from)
        active = (market.joined <= step) & (step < market.dark_from)
        buys = (rng.random(fit.shape) < np.minimum(rate * APPEAL[interest], MOST)) & active[:, None]
        days = rng.integers(0, timeline.days(step), fit.shape)
        bought[step] = np.where(buys, days, -1)
        owned_from = np.where(buys, np.minimum(owned_from, step), owned_from)
        truth[step] = _probability(
            market, timeline, rates, step=step + 1, interest=interest, entry=entry, owned_from=owned_from
        )
        progress(f"Simulated month {step + 1} of {timeline.steps}")
    return Behaviour(interest=seen, bought=bought, owned_from=owned_from, truth=truth, moods=moods)


def _first_owners(rng: np.random.Generator, market: Market, fit: Floats) -> Ints:
    shares = np.array([appetite.owners for appetite in APPETITES])
    odds = shares / (1 - shares) * np.exp(fit - fit.var(axis=0) / 2)
    owns = (rng.random(fit.shape) < odds / (1 + odds)) & (market.joined == 0)[:, None]
    return np.where(owns, LONG_AGO, NEVER)


def _rates(market: Market, timeline: Timeline, moods: Moods, *, fit: Floats, owned_from: Ints) -> Rates:
    others = np.zeros((len(PREFIXES), len(PREFIXES)))
    for to, appetite in enumerate(APPETITES):
        for prefix, effect in appetite.others.items():
            others[PREFIXES.index(prefix), to] = effect
    months = tuple(timeline.month(step) for step in range(timeline.steps + AHEAD))
    rivals = np.array([appetite.rival for appetite in APPETITES])
    owner = np.array([appetite.owner for appetite in APPETITES])
    use = np.array([appetite.use for appetite in APPETITES])
    plain = Rates(
        level=fit,
        others=others,
        rivals=rivals,
        owner=owner,
        use=use,
        moods=moods,
        edges=timeline.edges,
        months=months,
    )
    relative = plain.at(0, market=market, owned_from=owned_from) * _owners(plain, owned_from)
    relative /= SEASON[months[0] - 1]
    in_scope = _in_scope(market)
    mean = (relative * in_scope).sum(axis=0) / in_scope.sum(axis=0)
    wanted = np.array([-np.log(1 - appetite.rate) / 3 for appetite in APPETITES])
    level = fit + np.log(wanted / (mean * _mean_appeal()))
    return replace(plain, level=level)


def _in_scope(market: Market) -> Flags:
    inside = np.tile(~market.corporate[:, None], (1, len(PREFIXES)))
    inside[:, PREFIXES.index("D365BC")] &= market.employees < 300
    inside[:, PREFIXES.index("PowerApps")] &= market.has_rival(0)[:, PREFIXES.index("PowerApps")]
    # In a world of a few customers a product may be for nobody; then it is for everybody.
    return inside | ~inside.any(axis=0)


def _mean_appeal() -> float:
    turn = np.stack([np.array([1 - TO_WARM - TO_HOT, TO_WARM, TO_HOT]), FROM_WARM, FROM_HOT])
    return float(np.linalg.matrix_power(turn, 200)[0] @ APPEAL)


def _owners(rates: Rates, owned_from: Ints) -> Floats:
    factor: Floats = np.where(owned_from < NEVER, np.exp(rates.owner), 1.0)
    return factor


def _next_interest(rng: np.random.Generator, interest: Small, entry: Floats) -> Small:
    draw = rng.random(interest.shape)
    stays_cold = 1 - (TO_WARM + TO_HOT) * entry
    cold_below = np.choose(interest, [stays_cold, FROM_WARM[COLD], FROM_HOT[COLD]])
    hot_from = np.choose(interest, [1 - TO_HOT * entry, 1 - FROM_WARM[HOT], 1 - FROM_HOT[HOT]])
    return ((draw >= cold_below).astype(np.int8) + (draw >= hot_from)).astype(np.int8)


def _probability(
    market: Market,
    timeline: Timeline,
    rates: Rates,
    *,
    step: int,
    interest: Small,
    entry: Floats,
    owned_from: Ints,
) -> Singles:
    """Return the probability of a purchase in the 90 days from the start of `step`, exactly.

    Backwards over the steps of the window: how likely it is that nothing is bought from here on, for each
    interest of the step before. What was acquired inside the window has not settled within it, so nothing
    but interest and going dark can change the rate.
    """
    alive = (1 - market.dark_rate)[:, None]
    owners = _owners(rates, owned_from)
    nothing = [np.ones(interest.shape) for _ in APPEAL]
    for ahead, share in reversed(timeline.window(step)):
        rate = rates.at(ahead, market=market, owned_from=owned_from) * owners
        keeps = [(1 - share * np.minimum(rate * APPEAL[to], MOST)) * nothing[to] for to in (COLD, WARM, HOT)]
        from_cold = keeps[COLD] + entry * (
            TO_WARM * (keeps[WARM] - keeps[COLD]) + TO_HOT * (keeps[HOT] - keeps[COLD])
        )
        from_warm = sum(FROM_WARM[to] * keeps[to] for to in (COLD, WARM, HOT))
        from_hot = sum(FROM_HOT[to] * keeps[to] for to in (COLD, WARM, HOT))
        nothing = [alive * kept + (1 - alive) for kept in (from_cold, from_warm, from_hot)]
    still = (step - 1 < market.dark_from)[:, None]
    return np.where(still, 1 - np.choose(interest, nothing), 0.0).astype(np.float32)
