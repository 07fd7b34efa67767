"""Which passages of a page are worth telling: its jobs, or the article that it is."""

from collections.abc import Iterator

from features.sources.web.feeds import Entry
from features.sources.web.page import Fetched
from features.sources.web.paths import Errand, Place
from features.sources.web.read import Page
from features.sources.web.signals import Passage
from features.sources.web.structured import ItemKind

KINDS = {
    Place.JOB: "job_posting",
    Place.RELEASE: "press_release",
    Place.NEWS_ITEM: "press_release",
    Place.POST: "blog_post",
}
"""The kind of signal that an entry of a list is, unless its words say more."""


def passages_of(page: Page, errand: Errand) -> tuple[Passage, ...]:
    """Return what a page says: each job that it declares, else its text where it is an entry of a list."""
    if page.is_sign_in or page.unreadable:
        return ()
    jobs = tuple(_jobs(page, errand))
    if jobs or errand.place not in KINDS or not page.text:
        return jobs
    is_event = any(item.kind is ItemKind.EVENT for item in page.items)
    return (
        Passage(
            domain=page.domain,
            url=errand.url,
            kind="event" if is_event else KINDS[errand.place],
            title=page.title or errand.title,
            text=page.text,
            language=page.language,
            published_at=page.published_at or errand.published_at,
            seen_at=page.fetched_at,
        ),
    )


def _jobs(page: Page, errand: Errand) -> Iterator[Passage]:
    several = len(page.jobs) > 1
    for job in page.jobs:
        yield Passage(
            domain=page.domain,
            url=errand.url,
            kind="job_posting",
            title=job.title,
            text=job.text,
            language=page.language,
            published_at=job.published_at or errand.published_at,
            seen_at=page.fetched_at,
            part=job.title if several else "",
        )


def passage_of_entry(entry: Entry, *, url: str, feed: Fetched) -> Passage:
    """Return what a feed says of an entry whose own page is not asked for."""
    return Passage(
        domain=feed.domain,
        url=url,
        kind="blog_post",
        title=entry.title,
        text=entry.summary,
        published_at=entry.published_at,
        seen_at=feed.fetched_at,
    )
