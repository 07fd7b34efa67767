import json
from datetime import UTC, datetime

import pytest

from features.sources.web.read import Page, read_page
from features.sources.web.structured import Item, ItemKind, json_of
from tests.features.sources.web.answers import answer

JOB = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Azure engineer",
    "description": (
        "&lt;p&gt;You run our &lt;b&gt;Azure&lt;/b&gt;.&lt;/p&gt;"
        "&lt;p&gt;Write to jane@acme.example.&lt;/p&gt;"
    ),
    "datePosted": "2026-11-05",
    "applicationContact": {"@type": "ContactPoint", "name": "Jane Doe", "telephone": "+90 212 555 12 34"},
    "hiringOrganization": {"@type": "Organization", "name": "Acme"},
}


def read(*blocks: object, markup: str = "") -> Page:
    scripts = "".join(
        f'<script type="application/ld+json">{block}</script>'
        for block in (each if isinstance(each, str) else json.dumps(each) for each in blocks)
    )
    return read_page(answer(f"<html><head>{scripts}</head><body>{markup}<p>Text</p></body></html>"))


def test_a_job_is_read_with_its_title_date_and_text_and_without_persons() -> None:
    (job,) = read(JOB).jobs
    assert job == Item(
        kind=ItemKind.JOB,
        title="Azure engineer",
        text="You run our Azure.\nWrite to […].",
        published_at=datetime(2026, 11, 5, tzinfo=UTC),
    )
    assert "Jane" not in repr(read(JOB))


@pytest.mark.parametrize(
    "block",
    [
        [JOB],
        {"@graph": [{"@type": "WebSite", "name": "x"}, JOB]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": JOB}]},
        JOB | {"@type": ["Thing", "JobPosting"]},
        JOB | {"@type": "http://schema.org/JobPosting"},
        "<!-- begin -->" + json.dumps(JOB),
        json.dumps(JOB)[:-1] + ",}",
    ],
)
def test_a_job_is_found_however_it_is_wrapped(block: object) -> None:
    assert len(read(block).jobs) == 1


def test_one_broken_block_does_not_hide_another() -> None:
    assert len(read("{not json", JOB, "[" * 100_000).jobs) == 1


def test_the_same_item_twice_is_told_once() -> None:
    assert len(read(JOB, JOB).jobs) == 1


@pytest.mark.parametrize(
    "block",
    [
        JOB | {"title": ""},
        JOB | {"title": 7},
        JOB | {"title": None},
        JOB | {"@type": 7},
        JOB | {"@type": "JobPostings"},
        7,
        None,
        "",
    ],
)
def test_what_has_no_title_or_type_is_no_job(block: object) -> None:
    assert read(block).jobs == ()


@pytest.mark.parametrize("date", ["tomorrow", "2031-01-01", 20261105, None, ["x"], {"@value": "no"}])
def test_a_job_with_an_absurd_date_has_none(date: object) -> None:
    (job,) = read(JOB | {"datePosted": date}).jobs
    assert job.published_at is None


def test_lone_surrogates_in_json_do_not_reach_a_text() -> None:
    (job,) = read('{"@type": "JobPosting", "title": "a\\ud800b"}').jobs
    assert job.title == "ab"


def test_an_event_begins_ahead_and_an_article_is_of_its_kind() -> None:
    page = read(
        {"@type": "Event", "name": "Cloud day", "startDate": "2027-02-01"},
        {"@type": "BlogPosting", "headline": "Why we moved", "datePublished": "2026-10-01"},
        {"@type": "NewsArticle", "headline": "We moved"},
        {"@type": "Corporation", "name": "Acme"},
    )
    assert [(item.kind, item.title) for item in page.items] == [
        (ItemKind.EVENT, "Cloud day"),
        (ItemKind.BLOG, "Why we moved"),
        (ItemKind.NEWS, "We moved"),
        (ItemKind.ORGANIZATION, "Acme"),
    ]
    assert page.items[0].starts_at == datetime(2027, 2, 1, tzinfo=UTC)


def test_microdata_tell_a_job_too() -> None:
    markup = (
        '<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">SAP consultant</h1>'
        '<time itemprop="datePosted" datetime="2026-11-01"></time>'
        '<div itemprop="description">We use SAP.</div>'
        '<div itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization">'
        '<span itemprop="name">Acme</span></div></div>'
    )
    page = read(markup=markup)
    assert [(job.title, job.text, job.published_at) for job in page.jobs] == [
        ("SAP consultant", "We use SAP.", datetime(2026, 11, 1, tzinfo=UTC))
    ]
    assert [item.title for item in page.items if item.kind is ItemKind.ORGANIZATION] == ["Acme"]


def test_microdata_with_an_address_that_is_none_do_no_harm() -> None:
    markup = (
        '<div itemscope itemtype="https://schema.org/Event"><a itemprop="url" href="http://[x">x</a></div>'
    )
    assert read(markup=markup).unreadable == ""


def test_a_page_with_very_many_properties_is_read_without_its_microdata() -> None:
    markup = '<div itemscope itemtype="https://schema.org/Event"><p itemprop="name">x</p></div>' * 300
    page = read(markup=markup)
    assert (page.items, page.unreadable) == ((), "")


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        json_of("[" * 100_000)
