"""Reads a page: what it says, when, in which language, where it leads, and what it shows of its makings."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import py3langid
import trafilatura
from lxml.etree import ParserError, XMLSyntaxError
from selectolax.lexbor import LexborHTMLParser
from trafilatura.settings import Extractor

from features.sources.web.charsets import decoded
from features.sources.web.dates import moment, moment_in
from features.sources.web.links import Link, absolute, links_of
from features.sources.web.page import Fetched
from features.sources.web.structured import LONGEST_TITLE, Item, ItemKind, items_of
from features.sources.web.texts import nests_deeply, of_markup, plain, plain_lines, without_contacts
from features.sources.web.traces import NO_TRACES, Traces, traces_of

LARGEST = 2_000_000
"""Bytes of a page that are read; what follows is left."""
MOST_ELEMENTS = 6000
"""In larger pages the main text is not told from the rest, which takes long: all their words are taken."""
LONGEST_TEXT = 20_000
SHORTEST_TEXT = 40
"""Of fewer characters the language is not told by the words but by the page's own mark."""
LANGUAGE_SAMPLE = 300
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
MOST_LINKS, MOST_ANCHORS, MOST_FEEDS = 200, 2000, 5
PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "publish-date",
    "pubdate",
    "parsely-pub-date",
)
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_MAIN_TEXT = Extractor(fast=True, comments=False, precision=True, output_format="txt")
_PARSER = lxml.etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
# Every element of one class: lxml.html's own parser asks for the class of each, in Python, at each touch.
_PARSER.set_element_class_lookup(lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
# It warns of each page without a text; we say so in the page.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read of one answer.

    Texts are plain, without e-mail addresses and telephone numbers. `language` is an ISO 639-1 code, empty
    where it cannot be told. `published_at` is None where the page does not say when it was published: then it
    counts from when it was first seen. `unreadable` gives the reason why nothing was read; its headers have
    left traces even so.
    """

    url: str
    domain: str
    status: int
    fetched_at: datetime
    title: str = ""
    text: str = ""
    language: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    traces: Traces = NO_TRACES
    is_sign_in: bool = False
    unreadable: str = ""

    @property
    def jobs(self) -> tuple[Item, ...]:
        """The jobs it declares."""
        return tuple(item for item in self.items if item.kind is ItemKind.JOB)


def read_page(fetched: Fetched) -> Page:
    """Return what an answer holds; whatever a site sent, nothing is raised."""
    page = Page(
        url=fetched.url,
        domain=fetched.domain,
        status=fetched.status,
        fetched_at=fetched.fetched_at,
        traces=traces_of(fetched),
    )
    unreadable = _why_not(fetched)
    if unreadable:
        return replace(page, unreadable=unreadable)
    try:
        return _read(page, replace(fetched, body=fetched.body[:LARGEST]))
    except (RecursionError, MemoryError):
        return replace(page, unreadable="nested too deeply")
    except Exception as error:  # a parser's fault that a page brought out ends the page, not the run
        return replace(page, unreadable=f"the reader failed: {type(error).__name__}")


def _why_not(fetched: Fetched) -> str:
    kind = fetched.header("content-type").partition(";")[0].strip().lower()
    if not fetched.body.strip():
        return "empty"
    if kind and "html" not in kind and kind not in ("text/plain", "application/octet-stream"):
        return f"no HTML but {kind[:60]}"
    if fetched.body.count(b"\x00", 0, 1024) > 600:
        return "binary"
    return ""


def _read(page: Page, fetched: Fetched) -> Page:
    markup = decoded(fetched)
    tree = _tree(markup)
    if tree is not None and nests_deeply(markup):  # lxml's parser nests no deeper than 256
        markup = lxml.html.tostring(tree, encoding="unicode")
    document = LexborHTMLParser(markup)
    metas = _metas(document)
    base = _base(document, page.url)
    lowered = markup.lower()
    declares = tree is not None and ("ld+json" in lowered or "itemscope" in lowered)
    items = items_of(tree, base=base, by=page.fetched_at) if declares else ()
    text = _main_text(markup, tree)
    published, modified = _dates(document, metas, items, page)
    return replace(
        page,
        title=_title(document, metas),
        text=text,
        language=_language(document, text),
        published_at=published,
        modified_at=modified,
        items=items,
        links=_links(document, base=base, domain=page.domain),
        feeds=_feeds(document, base=base),
        traces=traces_of(fetched, document, markup),
        is_sign_in=document.css_first("input[type=password]") is not None,
    )


def _tree(markup: str) -> lxml.html.HtmlElement | None:
    """Return the page parsed for those who read lxml's trees; None where it has no elements."""
    try:
        return lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=_PARSER)
    except (ParserError, XMLSyntaxError):
        return None


