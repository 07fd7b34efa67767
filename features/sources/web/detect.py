"""Which technologies a company's records and pages show, and by what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from features.sources.web.fingerprint import (
    Category,
    Fingerprint,
    Where,
    holds_word,
    is_address,
    is_host,
    is_label,
)
from features.sources.web.fingerprints import FINGERPRINTS, NOBODY
from features.sources.web.page import Record
from features.sources.web.read import Page

LONGEST_EVIDENCE = 200
REMEMBERED = 4096
ANY_HOST = ""


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A technology that showed itself: as the tables name it, where it did, and what was seen there."""

    name: str
    vendor: str
    category: Category
    where: Where
    evidence: str


def _by_tail(rows: Iterable[Fingerprint]) -> dict[str, tuple[Fingerprint, ...]]:
    """Return rows of others' hosts by their last two labels; where these may vary, under no labels."""
    tails: defaultdict[str, list[Fingerprint]] = defaultdict(list)
    for row in rows:
        host = row.pattern.rpartition(" ")[2].partition("/")[0]
        tail = ".".join(host.removeprefix("*.").split(".")[-2:])
        if tail != "@":
            tails[ANY_HOST if "*" in tail else tail].append(row)
    return {tail: tuple(found) for tail, found in tails.items()}


def _by_header(rows: Iterable[Fingerprint]) -> dict[str, tuple[tuple[Fingerprint, str], ...]]:
    """Return rows by the name of their header, with the word they want, which may be none."""
    named: defaultdict[str, list[tuple[Fingerprint, str]]] = defaultdict(list)
    for row in rows:
        name, _, word = row.pattern.lower().partition(":")
        named[name].append((row, word.strip()))
    return {name: tuple(found) for name, found in named.items()}


_ROWS = {where: tuple(row for row in FINGERPRINTS if row.where is where) for where in Where}
_TAILS = {where: _by_tail(rows) for where, rows in _ROWS.items()}
_OWN = tuple(
    (row.pattern.lower().split("/")[1], row) for row in _ROWS[Where.LINK] if row.pattern.startswith("@/")
)
"""Rows of paths on the company's own hosts, by the first segment."""
_OF_KIND = {"MX": Where.MX, "NS": Where.NS, "CNAME": Where.CNAME}
_HEADERS = _by_header(_ROWS[Where.HEADER])


def technologies_of(pages: Iterable[Page], records: Iterable[Record]) -> tuple[Sighting, ...]:
    """Return what pages and DNS records of one company show, sorted, each technology once for each place.

    Of several sightings in the same place the first by its evidence stands, so that the order of pages and
    records changes nothing, and so does looking at each page alone and joining what was found.
    """
    found = [sighting for page in pages for sighting in _on_page(page)]
    found.extend(_in_records(tuple(records)))
    return joined(found)


