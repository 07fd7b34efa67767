"""Which process collects which domain: domains lie in buckets by a hash, and a share takes whole buckets."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from features.errors import CallRefused

BUCKETS = 32
"""What is known of a bucket's domains is kept in one file; so many processes can share a list at most."""


def bucket_of(domain: str) -> int:
    """Return the bucket of a domain, the same on every machine and on every day."""
    return int.from_bytes(hashlib.sha256(domain.encode("ascii")).digest()[:8], "big") % BUCKETS


@dataclass(frozen=True, slots=True)
class Share:
    """One of several parts that together are the whole list: part 1 to `of`."""

    part: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        """Refuse parts that cannot be.

        Raises:
            CallRefused: There is no such part, or there are more parts than buckets.
        """
        if not (1 <= self.part <= self.of <= BUCKETS):
            raise CallRefused(
                f"A share is one of at most {BUCKETS} parts, such as 1/4 to 4/4; got {self.part}/{self.of}."
            )

    def __str__(self) -> str:
        """Return the share as it is written on the command line."""
        return f"{self.part}/{self.of}"

    @classmethod
    def read(cls, told: str) -> "Share":
        """Read a share as it is written on the command line.

        Raises:
            CallRefused: It is written otherwise than 1/4, or there is no such part.
        """
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", told.strip())
        if found is None:
            raise CallRefused(f"A share is written like 1/4: the first of four parts; got {told!r}.")
        return cls(int(found[1]), int(found[2]))

    def has(self, domain: str) -> bool:
        """Tell whether the domain is in this part."""
        return bucket_of(domain) % self.of == self.part - 1

    def split(self, parts: int) -> tuple["Share", ...]:
        """Return this share in so many parts, fewer where there are not buckets enough."""
        parts = min(parts, BUCKETS // self.of)
        return tuple(Share(self.part + self.of * at, self.of * parts) for at in range(parts))

    def buckets(self) -> tuple[int, ...]:
        """Return the buckets of this part."""
        return tuple(range(self.part - 1, BUCKETS, self.of))


def by_bucket(domains: Iterable[str]) -> dict[int, list[str]]:
    """Return the domains of each bucket that has any, buckets in order."""
    found: dict[int, list[str]] = {}
    for domain in domains:
        found.setdefault(bucket_of(domain), []).append(domain)
    return dict(sorted(found.items()))
