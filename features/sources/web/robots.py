"""What a site's robots.txt allows: its rules, the delay it asks for and the sitemaps it names."""

import re
from dataclasses import dataclass

from protego import Protego

from features.sources.web.page import Fetched
from features.sources.web.plan import NAME

LARGEST = 512_000
"""Bytes of a robots.txt that are read, as RFC 9309 has it."""
SITEMAPS = 5
HEAD = 20_000
"""Bytes of a page in which it says what it wishes of robots."""
_META = re.compile(
    rb"""<meta\b[^>]{0,200}?\bname\s*=\s*["']?(?:robots|%s)\b[^>]{0,200}>""" % NAME.lower().encode(),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin; `refusal` says why nothing at all may be asked, where that is so."""

    parsed: Protego | None = None
    refusal: str = ""

    def allows(self, url: str) -> bool:
        """Tell whether the collector may ask for the address."""
        if self.refusal:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, NAME))

    @property
    def delay(self) -> float:
        """Seconds between two requests that the site asks for; 0 where it asks for none."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(NAME)
        between = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return max(float(self.parsed.crawl_delay(NAME) or 0.0), between)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The first sitemaps that the file names."""
        return () if self.parsed is None else tuple(self.parsed.sitemaps)[:SITEMAPS]


def read_rules(fetched: Fetched) -> Rules:
    """Read the answer to a request for robots.txt, as RFC 9309 has it.

    A file that is not there (400 to 499, but for 429) allows everything; a server that fails allows nothing.
    """
    if fetched.status == 429 or fetched.status >= 500:
        return Rules(refusal=f"robots.txt answers {fetched.status}")
    if fetched.status >= 400:
        return Rules()
    if fetched.status != 200:
        return Rules(refusal=f"robots.txt leads nowhere ({fetched.status})")
    return Rules(Protego.parse(fetched.body[:LARGEST].decode("utf-8", errors="replace")))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a page wishes of robots: not to be told of, not to be followed."""

    noindex: bool = False
    nofollow: bool = False


def wishes_of(fetched: Fetched) -> Wishes:
    """Return what a page wishes, in its `X-Robots-Tag` headers or its meta elements for robots."""
    told = [value.lower() for name, value in fetched.headers if name == "x-robots-tag"]
    told += [found.decode("latin-1").lower() for found in _META.findall(fetched.body[:HEAD])]
    words = {word for one in told for word in re.findall("[a-z]+", one)}
    return Wishes(noindex=bool(words & {"noindex", "none"}), nofollow=bool(words & {"nofollow", "none"}))
