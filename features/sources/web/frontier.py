"""The addresses of a company still to be asked for, the most telling first."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from features.sources.web.paths import ALIKE_AT_MOST, Errand, Place, is_of, is_worth_asking, shape_of

WAITING_AT_MOST = 500
UNBOUNDED = (Place.HOME, Place.FEED, Place.SITEMAP)


@dataclass(slots=True)
class Frontier:
    """What is still to be asked for of one company: each address once, at most so deep, few of one shape."""

    domain: str
    depth: int
    _waiting: list[tuple[int, int, int, Errand]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _alike: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        """Return how many addresses wait."""
        return len(self._waiting)

    def push(self, errand: Errand) -> bool:
        """Let an address wait for its turn; false where it was seen before or is not worth it."""
        # With or without www and TLS an address is the same, unless it is where the other one led.
        known = {errand.url} if errand.hops else {errand.url, _bare(errand.url)}
        if known & self._seen or len(self._waiting) >= WAITING_AT_MOST or errand.depth > self.depth:
            return False
        if not is_of(errand.url, self.domain) or not is_worth_asking(errand.url):
            return False
        self._seen |= {errand.url, _bare(errand.url)}
        if errand.place not in UNBOUNDED:
            shape = shape_of(errand.url)
            self._alike[shape] += 1
            if self._alike[shape] > ALIKE_AT_MOST:
                return False
        heapq.heappush(self._waiting, (errand.place, errand.depth, len(self._seen), errand))
        return True

    def extend(self, errands: Iterable[Errand]) -> None:
        """Let several addresses wait."""
        for errand in errands:
            self.push(errand)

    def pop(self) -> Errand | None:
        """Return the address whose turn it is; None where none waits."""
        return heapq.heappop(self._waiting)[3] if self._waiting else None


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.")
