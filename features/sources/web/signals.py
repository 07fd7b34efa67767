"""Passages that companies published, and the signals that they come to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

NONE_TOLD = ""
"""The classifier of a signal whose topic no classifier told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text that a company published: an article, a press release, a job.

    `kind` is what its place says it is. `part` tells it from other passages at the same address.
    `published_at` is None where nothing says when it was published; `seen_at` is when it was first collected.
    """

    domain: str
    url: str
    kind: str
    title: str
    text: str
    seen_at: datetime
    published_at: datetime | None = None
    part: str = ""
    language: str = ""

    @property
    def digest(self) -> str:
        """The same for the same words, wherever they stand."""
        words = " ".join(f"{self.title} {self.text}".lower().split())
        return hashlib.sha256(words.encode("utf-8", errors="replace")).hexdigest()[:32]

    def signal_id(self, topic: str) -> str:
        """Return the id of a signal of it: the same whenever the same is seen at the same address again."""
        parts = "\n".join((self.domain, self.url, self.part, topic))
        return hashlib.sha256(parts.encode("utf-8", errors="replace")).hexdigest()[:24]

    @property
    def happened_at(self) -> datetime:
        """When it was published; when it was first seen, where that is unknown or lies ahead."""
        if self.published_at is None or self.published_at > self.seen_at:
            return self.seen_at
        return self.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A row of the signals table, told by a passage about a topic."""

    signal_id: str
    domain: str
    kind: str
    topic: str
    strength: float
    happened_at: datetime
    known_at: datetime
    url: str
    text: str
    classifier: str
