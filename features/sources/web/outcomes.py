"""What became of each company that was asked for, and the counts of them."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What became of a company on a day."""

    COLLECTED = "collected"
    UNCHANGED = "unchanged"
    OVER_BUDGET = "over budget"
    REFUSED = "refused by robots"
    ELSEWHERE = "leads elsewhere"
    UNREACHABLE = "unreachable"
    FAILED = "failed"

    @property
    def told(self) -> str:
        """Say what it means."""
        return TOLD[self]


TOLD = {
    Outcome.COLLECTED: "read to the end, something new among it",
    Outcome.UNCHANGED: "read to the end, nothing new",
    Outcome.OVER_BUDGET: "read until a budget was used up",
    Outcome.REFUSED: "robots.txt allows nothing, or cannot be read",
    Outcome.ELSEWHERE: "sends its visitors to another domain",
    Outcome.UNREACHABLE: "no address, or no answer",
    Outcome.FAILED: "a fault of the collector; the log tells it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One company on one day: what became of it, why, and what it cost.

    `pages` counts requests but those for robots.txt, `bytes` what was received, `unchanged` the pages that
    are as they were, `unreadable` those that could not be read.
    """

    domain: str
    outcome: Outcome
    reason: str = ""
    pages: int = 0
    bytes: int = 0
    unchanged: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Companies counted by outcome, and their pages and bytes."""

    hosts: dict[Outcome, int]
    pages: int = 0
    bytes: int = 0
    unchanged: int = 0
    unreadable: int = 0


def tally(visits: Iterable[Visited]) -> Tally:
    """Count the companies by outcome, every outcome named, and add up what they cost."""
    hosts: Counter[Outcome] = Counter()
    sums: Counter[str] = Counter()
    for visited in visits:
        hosts[visited.outcome] += 1
        for name in ("pages", "bytes", "unchanged", "unreadable"):
            sums[name] += getattr(visited, name)
    return Tally(hosts={outcome: hosts[outcome] for outcome in Outcome}, **sums)


def write_visits(visits: Iterable[Visited], path: Path) -> None:
    """Write what became of each company as CSV."""
    names = [one.name for one in fields(Visited)]
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(visited, name) for name in names] for visited in visits)
    part.replace(path)
