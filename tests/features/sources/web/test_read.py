from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from features.sources.web.detect import technologies_of
from features.sources.web.feeds import read_feed
from features.sources.web.links import LinkKind
from features.sources.web.read import LARGEST, LONGEST_TEXT, read_page
from tests.features.sources.web.answers import NOW, answer

SENTENCES = {
    "en": "We are pleased to tell you that all our offices now work with the new system, as planned.",
    "es": "Nos complace anunciar que todas nuestras oficinas trabajan ahora con el nuevo sistema.",
    "fr": "Nous avons le plaisir de vous annoncer que tous nos bureaux travaillent avec le nouveau système.",
    "tr": "Bütün ofislerimizin artık yeni sistemle çalıştığını duyurmaktan mutluyuz.",
}
NAVIGATION = (
    '<nav><ul><li><a href="/careers">Careers</a></li><li><a href="/about">About us</a></li></ul></nav>'
)


def article(text: str, *, head: str = "", before: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>We moved</title>{head}</head><body>{NAVIGATION}'
        f"<main><article><h1>We moved</h1>{before}<p>{text}</p><p>{text} Again.</p></article></main>"
        "<footer><p>Cookies and imprint of Acme</p></footer></body></html>"
    )


def test_the_main_text_is_told_from_navigation_and_footer() -> None:
    page = read_page(answer(article(SENTENCES["en"])))
    assert SENTENCES["en"] in page.text
    assert "Careers" not in page.text
    assert "Cookies" not in page.text
    assert page.title == "We moved"


def test_links_in_the_navigation_are_kept() -> None:
    page = read_page(answer(article(SENTENCES["en"])))
    assert [(link.url, link.kind) for link in page.links] == [
        ("https://www.acme.example/careers", LinkKind.CAREERS)
    ]


@pytest.mark.parametrize("language", SENTENCES)
def test_the_language_is_that_of_the_words_and_not_of_the_mark(language: str) -> None:
    assert read_page(answer(article(SENTENCES[language]))).language == language


@pytest.mark.parametrize(("mark", "language"), [('lang="tr-TR"', "tr"), ('lang="x"', ""), ("", "")])
def test_of_a_short_text_the_mark_tells_the_language(mark: str, language: str) -> None:
    assert read_page(answer(f"<html {mark}><body><p>Hi</p></body></html>")).language == language


META = '<meta property="article:published_time" content="2026-10-02T08:00:00Z">'
LD = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":"2026-10-01"}'
    "</script>"
)
TIME = '<time datetime="2026-10-03">3 October</time>'


@pytest.mark.parametrize(
    ("head", "before", "path", "day"),
    [
        (LD + META, TIME, "/2026/10/04/x", 1),
        (META, TIME, "/2026/10/04/x", 2),
        ("", TIME, "/2026/10/04/x", 3),
        ("", "", "/2026/10/04/x", 4),
        (LD + LD.replace('"x"', '"y"'), "", "/2026/10/04/x", 4),
        (META.replace("2026", "2036"), "", "/2026/10/04/x", 4),
        (META.replace("2026", "0026"), "", "/x", None),
        ("", "", "/x", None),
    ],
)
def test_the_date_is_that_of_the_most_trustworthy_place(
    head: str, before: str, path: str, day: int | None
) -> None:
    body = article(SENTENCES["en"], head=head, before=before)
    page = read_page(answer(body, url=f"https://www.acme.example{path}"))
    assert (page.published_at and page.published_at.date()) == (
        day and datetime(2026, 10, day, tzinfo=UTC).date()
    )


def test_of_several_times_on_a_list_none_is_the_date_of_the_page() -> None:
    body = "<p><time datetime=2026-10-01>a</time><time datetime=2026-10-02>b</time></p>"
    assert read_page(answer(body)).published_at is None


def test_the_time_within_the_only_article_counts_before_those_around_it() -> None:
    body = article(SENTENCES["en"], before=TIME).replace(
        "<main>", "<time datetime=2026-11-20>today</time><main>"
    )
    assert read_page(answer(body)).published_at == datetime(2026, 10, 3, tzinfo=UTC)


def test_when_it_was_modified_is_told_apart() -> None:
    head = '<meta property="article:modified_time" content="2026-10-09">'
    page = read_page(answer(article(SENTENCES["en"], head=head)))
    assert (page.published_at, page.modified_at) == (None, datetime(2026, 10, 9, tzinfo=UTC))


def test_feeds_are_discovered_relative_to_the_base() -> None:
    head = (
        '<base href="https://www.acme.example/blog/">'
        '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="/atom">'
        '<link rel="alternate" type="text/html" hreflang="tr" href="/tr">'
        '<link rel="alternate" type="application/feed+json" href="data:application/json,{}">'
    )
    assert read_page(answer(article("x", head=head))).feeds == ("https://www.acme.example/blog/feed.xml",)


def test_a_page_that_asks_for_a_password_is_a_sign_in() -> None:
    assert read_page(answer("<form><input type=password></form>")).is_sign_in
    assert not read_page(answer("<form><input type=text></form>")).is_sign_in


