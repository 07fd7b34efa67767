"""What was read and is still to be told and kept: many pages are classified and written at once."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from features.sources.web.kept import KnownPage, Technology
from features.sources.web.outcomes import Visited
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import State

LOG = logging.getLogger(__name__)

AT_ONCE = 64
"""Passages that are classified together: more would be cheaper, and keep sites waiting for as long."""
REREAD_AFTER = timedelta(days=30)
"""An article or a job that was read is asked for again after so long."""


@dataclass(slots=True)
class Harvest:
    """The pages and visits since the last flush; `tell` makes signals of passages."""

    state: State
    day: date
    tell: Callable[[Sequence[Passage]], Iterable[Signal]]
    _pages: list[KnownPage] = field(default_factory=list)
    _passages: list[Passage] = field(default_factory=list)
    _visits: list[tuple[Visited, tuple[Technology, ...], bool]] = field(default_factory=list)

    def add_page(self, page: KnownPage, passages: Iterable[Passage]) -> None:
        """Take in a page that was read, and what it says."""
        self._pages.append(page)
        self._passages.extend(passages)
        if len(self._passages) >= AT_ONCE or len(self._pages) >= AT_ONCE:
            self.flush()

    def add_visit(self, visited: Visited, recorded: tuple[Technology, ...], *, complete: bool) -> None:
        """Take in that a domain is done, and the technologies that its DNS records show."""
        self._visits.append((visited, recorded, complete))
        if len(self._visits) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Tell the signals and let everything so far stay: all of it, or after a crash nothing of it."""
        fresh = [passage for passage in self._passages if not self.state.is_repeated(passage)]
        self.state.add_signals(self._told(fresh))
        for page in self._pages:
            self.state.add_page(page)
        for visited, recorded, complete in self._visits:
            pages = self.state.pages(visited.domain, self.day - REREAD_AFTER)
            seen = {*recorded, *(one for page in pages for one in page.technologies)}
            self.state.add_technologies(visited.domain, seen, self.day, complete=complete)
            self.state.add_visit(visited, self.day)
        self.state.commit()
        for done in (self._pages, self._passages, self._visits):
            done.clear()

    def _told(self, passages: Sequence[Passage]) -> Iterable[Signal]:
        try:
            return list(self.tell(passages)) if passages else []
        except Exception:
            # Words that bring out a fault of ours must not cost the others theirs: each is then told alone.
            if len(passages) == 1:
                LOG.exception("What %s says could not be told", passages[0].url)
                return []
            return [signal for passage in passages for signal in self._told([passage])]
