from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.links import WORDS, Link, LinkKind, absolute, kind_of_link, links_of

BASE = "https://www.acme.example/en/"


def found(address: str, said: str = "") -> tuple[Link, ...]:
    return links_of(((address, said),), base=BASE, domain="acme.example")


@pytest.mark.parametrize(
    ("address", "said", "kind"),
    [
        ("/careers/", "", LinkKind.CAREERS),
        ("careers.html", "", LinkKind.CAREERS),
        ("/x/42", "We're  HIRING", LinkKind.CAREERS),
        ("https://jobs.acme.example/jobs/42?ref=1#top", "", LinkKind.CAREERS),
        ("/es/sala-de-prensa/2026", "", LinkKind.PRESS),
        ("/fr/x", "Actualités", LinkKind.NEWS),
        ("/tr/haberler/buluta-gectik", "", LinkKind.NEWS),
        ("//blog.acme.example/blog/", "", LinkKind.BLOG),
        ("/blog/jobs-of-the-future", "", LinkKind.BLOG),
    ],
)
def test_a_link_is_followed_by_the_words_of_its_path_or_its_own(
    address: str, said: str, kind: LinkKind
) -> None:
    assert [link.kind for link in found(address, said)] == [kind]


@pytest.mark.parametrize(
    "address",
    [
        "/about",
        "https://other.example/news/",
        "https://notacme.example/news/",
        "https://acme.example.evil.example/news/",
        "/news/photo.jpg",
        "/careers/login",
        "/hesabim/haberler",
        "mailto:jobs@acme.example",
        "javascript:alert('/news/')",
        "data:text/html,/news/",
        "ftp://acme.example/news/",
        "https://user:secret@www.acme.example/news/",
        "http://[::1/news/",
        "https://www.acme.example:99999/news/",
        "/news/" + "x" * 3000,
        "",
    ],
)
def test_a_link_that_leads_elsewhere_or_to_a_door_is_not_followed(address: str) -> None:
    assert found(address) == ()


def test_a_link_is_told_once_absolute_and_without_its_fragment() -> None:
    anchors = (("/news#a", "x"), ("https://www.acme.example/news", ""), ("../news#b", ""))
    assert links_of(anchors, base=BASE, domain="acme.example") == (
        Link("https://www.acme.example/news", LinkKind.NEWS),
    )


@pytest.mark.parametrize("kind", LinkKind)
@pytest.mark.parametrize("language", ["en", "es", "fr", "tr"])
def test_each_kind_has_words_in_each_language(kind: LinkKind, language: str) -> None:
    rows = [row for row in WORDS if (row.kind, row.language) == (kind, language)]
    assert [bool(row.paths and row.said) for row in rows] == [True]


@pytest.mark.parametrize("row", WORDS, ids=lambda row: f"{row.kind}-{row.language}")
def test_every_declared_word_leads_to_its_kind(row: object) -> None:
    assert isinstance(row, type(WORDS[0]))
    assert {kind_of_link(f"/{word}/x", "") for word in row.paths} == {row.kind}
    assert {kind_of_link("/x", text) for text in row.said} == {row.kind}
    assert [word for word in row.paths if not word.isascii() or word != word.lower()] == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_an_address_is_it_becomes_a_web_address_or_none(base: str, address: str) -> None:
    url = absolute(f"https://acme.example/{base}", address)
    assert url is None or urlsplit(url).scheme in ("http", "https")
