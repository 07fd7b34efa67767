"""What a sitemap names: further sitemaps, and addresses with the day of their last change."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from lxml import etree

from features.sources.web.dates import moment
from features.sources.web.page import Fetched

NAMED_AT_MOST = 2_000
"""Addresses of one sitemap that are read; what follows is left."""
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Named:
    """An address that a sitemap names, and when it says that it last changed."""

    url: str
    is_sitemap: bool
    changed_at: datetime | None = None


def read_sitemap(fetched: Fetched, *, largest: int) -> tuple[Named, ...]:
    """Return what a sitemap, packed or not, names in its first `largest` bytes; nothing is raised."""
    body = unpacked(fetched.body, largest=largest)
    found: list[Named] = []
    url = changed = ""
    try:
        for _, element in etree.iterparse(
            BytesIO(body),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            recover=True,
            huge_tree=False,
        ):
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name == "loc":
                url = (element.text or "").strip()
            elif name == "lastmod":
                changed = (element.text or "").strip()
            elif name in ("url", "sitemap"):
                if url:
                    found.append(Named(url, name == "sitemap", moment(changed, by=fetched.fetched_at)))
                url = changed = ""
                element.clear()
            if len(found) >= NAMED_AT_MOST:
                break
    except etree.LxmlError:
        # What was read before the fault counts.
        pass
    return tuple(found)


def unpacked(body: bytes, *, largest: int) -> bytes:
    """Return the first `largest` bytes of what may be packed with gzip."""
    if not body.startswith(GZIP):
        return body[:largest]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, largest)
    except zlib.error:
        return b""