def test_no_addresses_or_numbers_of_persons_are_left_in_texts() -> None:
    head = '<meta property="og:title" content="Call +90 212 555 12 34">'
    page = read_page(answer(article(SENTENCES["en"] + " Write to jane@acme.example.", head=head)))
    assert "jane@" not in page.text
    assert "555" not in page.title


def test_broken_html_is_read_as_far_as_it_goes() -> None:
    body = f"<html><body><div><p>{SENTENCES['en']}<p><b>{SENTENCES['fr']}</div></i><a href='/news'>News</p"
    page = read_page(answer(body))
    assert SENTENCES["fr"] in page.text
    assert [link.kind for link in page.links] == [LinkKind.NEWS]


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n ", "text/html", "empty"),
        (b"%PDF-1.7", "application/pdf", "no HTML but application/pdf"),
        (b"\x00" * 2000, "text/html", "binary"),
    ],
)
def test_what_is_no_page_says_why(body: bytes, content_type: str, reason: str) -> None:
    page = read_page(answer(body, headers=(("content-type", content_type), ("server", "awselb/2.0"))))
    assert (page.unreadable, page.text) == (reason, "")
    assert [one.name for one in technologies_of((page,), ())] == ["Amazon Web Services"]


def test_a_fault_of_a_parser_ends_the_page_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise KeyError("x")

    monkeypatch.setattr("features.sources.web.read.trafilatura.extract", fail)
    assert read_page(answer(article("x"))).unreadable == "the reader failed: KeyError"


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<svg>", "<a href='/news'>", "<", "&", "<!--", "<p a=1 "],
)
def test_a_page_that_nests_or_repeats_without_end_is_read_within_bounds(piece: str) -> None:
    page = read_page(answer(f"<p>{SENTENCES['en']}</p>" + piece * 20_000))
    assert SENTENCES["en"] in page.text
    assert page.unreadable == ""
    assert len(page.text) <= LONGEST_TEXT


def test_a_parser_whose_time_grows_with_the_square_of_the_depth_is_given_no_deep_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_to: list[int] = []

    def parse(markup: str) -> LexborHTMLParser:
        given_to.append(markup.count("<div"))
        return LexborHTMLParser(markup)

    monkeypatch.setattr("features.sources.web.read.LexborHTMLParser", parse)
    read_page(answer("<div>" * 5002))
    assert max(given_to) < 256


def test_of_a_huge_page_the_beginning_is_read() -> None:
    page = read_page(answer(f"<p>{SENTENCES['en']}</p>" + "<i>x</i>" * (LARGEST // 8) + "<p>the end</p>"))
    assert SENTENCES["en"] in page.text
    assert "the end" not in page.text


def test_pictures_written_into_a_page_leave_no_trace() -> None:
    page = read_page(
        answer('<img src="data:image/png;base64,AAAA"><script src="DATA:text/javascript,1"></script>')
    )
    assert page.traces.loaded == ()


PIECES = st.sampled_from(
    [
        "<html", "<body>", "<p>", "</p>", "<div ", "itemscope ", "itemtype='https://schema.org/Event'",
        ">", "<", "<meta name=date content='", "2026-99-99", "'>",
        "<script type='application/ld+json'>", '{"@type":"Event"', "}", "</script>", "<time datetime=",
        "<a href='http://[", "<base href='//'>", "<!--", "-->", "<![CDATA[", "\x00", "\ud7ff", "\ufffe",
        "&#xD800;", "&#0;", "<link rel=alternate type=application/rss+xml href=",
        "<?xml version='1.0'?>", "<!DOCTYPE", "<rss>", "<item>", "<title>", "word ", "é",
        "<form><input type=password>", "<table>", "<td>", "<svg>", "<template>", "<select><option>",
        "<noscript>", "<iframe src=javascript:1>",
    ]
)  # fmt: skip
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["content-type", "set-cookie", "server", "via", "x-powered-by"]),
        st.text(st.characters(max_codepoint=255), max_size=30),
    ),
    max_size=3,
).map(tuple)


@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode("utf-8", "replace")),
    ),
    HEADERS,
)
@example(b"<html itemscope itemtype=http://schema.org/Event><p itemprop=name itemref=a id=a>", ())
@example(b'<?xml version="1.0" encoding="utf-16"?><p>x', ())
@example(b"<" + b"a" * 400, (("content-type", "text/html; charset=utf-7"),))
def test_whatever_a_site_sends_it_is_read_or_said_why_not(
    body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    fetched = answer(body, headers=headers)
    page = read_page(fetched)
    assert "reader failed" not in page.unreadable
    texts = [page.title, page.text, *(item.title + item.text for item in page.items)]
    assert [text for text in texts if text.encode().decode() != text] == []
    assert page.published_at is None or page.published_at <= NOW
    assert technologies_of((page,), ()) == technologies_of((read_page(fetched),), ())
    assert "reader failed" not in read_feed(fetched).unreadable
    assert read_page(replace(fetched, fetched_at=NOW)) == page
