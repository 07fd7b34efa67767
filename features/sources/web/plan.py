"""What a collection is asked to do: for whom it speaks, how far it may go, and where things are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from features.sources.web.share import Share

NAME = "AscentCollector"
"""What the collector calls itself; robots.txt can name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is taken from a company at most, and how gently.

    `delay` is the least number of seconds between two requests to a company; what its robots.txt asks for is
    kept where it is longer; a failing answer is asked for again after `backoff` seconds, then twice as many.
    `pages`, `bytes` and `seconds` are the budget of a company and a day, `pages`
    counting every request but those for robots.txt. `page_bytes` and `page_seconds` bound one answer.
    """

    delay: float = 1.0
    pages: int = 40
    bytes: int = 20_000_000
    seconds: float = 900.0
    page_bytes: int = 2_000_000
    page_seconds: float = 30.0
    retries: int = 2
    backoff: float = 2.0
    depth: int = 4
    hosts_at_once: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the outside is reached.

    `nameserver` is an address and a port such as `127.0.0.1:53`; empty means the system's. `private_allowed`
    lets loopback and private addresses be reached. `ports` sends connections meant for one port to another.
    """

    nameserver: str = ""
    private_allowed: bool = False
    ports: tuple[tuple[int, int], ...] = ()
    dns_seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A collection: the domains, the folder it writes to, and on what terms."""

    domains: tuple[str, ...]
    folder: Path
    contact: str
    share: Share = field(default_factory=Share)
    limits: Limits = field(default_factory=Limits)
    network: Network = field(default_factory=Network)

    @property
    def agent(self) -> str:
        """The user agent: who asks, and how to reach those behind it."""
        return f"{NAME}/1.0 (+{self.contact})"

    @property
    def state(self) -> Path:
        """Where what was seen before is kept."""
        return self.folder / "collection" / "state"

    @property
    def notes(self) -> Path:
        """Where the report and the refused lines are written."""
        return self.folder / "collection"


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is to crawl, and how it tells the time."""

    plan: Plan
    now: Callable[[], datetime]
