"""Markets that have lived, without a table written."""

from dataclasses import dataclass
from datetime import date

from features.periods import HORIZON
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import Behaviour, simulate
from features.sources.sample.market import Market, people_market
from features.sources.sample.timeline import Flags, Timeline, timeline

THROUGH = date(2026, 10, 25)


def silent(said: str) -> None:
    del said


@dataclass(frozen=True, slots=True)
class Lived:
    """A market and what it did."""

    market: Market
    timeline: Timeline
    behaviour: Behaviour

    def bought_after(self, step: int) -> Flags:
        """Tell who bought what within the horizon of the as-of date at the end of a step."""
        begins = self.timeline.edges[step + 1]
        bought = self.behaviour.bought[step + 1 : step + 5]
        days = self.timeline.edges[step + 1 : step + 1 + len(bought)][:, None, None] + bought
        inside: Flags = ((bought >= 0) & (days < begins + HORIZON.days)).any(axis=0)
        return inside

    def in_scope(self) -> Flags:
        """Tell which small and medium customers each product is for, as the world begins."""
        inside = (~self.market.corporate[:, None]).repeat(len(PREFIXES), axis=1)
        inside[:, PREFIXES.index("D365BC")] &= self.market.employees < 300
        inside[:, PREFIXES.index("PowerApps")] &= self.market.has_rival(0)[:, PREFIXES.index("PowerApps")]
        return inside


def live(*, accounts: int, months: int, seed: int) -> Lived:
    steps = timeline(through=THROUGH, months=months)
    market = people_market(accounts=accounts, timeline=steps, seed=seed)
    return Lived(market, steps, simulate(market, steps, seed=seed, progress=silent))
