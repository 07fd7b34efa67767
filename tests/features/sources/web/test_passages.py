from dataclasses import replace
from datetime import UTC, datetime, timedelta

from features.sources.web.feeds import Entry
from features.sources.web.page import Fetched
from features.sources.web.passages import passage_of_entry, passages_of
from features.sources.web.paths import Errand, Place
from features.sources.web.read import Page
from features.sources.web.structured import Item, ItemKind

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(3)
PAGE = Page(url="http://x.com/p", domain="x.com", status=200, fetched_at=NOON, title="T", text="Words.")


def errand(place: Place, published_at: datetime | None = None) -> Errand:
    return Errand(url="http://x.com/p", place=place, published_at=published_at, title="From the feed")


def job(title: str, published_at: datetime | None = None) -> Item:
    return Item(kind=ItemKind.JOB, title=title, text="Work.", published_at=published_at)


def test_an_entry_of_a_list_is_a_passage_of_the_kind_of_its_list() -> None:
    kinds = {place: [one.kind for one in passages_of(PAGE, errand(place))] for place in Place}
    assert {place: told for place, told in kinds.items() if told} == {
        Place.JOB: ["job_posting"],
        Place.RELEASE: ["press_release"],
        Place.NEWS_ITEM: ["press_release"],
        Place.POST: ["blog_post"],
    }


def test_what_declares_an_event_is_one() -> None:
    declared = replace(PAGE, items=(Item(kind=ItemKind.EVENT, title="Fair"),))
    assert [one.kind for one in passages_of(declared, errand(Place.NEWS_ITEM))] == ["event"]


def test_declared_jobs_are_passages_wherever_they_stand_each_its_own() -> None:
    declared = replace(PAGE, items=(job("A", EARLIER), job("B")))
    found = passages_of(declared, errand(Place.JOBS))
    assert [(one.title, one.part, one.published_at) for one in found] == [
        ("A", "A", EARLIER),
        ("B", "B", None),
    ]
    assert len({one.signal_id("azure") for one in found}) == 2
    (alone,) = passages_of(replace(PAGE, items=(job("A"),)), errand(Place.JOBS))
    assert alone.part == ""


def test_doors_and_unreadable_pages_say_nothing() -> None:
    for page in (replace(PAGE, is_sign_in=True), replace(PAGE, unreadable="binary"), replace(PAGE, text="")):
        assert passages_of(page, errand(Place.POST)) == ()


def test_what_a_page_says_of_its_day_counts_before_what_a_feed_says() -> None:
    (told,) = passages_of(replace(PAGE, published_at=EARLIER), errand(Place.POST, NOON))
    assert told.happened_at == EARLIER
    (hinted,) = passages_of(PAGE, errand(Place.POST, EARLIER))
    assert hinted.happened_at == EARLIER
    (unknown,) = passages_of(PAGE, errand(Place.POST))
    assert unknown.happened_at == NOON


def test_what_lies_ahead_happened_when_it_was_seen() -> None:
    (ahead,) = passages_of(replace(PAGE, published_at=NOON + timedelta(1)), errand(Place.POST))
    assert ahead.happened_at == ahead.seen_at == NOON


def test_the_same_words_have_one_digest_wherever_they_stand() -> None:
    (one,) = passages_of(PAGE, errand(Place.POST))
    (other,) = passages_of(replace(PAGE, text=" words. "), errand(Place.NEWS_ITEM))
    (third,) = passages_of(replace(PAGE, text="Other words."), errand(Place.POST))
    assert one.digest == other.digest != third.digest


def test_an_entry_of_a_feed_is_a_passage_of_its_own_address() -> None:
    entry = Entry(url="http://y.com/a", title="T", summary="S", published_at=EARLIER)
    feed = Fetched(url="http://x.com/f", domain="x.com", status=200, headers=(), body=b"", fetched_at=NOON)
    told = passage_of_entry(entry, url=entry.url, feed=feed)
    assert (told.domain, told.url, told.happened_at, told.seen_at) == (
        "x.com",
        "http://y.com/a",
        EARLIER,
        NOON,
    )
