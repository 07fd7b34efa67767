"""What is kept of a page and of a technology from one collection to the next."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from features.sources.web.paths import Errand, Place


@dataclass(frozen=True, slots=True, order=True)
class Technology:
    """A technology that was sighted, as the technologies table calls it."""

    technology: str
    vendor: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """What is kept of a page: how to ask whether it changed, where it led and what it was made with.

    It was asked for last on `seen_on` and was new or other than before on `changed_on`. A page that was not
    there has no `digest`.
    """

    url: str
    domain: str
    seen_on: date
    changed_on: date
    size: int = 0
    etag: str = ""
    modified: str = ""
    digest: str = ""
    errands: tuple[Errand, ...] = ()
    technologies: tuple[Technology, ...] = ()

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a request that is answered only where the page changed."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnologyRow:
    """A row of the technologies table, of a domain: when it was first seen, since when it is gone."""

    domain: str
    technology: str
    vendor: str
    category: str
    seen_on: date
    gone_on: date | None
    known_on: date


def page_of(row: tuple[str, ...]) -> KnownPage:
    """Return a page from its row in the state."""
    url, domain, seen_on, changed_on, size, etag, modified, digest, errands, technologies = row
    return KnownPage(
        url=url,
        domain=domain,
        seen_on=date.fromisoformat(seen_on),
        changed_on=date.fromisoformat(changed_on),
        size=int(size),
        etag=etag,
        modified=modified,
        digest=digest,
        errands=tuple(_errand(told) for told in json.loads(errands)),
        technologies=tuple(Technology(*told) for told in json.loads(technologies)),
    )


def row_of(page: KnownPage) -> tuple[str | int, ...]:
    """Return a page as its row in the state."""
    return (
        page.url,
        page.domain,
        page.seen_on.isoformat(),
        page.changed_on.isoformat(),
        page.size,
        page.etag,
        page.modified,
        page.digest,
        json.dumps([_told(errand) for errand in page.errands]),
        json.dumps([(one.technology, one.vendor, one.category) for one in page.technologies]),
    )


def _told(errand: Errand) -> list[str | int | None]:
    published = None if errand.published_at is None else errand.published_at.isoformat()
    return [errand.url, int(errand.place), errand.depth, published, errand.title]


def _errand(told: list[str]) -> Errand:
    url, place, depth, published, title = told
    return Errand(
        url=url,
        place=Place(int(place)),
        depth=int(depth),
        published_at=None if published is None else datetime.fromisoformat(published),
        title=title,
    )
