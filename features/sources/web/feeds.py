"""Reads feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from time import struct_time

import feedparser

from features.sources.web.charsets import decoded
from features.sources.web.dates import believable, moment
from features.sources.web.links import absolute
from features.sources.web.page import Fetched
from features.sources.web.structured import LONGEST_TITLE, json_of
from features.sources.web.texts import of_markup, plain, plain_lines, without_contacts

LARGEST = 500_000
"""Bytes of a feed that are read: a parser of broken feeds takes some microseconds for each."""
MOST_ENTRIES = 100
LONGEST_SUMMARY = 4000
_ENTITY = re.compile(r"<!ENTITY[^>]{0,5000}>?", re.IGNORECASE)
_END = re.compile(r"</(?:item|entry)>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed, its texts as those of a `Page`; `published_at` in UTC, None where not told."""

    url: str
    title: str
    summary: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The entries of a feed in their order, each address once; `unreadable` says why there are none."""

    entries: tuple[Entry, ...] = ()
    unreadable: str = ""


def read_feed(fetched: Fetched) -> Feed:
    """Return what a feed holds; whatever a site sent, nothing is raised, and no address or file is opened."""
    if not fetched.body.strip():
        return Feed(unreadable="empty")
    try:
        text = decoded(fetched)[:LARGEST]
        entries = _of_json(text, fetched) if text.lstrip()[:1] == "{" else _of_xml(text, fetched)
    except ValueError as error:
        return Feed(unreadable=f"no feed: {error}"[:200])
    except (RecursionError, MemoryError):
        return Feed(unreadable="nested too deeply")
    except Exception as error:  # a parser's fault that a feed brought out ends the feed, not the run
        return Feed(unreadable=f"the reader failed: {type(error).__name__}")
    once = {entry.url: entry for entry in reversed(entries)}
    return Feed(entries=tuple(reversed(once.values())), unreadable="" if once else "no entries")


def _of_xml(text: str, fetched: Fetched) -> list[Entry]:
    if not _ROOT.search(text, 0, 4096):
        raise ValueError("neither RSS nor Atom nor RDF")
    ends = [end.end() for end in islice(_END.finditer(text), MOST_ENTRIES + 1)]
    if len(ends) > MOST_ENTRIES:
        text = text[: ends[-2]]
    text = _ENTITY.sub("", text)  # nothing is to be expanded or fetched
    # A stream, for of bare text or bytes the parser makes an address or the name of a file, and opens it.
    stream = BytesIO(text.encode("utf-8", "replace"))
    read = feedparser.parse(
        stream,
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # texts are made plain below, addresses absolute
        resolve_relative_uris=False,
    )
    entries = []
    for told in read.entries[:MOST_ENTRIES]:
        content = told.get("content") or [{}]
        published = told.get("published") or told.get("updated") or ""
        entry = _entry(
            fetched,
            url=told.get("link") or told.get("id") or "",
            title=told.get("title") or "",
            summary=told.get("summary") or content[0].get("value") or "",
            published_at=moment(published, by=fetched.fetched_at)
            or _of_parts(told.get("published_parsed") or told.get("updated_parsed"), by=fetched.fetched_at),
        )
        entries.extend([entry] if entry is not None else [])
    return entries


def _of_json(text: str, fetched: Fetched) -> list[Entry]:
    root = json_of(text)
    items = root.get("items") if isinstance(root, dict) else None
    if not isinstance(items, list):
        raise ValueError("JSON without items")
    entries = []
    for told in items[:MOST_ENTRIES]:
        if not isinstance(told, dict):
            continue
        entry = _entry(
            fetched,
            url=_text(told, "url", "external_url", "id"),
            title=_text(told, "title"),
            summary=_text(told, "summary", "content_text", "content_html"),
            published_at=moment(_text(told, "date_published", "date_modified"), by=fetched.fetched_at),
        )
        entries.extend([entry] if entry is not None else [])
    return entries


def _text(told: Mapping[str, object], *names: str) -> str:
    values = (told.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _entry(
    fetched: Fetched, *, url: str, title: str, summary: str, published_at: datetime | None
) -> Entry | None:
    """Return the entry; None without a web address, for then nothing could be quoted, or without words."""
    address = absolute(fetched.url, url) if url else None
    words = plain(of_markup(title[: 4 * LONGEST_TITLE]), limit=LONGEST_TITLE)
    said = plain_lines(of_markup(summary[: 4 * LONGEST_SUMMARY]), limit=LONGEST_SUMMARY)
    if address is None or not (words or said):
        return None
    return Entry(
        url=address,
        title=without_contacts(words),
        summary=without_contacts(said),
        published_at=published_at,
    )


def _of_parts(parts: struct_time | None, *, by: datetime) -> datetime | None:
    """Return the instant of a date that the parser of feeds could read and we could not."""
    if parts is None:
        return None
    try:
        return believable(datetime(*parts[:6], tzinfo=UTC), by=by)
    except ValueError:
        return None