def joined(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return sightings of one company as `technologies_of` would have, had it seen all at once."""
    once: dict[tuple[str, Where], Sighting] = {}
    for sighting in sorted(sightings):
        once.setdefault((sighting.name, sighting.where), sighting)
    return tuple(sorted(once.values()))


def _on_page(page: Page) -> Iterator[Sighting]:
    yield from _in_headers(page)
    yield from _by_cookie(page)
    yield from _by_generator(page)
    yield from _in_markup(page)
    for where, addresses in ((Where.SCRIPT, page.traces.loaded), (Where.LINK, page.traces.links)):
        for address in addresses:
            yield from _at_address(where, address, page)


def _in_headers(page: Page) -> Iterator[Sighting]:
    for name, value in page.traces.headers:
        for row, word in _HEADERS.get(name, ()):
            if not word or holds_word(word, value.lower()):
                yield _sighted(row, page.url, f"{name}: {value}")


def _by_cookie(page: Page) -> Iterator[Sighting]:
    for cookie in page.traces.cookies:
        for row in _ROWS[Where.COOKIE]:
            if is_label(row.pattern, cookie):
                yield _sighted(row, page.url, cookie)


def _by_generator(page: Page) -> Iterator[Sighting]:
    for generator in page.traces.generators:
        for row in _ROWS[Where.META]:
            if generator.lower().startswith(row.pattern.lower()):
                yield _sighted(row, page.url, generator)


def _in_markup(page: Page) -> Iterator[Sighting]:
    markup = page.traces.markup
    for row in _ROWS[Where.MARKUP]:
        if row.pattern in markup and holds_word(row.pattern, markup):
            yield _sighted(row, page.url, row.pattern)


def _at_address(where: Where, address: str, page: Page) -> Iterator[Sighting]:
    for row, place in _rows_at(where, address, page.domain):
        yield _sighted(row, page.url, place)


@lru_cache(maxsize=REMEMBERED)
def _rows_at(where: Where, address: str, domain: str) -> tuple[tuple[Fingerprint, str], ...]:
    """Return the rows an address speaks for, and its host and path; pages of a site share most of them."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or domain).lower()
    except ValueError:  # an address that is none
        return ()
    if parts.scheme not in ("http", "https", ""):
        return ()
    place = f"{host}{parts.path}"
    candidates = _rows_for(where, host)
    if is_host("@", host, domain):
        begin = parts.path.lower().strip("/").partition("/")[0]
        candidates += tuple(row for first, row in _OWN if is_label(first, begin))
    return tuple((row, place) for row in candidates if is_address(row.pattern, host, parts.path, domain))


def _rows_for(where: Where, host: str) -> tuple[Fingerprint, ...]:
    tails = _TAILS[where]
    return tails.get(".".join(host.split(".")[-2:]), ()) + tails.get(ANY_HOST, ())


def _in_records(records: tuple[Record, ...]) -> Iterator[Sighting]:
    addressed = {record.name.lower() for record in records if record.kind in ("A", "AAAA")}
    aliased = {record.name.lower() for record in records if record.kind == "CNAME"}
    for record in records:
        value = record.value.strip().lower().rstrip(".")
        name = record.name.lower()
        if record.kind in _OF_KIND:
            # An MX may come with its preference before the host.
            yield from _at_host(_OF_KIND[record.kind], value.rpartition(" ")[2], record)
        if "._domainkey." in name:
            yield from _by_selector(name.partition("._domainkey.")[0], value, record)
        elif record.kind == "TXT":
            yield from _in_text(value, record)
        elif record.kind in ("A", "AAAA") and f"{NOBODY}.{record.domain}" not in addressed | aliased:
            yield from _by_name(name, record, aliased)


def _at_host(where: Where, host: str, record: Record) -> Iterator[Sighting]:
    for row in _rows_for(where, host):
        if is_host(row.pattern, host, record.domain):
            yield _sighted(row, record.name, host)


def _by_selector(selector: str, value: str, record: Record) -> Iterator[Sighting]:
    """Look at a DKIM record: a key that lies there, or the name that it is asked for under."""
    for row in _ROWS[Where.DKIM]:
        wanted, _, host = row.pattern.partition(" ")
        if selector != wanted:
            continue
        there = record.kind == "CNAME" and is_host(host, value, record.domain) if host else "p=" in value
        if there:
            yield _sighted(row, record.name, value if host else "a DKIM key")


def _in_text(value: str, record: Record) -> Iterator[Sighting]:
    text = value.strip('"')
    for row in _ROWS[Where.TXT]:
        if text.startswith(row.pattern.lower()):
            yield _sighted(row, record.name, row.pattern)
    if not text.startswith("v=spf1"):
        return
    for term in text.split():
        mechanism, _, host = term.lstrip("+?~-").replace("redirect=", "redirect:").partition(":")
        if mechanism in ("include", "redirect"):
            yield from _at_host(Where.SPF, host.rstrip("."), record)


def _by_name(name: str, record: Record, aliased: set[str]) -> Iterator[Sighting]:
    """Look at an address of a name of the company's own; one that is an alias stands elsewhere."""
    for row in _ROWS[Where.NAME]:
        if name == f"{row.pattern}.{record.domain}" and name not in aliased:
            yield _sighted(row, record.name, "has an address")


def _sighted(row: Fingerprint, place: str, seen: str) -> Sighting:
    evidence = f"{row.where} at {place}: {seen}"[:LONGEST_EVIDENCE]
    return Sighting(
        name=row.name, vendor=row.vendor, category=row.category, where=row.where, evidence=evidence
    )
