from datetime import UTC, datetime

import pytest

from features.sources.web.page import Fetched
from features.sources.web.robots import LARGEST, Rules, Wishes, read_rules, wishes_of


def rules(body: str | bytes, status: int = 200) -> Rules:
    return read_rules(
        Fetched(
            url="http://x.com/robots.txt",
            domain="x.com",
            status=status,
            headers=(),
            body=body.encode() if isinstance(body, str) else body,
            fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
        )
    )


def test_rules_are_obeyed_and_those_for_us_before_those_for_all() -> None:
    read = rules("User-agent: *\nDisallow: /a\n\nUser-agent: ascentcollector\nDisallow: /b\nAllow: /b/open")
    assert [read.allows(f"http://x.com{path}") for path in ("/a", "/b", "/b/open")] == [True, False, True]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_rules_everything_is_allowed(status: int) -> None:
    assert rules("", status).allows("http://x.com/a")


@pytest.mark.parametrize("status", [429, 500, 503, 204, 304])
def test_when_the_rules_cannot_be_read_nothing_is_allowed(status: int) -> None:
    read = rules("", status)
    assert not read.allows("http://x.com/a")
    assert str(status) in read.refusal


@pytest.mark.parametrize(
    ("told", "delay"),
    [("Crawl-delay: 2.5", 2.5), ("Request-rate: 1/10s", 10.0), ("Crawl-delay: x", 0.0), ("", 0.0)],
)
def test_the_delay_asked_for_is_told(told: str, delay: float) -> None:
    assert rules(f"User-agent: *\n{told}").delay == delay


def test_few_sitemaps_are_told() -> None:
    named = "\n".join(f"Sitemap: http://x.com/{n}.xml" for n in range(100))
    assert rules(f"User-agent: *\n{named}").sitemaps[0] == "http://x.com/0.xml"
    assert len(rules(f"User-agent: *\n{named}").sitemaps) == 5


def test_noise_allows_everything_and_what_lies_beyond_the_limit_is_not_read() -> None:
    assert rules(bytes(range(256)) * 100).allows("http://x.com/a")
    assert rules("#" * LARGEST + "\nUser-agent: *\nDisallow: /").allows("http://x.com/a")


def wishes(body: bytes, *headers: tuple[str, str]) -> Wishes:
    return wishes_of(
        Fetched(
            url="http://x.com/a",
            domain="x.com",
            status=200,
            headers=headers,
            body=body,
            fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
        )
    )


@pytest.mark.parametrize(
    "body",
    [
        b'<META NAME="Robots" CONTENT="NOINDEX, nofollow">',
        b"<meta content='none' name=robots>",
        b"<meta name='ascentcollector' content='noindex,nofollow'/>",
    ],
)
def test_a_page_that_does_not_wish_to_be_told_of_says_so(body: bytes) -> None:
    assert wishes(b"<head>" + body) == Wishes(noindex=True, nofollow=True)


def test_headers_count_and_wishes_for_others_do_not() -> None:
    assert wishes(b"", ("x-robots-tag", "noindex")) == Wishes(noindex=True)
    assert (
        wishes(b'<meta name="googlebot" content="noindex"><meta name="description" content="none">')
        == Wishes()
    )
    assert wishes(b'<meta name="robots" content="index, follow">') == Wishes()