def _main_text(markup: str, tree: lxml.html.HtmlElement | None) -> str:
    """Return the main text, a line for each block; all the words of the page where it has none."""
    text: str | None = None
    if tree is not None and tree.xpath("count(//*)") <= MOST_ELEMENTS:
        text = trafilatura.extract(tree, options=_MAIN_TEXT)
    return without_contacts(plain_lines(text or of_markup(markup), limit=LONGEST_TEXT))


def _title(document: LexborHTMLParser, metas: dict[str, str]) -> str:
    heading = document.css_first("h1")
    told = (metas.get("og:title"), document.css_first("title"), heading)
    texts = (text if isinstance(text, str) else text.text(strip=True) for text in told if text is not None)
    title = next((text for text in texts if text.strip()), "")
    return without_contacts(plain(of_markup(title), limit=LONGEST_TITLE))


def _metas(document: LexborHTMLParser) -> dict[str, str]:
    """Return what the meta elements say, by lower-case name or property; the first of a name counts."""
    metas: dict[str, str] = {}
    for node in document.css("meta[content]"):
        name = (
            node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        )
        if name:
            metas.setdefault(name.lower(), node.attributes.get("content") or "")
    return metas


def _base(document: LexborHTMLParser, url: str) -> str:
    declared = document.css_first("base[href]")
    return (declared and absolute(url, declared.attributes.get("href") or "")) or url


def _dates(
    document: LexborHTMLParser, metas: dict[str, str], items: tuple[Item, ...], page: Page
) -> tuple[datetime | None, datetime | None]:
    """Return when the page was published and modified; its own words count before its address."""
    written = [item for item in items if item.kind in (ItemKind.NEWS, ItemKind.BLOG, ItemKind.JOB)]
    own = written[0] if len(written) == 1 else None  # of several, each has its own date and the page none
    published = own.published_at if own else None
    told = (*(metas.get(name, "") for name in PUBLISHED), *_times(document))
    for text in told:
        published = published or moment(text, by=page.fetched_at)
    published = published or moment_in(urlsplit(page.url).path, by=page.fetched_at)
    modified = own.modified_at if own else None
    for name in MODIFIED:
        modified = modified or moment(metas.get(name, ""), by=page.fetched_at)
    return published, modified


def _times(document: LexborHTMLParser) -> tuple[str, ...]:
    """Return what the page's time elements tell: that of its only article, or the only one there is."""
    articles = document.css("article")
    times = document.css("article time[datetime]" if len(articles) == 1 else "time[datetime]")
    if len(articles) != 1 and len(times) != 1:
        return ()
    return tuple(node.attributes.get("datetime") or "" for node in times[:1])


def _language(document: LexborHTMLParser, text: str) -> str:
    if len(text) >= SHORTEST_TEXT:
        return str(py3langid.classify(text[:LANGUAGE_SAMPLE])[0])
    root = document.root
    declared = (root.attributes.get("lang") or "") if root is not None else ""
    code = declared.replace("_", "-").partition("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _links(document: LexborHTMLParser, *, base: str, domain: str) -> tuple[Link, ...]:
    anchors = document.css("a[href]")[:MOST_ANCHORS]
    told = ((node.attributes.get("href") or "", node.text(strip=True)) for node in anchors)
    return links_of(dict.fromkeys(told), base=base, domain=domain)[:MOST_LINKS]


def _feeds(document: LexborHTMLParser, *, base: str) -> tuple[str, ...]:
    feeds: dict[str, None] = {}
    for node in document.css("link[rel~=alternate][type][href]"):
        if (node.attributes.get("type") or "").strip().lower() in FEED_TYPES:
            url = absolute(base, node.attributes.get("href") or "")
            if url is not None:
                feeds[url] = None
    return tuple(feeds)[:MOST_FEEDS]
