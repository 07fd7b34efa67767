"""What a site of the small internet is: its answers, its DNS records, and what must come of collecting it."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from html import escape
from types import MappingProxyType

from features.sources.web.outcomes import Outcome


class Way(Enum):
    """How a body is sent: at once, or in one of the ways in which servers misbehave."""

    WHOLE = auto()
    DRIP = auto()
    """A byte now and then, without end."""
    ENDLESS = auto()
    """As fast as it is taken, without end."""
    CUT = auto()
    """Half of it, then the connection is closed."""
    GARBAGE = auto()
    """Something that is not HTTP."""
    SILENT = auto()
    """Nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path is answered with; `first` are statuses of the first requests, before its own."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    way: Way = Way.WHOLE
    first: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A signal that must come of a site: at a path, of a kind, about a topic, published on a day if told."""

    path: str
    kind: str
    topic: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A company of the small internet.

    `answers` are by path and query, of the domain and its hosts alike; `of_hosts` are those of one host. A
    path that is not there is answered 404. `calendar` paths answer with a page that leads on, without end.
    """

    domain: str
    shows: str
    outcome: Outcome
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    of_hosts: Mapping[str, Mapping[str, Answer]] = field(default_factory=lambda: MappingProxyType({}))
    robots: Answer = Answer(status=404)
    endless: str = ""
    records: tuple[tuple[str, str, str], ...] = ()
    has_address: bool = True
    is_silent: bool = False
    listens: bool = True
    signals: tuple[Expected, ...] = ()
    technologies: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    """Beginnings of paths that must never be asked for."""
    delay: float = 0.0
    """Seconds between requests that its robots.txt asks for."""


def page(title: str, *parts: str, head: str = "") -> Answer:
    """Return a page with a title and parts of markup."""
    body = "".join(parts)
    markup = (
        f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>"
    )
    return Answer(body=markup.encode())


def links(*paths: str) -> str:
    """Return a list of links."""
    return "<nav>" + "".join(f'<a href="{path}">{escape(path)}</a> ' for path in paths) + "</nav>"


def article(title: str, *sentences: str, on: str = "", lang: str = "en") -> Answer:
    """Return a page that is an article of several sentences, published on a day if told."""
    told = f'<meta property="article:published_time" content="{on}T09:00:00Z">' if on else ""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    markup = (
        f'<!doctype html><html lang="{lang}"><head><title>{escape(title)}</title>{told}</head><body>'
        f"<article><h1>{escape(title)}</h1>{said}</article>"
        "</body></html>"
    )
    return Answer(body=markup.encode())


def rules(*lines: str) -> Answer:
    """Return a robots.txt of such lines."""
    return Answer(body="\n".join(lines).encode(), kind="text/plain")


def rss(*entries: tuple[str, str, str, str]) -> Answer:
    """Return an RSS feed of entries: address, title, summary, date as RFC 2822 has it."""
    items = "".join(
        f"<item><link>{url}</link><title>{escape(title)}</title><description>{escape(said)}</description>"
        f"<pubDate>{when}</pubDate></item>"
        for url, title, said, when in entries
    )
    markup = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'
    return Answer(body=markup.encode(), kind="application/rss+xml")


def sitemap(*urls: str, index: bool = False) -> Answer:
    """Return a sitemap of addresses, or an index of sitemaps."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    named = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    return Answer(body=f'<?xml version="1.0"?><{outer}>{named}</{outer}>'.encode(), kind="application/xml")


def packed(answer: Answer, *, as_encoding: bool = False) -> Answer:
    """Return an answer packed with gzip: as a file, or as an encoding of the answer."""
    body = gzip.compress(answer.body, mtime=0)
    if as_encoding:
        return Answer(body=body, kind=answer.kind, headers=(("content-encoding", "gzip"),))
    return Answer(body=body, kind="application/gzip")


def redirect(to: str, status: int = 302) -> Answer:
    """Return a redirect."""
    return Answer(status=status, headers=(("location", to),))
