"""Reads what others recorded: posts of forums and social networks, visits to one's site, downloads.

Posts are JSON Lines, visits and downloads CSV. Whose they are is told by the company's domain alone; e-mail
and IP addresses are read for that and not kept.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit, urlunsplit

from features.errors import CallRefused
from features.sources.web.companies import Companies, Refused, Unknown, of_email, of_host
from features.sources.web.dates import moment
from features.sources.web.structured import json_of
from features.sources.web.texts import of_markup, plain, without_contacts
from features.sources.web.visited import OF_SEGMENT, topic_of

LONGEST_LINE = 100_000
LONGEST_TEXT, LONGEST_TITLE, LONGEST_PLACE, LONGEST_ADDRESS = 4000, 300, 60, 500


class Recorded(StrEnum):
    """What an export records: the kind of signal that its lines become."""

    FORUM = "forum_post"
    SOCIAL = "social_post"
    VISITS = "site_visit"
    DOWNLOADS = "content_download"


POSTS = (Recorded.FORUM, Recorded.SOCIAL)
COLUMNS = {Recorded.VISITS: ("time", "visitor", "page"), Recorded.DOWNLOADS: ("time", "visitor", "asset")}
"""What the header of a log must name; it may name `title` or `url` too, and others, which are not read."""
SEPARATORS = (",", ";", "\t")


class Unusable(ValueError):
    """Why a line tells nothing; quotes nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One line of an export: what somebody of a company wrote, visited or downloaded.

    `topic` is told where the page's address tells it; where it is empty the text has to. `place` is the
    platform, `happened_at` is UTC and at the latest the moment of reading.
    """

    kind: Recorded
    domain: str
    url: str
    place: str
    text: str
    topic: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class _Header:
    separator: str
    columns: tuple[str, ...]


def read_export(
    path: Path,
    kind: Recorded,
    *,
    companies: Companies,
    by: datetime,
    of_segment: Mapping[str, str] = OF_SEGMENT,
) -> Iterator[Mention | Refused]:
    """Yield a mention for each line that can be used, and for each other one the reason why not, in order.

    Raises:
        CallRefused: The file cannot be read, or the header of a log does not name what is needed.
    """
    try:
        with path.open("rb") as file:
            lines = _lines(file)
            if kind in POSTS:
                read = _post(kind, by=by)
            else:
                header = _header(next(lines, (1, ""))[1], kind, path)
                read = _entry(kind, header, companies=companies, by=by, of_segment=of_segment)
            for number, line in lines:
                if len(line) >= LONGEST_LINE:
                    yield Refused(number, f"longer than {LONGEST_LINE:,} bytes")
                elif line.strip():
                    yield _read_or_refused(read, number, line)
    except OSError as error:
        raise CallRefused(f"An export ({kind}) was expected; {path}: {error.strerror}.") from error


def _read_or_refused(read: Callable[[str], Mention], number: int, line: str) -> Mention | Refused:
    try:
        return read(line)
    except (Unusable, Unknown) as reason:
        return Refused(number, str(reason))


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the lines by number from 1, cut where they are longer than is read."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield number, line.decode("latin-1") if rest is not line else _decoded(line)


def _decoded(line: bytes) -> str:
    return line.decode("utf-8-sig", "replace").replace("\x00", "")


def _post(kind: Recorded, *, by: datetime) -> Callable[[str], Mention]:
    """Return what makes a mention of a line of JSON."""

    def read(line: str) -> Mention:
        try:
            post = json_of(line)
        except ValueError:
            raise Unusable("no JSON") from None
        if not isinstance(post, dict):
            raise Unusable("no JSON object")
        text = without_contacts(plain(of_markup(_text(post, "text")), limit=LONGEST_TEXT))
        if not text:
            raise Unusable("no text")
        author = _text(post, "author_email") or _text(post, "author")
        company = _text(post, "company_domain") or _text(post, "author_domain") or author
        return Mention(
            kind=kind,
            domain=of_email(company) if "@" in company else of_host(company),
            url=_address(_text(post, "url")),
            place=without_contacts(plain(_text(post, "platform"), limit=LONGEST_PLACE)),
            text=text,
            topic="",
            happened_at=_instant(_text(post, "created_at"), by=by),
        )

    return read


def _entry(
    kind: Recorded,
    header: _Header,
    *,
    companies: Companies,
    by: datetime,
    of_segment: Mapping[str, str],
) -> Callable[[str], Mention]:
    """Return what makes a mention of a line of a log."""
    place, name = ("page", "title") if kind is Recorded.VISITS else ("url", "asset")

    def read(line: str) -> Mention:
        cells = _cells(line, header.separator)
        if len(cells) != len(header.columns):
            raise Unusable(f"{len(header.columns)} cells were expected, {len(cells)} came")
        row = dict(zip(header.columns, cells, strict=True))
        url = _address(row.get(place, ""))
        text = without_contacts(plain(row.get(name, ""), limit=LONGEST_TITLE))
        topic = topic_of(url, of_segment)
        if not topic and not text:
            raise Unusable("neither an address nor a title tells what it is about")
        return Mention(
            kind=kind,
            domain=companies.of(row["visitor"]),
            url=url,
            place="",
            text=text,
            topic=topic,
            happened_at=_instant(row["time"], by=by),
        )

    return read


def _header(line: str, kind: Recorded, path: Path) -> _Header:
    """Return how a log is separated and which columns it has, by its first line.

    Raises:
        CallRefused: It does not name what is needed.
    """
    wanted = COLUMNS[kind]
    for separator in SEPARATORS:
        columns = tuple(cell.strip(' "\r\n').lower() for cell in line.split(separator))
        if set(wanted) <= set(columns):
            return _Header(separator, columns)
    came = plain(line, limit=120) or "nothing"
    raise CallRefused(
        f"A log ({kind}) with the columns {', '.join(wanted)} was expected in {path}; {came} came."
    )


def _cells(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line.rstrip("\r\n")], delimiter=separator, strict=True), [])
    except csv.Error:
        raise Unusable("quotes that do not end") from None
    return [cell.strip() for cell in cells]


def _text(post: Mapping[str, object], name: str) -> str:
    value = post.get(name)
    return value[:LONGEST_LINE].strip() if isinstance(value, str) else ""


def _instant(told: str, *, by: datetime) -> datetime:
    instant = moment(told, by=by)
    if instant is None:
        raise Unusable("no time that can be true, such as 2026-11-05T10:00:00Z")
    return instant


def _address(told: str) -> str:
    """Return a web address or path without its query and fragment, which may say who it was; else nothing."""
    try:
        parts = urlsplit(told)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "") or "@" in told.partition("?")[0]:
        return ""
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return address if len(address) <= LONGEST_ADDRESS and address.isprintable() else ""
