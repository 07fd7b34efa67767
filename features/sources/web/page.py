"""What came from outside, as it came: answers of sites and records of the DNS."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer of a site to one request.

    `url` is the address after redirects, `domain` the registrable domain of the company asked for (ASCII).
    `headers` are pairs of a lower-case name and its value, in the order they came, repeated where they were
    repeated. `body` is what was read of it, decompressed, and `fetched_at` an aware instant in UTC.
    """

    url: str
    domain: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str:
        """Return the first value of a header, named in lower case; empty where it was not sent."""
        return next((value for known, value in self.headers if known == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record that the DNS told of a domain.

    `domain` is the registrable domain asked about, `name` the name that has the record (such as
    `selector1._domainkey.example.com`), `kind` one of MX, TXT, CNAME, NS, A and AAAA; `value` is the text of
    it, names in lower case without the closing dot, an MX without its preference.
    """

    domain: str
    name: str
    kind: str
    value: str
