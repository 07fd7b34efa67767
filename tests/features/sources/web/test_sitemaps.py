import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.page import Fetched
from features.sources.web.sitemaps import NAMED_AT_MOST, Named, read_sitemap, unpacked


def read(body: bytes, *, largest: int = 1_000_000) -> tuple[Named, ...]:
    fetched = Fetched(
        url="http://x.com/sitemap.xml",
        domain="x.com",
        status=200,
        headers=(),
        body=body,
        fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
    )
    return read_sitemap(fetched, largest=largest)


def urls(count: int) -> bytes:
    return (
        b"<urlset>"
        + b"".join(b"<url><loc>http://x.com/%d</loc></url>" % n for n in range(count))
        + b"</urlset>"
    )


def test_addresses_and_their_days_are_read() -> None:
    body = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> http://x.com/a </loc>'
        b"<lastmod>2026-11-01</lastmod></url><url><loc>http://x.com/b</loc><lastmod>soon</lastmod></url></urlset>"
    )
    assert read(body) == (
        Named("http://x.com/a", False, datetime(2026, 11, 1, tzinfo=UTC)),
        Named("http://x.com/b", False),
    )


def test_an_index_names_sitemaps_packed_or_not() -> None:
    body = b"<sitemapindex><sitemap><loc>http://x.com/1.xml</loc></sitemap></sitemapindex>"
    assert read(body) == read(gzip.compress(body)) == (Named("http://x.com/1.xml", True),)


def test_what_was_read_before_a_fault_counts() -> None:
    assert len(read(urls(3)[:-40])) == 2


def test_of_very_many_addresses_the_first_are_read() -> None:
    assert len(read(urls(NAMED_AT_MOST + 10))) == NAMED_AT_MOST


def test_a_bomb_is_unpacked_to_its_limit_alone() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    assert len(unpacked(bomb, largest=1000)) == 1000
    assert read(bomb, largest=1000) == ()


def test_entities_do_not_multiply() -> None:
    body = b'<!DOCTYPE u [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><urlset><url><loc>http://x.com/&b;</loc></url></urlset>'
    assert all("xx" not in one.url for one in read(body))


@pytest.mark.parametrize("body", [b"", b"\x1f\x8b", b"\x1f\x8bnot really", b"<", b"\x00" * 100])
def test_what_is_no_sitemap_names_nothing(body: bytes) -> None:
    assert read(body) == ()


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    read(body)
    read(b"<urlset><url><loc>" + body)
