"""What the centre stands on: what is published, what it remembers, the clock, and how it is set up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from reports.center.datasets import Dataset
from reports.center.people import Person
from reports.center.scope import Scope, scope
from reports.center.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """An OpenID Connect provider that vouches for people."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "your organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an operator may set for the centre; the defaults are those of design and contract."""

    base_url: str = "http://127.0.0.1:8000"
    """How the centre is reached from outside; cookies are `Secure` where it begins with https."""
    session_hours: int = 12
    token_days: int = 365
    link_hours: int = 24
    sign_ins_per_quarter_hour: int = 10
    """Failed ones, against an account or from an address, after which further ones are refused."""
    allows_private_callbacks: bool = False
    password_kib: int = 65_536
    """Memory and passes of argon2; tests take little."""
    password_passes: int = 3
    provider: IdentityProvider | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Center:
    """One download centre; everything in it is given, nothing is looked up. Who makes it closes it."""

    shelf: Shelf
    datasets: Mapping[str, Dataset]
    database: sa.Engine
    files: Path
    """Where files of reports are put until their links expire."""
    backtests: Path
    """Where `ascent backtest` has left its results for this home."""
    now: Callable[[], datetime]
    policy: Policy = field(default_factory=Policy)

    @property
    def today(self) -> date:
        """The day it is, UTC."""
        return self.now().astimezone(UTC).date()

    def scope(self, person: Person) -> Scope:
        """Return what a person may read here."""
        return scope(person, self.datasets)

    def close(self) -> None:
        """Let go of the engine and of the connections to the database."""
        self.shelf.close()
        self.database.dispose()
