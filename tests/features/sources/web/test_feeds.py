import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from features.sources.web.feeds import LARGEST, MOST_ENTRIES, Entry, Feed, read_feed
from tests.features.sources.web.answers import answer

EXPECTED = Entry(
    url="https://www.acme.example/news/1",
    title="We moved & grew",
    summary="All offices now.",
    published_at=datetime(2026, 11, 5, 10, tzinfo=UTC),
)
RSS2 = """<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>
<item><title>We moved &amp;amp; grew</title>
<link>https://www.acme.example/news/1</link>
<description>&lt;p&gt;All offices &lt;b&gt;now&lt;/b&gt;.&lt;/p&gt;</description>
<author>jane@acme.example (Jane Doe)</author>
<pubDate>Thu, 05 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
RSS091 = """<rss version="0.91"><channel><item><title>We moved &amp;amp; grew</title><link>/news/1</link>
<description>All offices now.</description><pubDate>2026-11-05T10:00:00Z</pubDate></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>We moved &amp;amp; grew</title>
<link>https://www.acme.example/news/1</link><description>All offices now.</description>
<dc:date>2026-11-05T10:00:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">We moved &amp;amp; grew</title>
<link rel="alternate" href="/news/1"/><content type="html">&lt;p&gt;All offices now.&lt;/p&gt;</content>
<published>2026-11-05T10:00:00Z</published><updated>2026-11-09T10:00:00Z</updated></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            7,
            {
                "url": "/news/1",
                "title": "We moved & grew",
                "content_html": "<p>All offices now.</p>",
                "date_published": "2026-11-05T13:00:00+03:00",
                "authors": [{"name": "Jane Doe"}],
            },
        ],
    }
)


@pytest.mark.parametrize(
    "feed", [RSS2, RSS091, RDF, ATOM, JSON], ids=["rss2", "rss0.91", "rdf", "atom", "json"]
)
def test_an_entry_is_read_from_every_kind_of_feed(feed: str) -> None:
    assert read_feed(answer(feed)) == Feed(entries=(EXPECTED,))


def test_a_feed_in_the_wrong_encoding_is_read() -> None:
    feed = RSS2.replace("moved", "migré").replace('"1.0"', '"1.0" encoding="utf-8"').encode("latin-1")
    assert [entry.title for entry in read_feed(answer(feed)).entries] == ["We migré & grew"]


def test_a_feed_that_ends_amid_an_entry_gives_those_before() -> None:
    assert read_feed(answer(RSS2.replace("</channel></rss>", "<item><title>Un"))).entries[:1] == (EXPECTED,)


def test_an_entry_without_a_date_has_none_and_one_without_an_address_is_left_out() -> None:
    feed = RSS2.replace("pubDate", "someDate").replace(
        "</channel>", "<item><title>No link</title></item></channel>"
    )
    (entry,) = read_feed(answer(feed)).entries
    assert entry.published_at is None


def test_an_address_is_told_once_and_no_more_entries_than_are_asked_for() -> None:
    item = "<item><title>t</title><link>/{}</link></item>"
    feed = "<rss version='2.0'><channel>" + item.format(1) * 3 + "".join(map(item.format, range(500)))
    entries = read_feed(answer(feed)).entries
    assert len({entry.url for entry in entries}) == len(entries) <= MOST_ENTRIES


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"),
        ("<html><body>Not found</body></html>", "no feed: neither RSS nor Atom nor RDF"),
        ("{", "no feed: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ('{"a": 1}', "no feed: JSON without items"),
        ('{"a":' * 100_000, "no feed: nested too deeply"),
        ("<rss version='2.0'><channel></channel></rss>", "no entries"),
    ],
)
def test_what_is_no_feed_says_why(body: str, reason: str) -> None:
    assert read_feed(answer(body)) == Feed(unreadable=reason)


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 6))
    feed = RSS2.replace(
        '<?xml version="1.0"?>', f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>'
    ).replace("We moved", "We &l5; moved")
    (entry,) = read_feed(answer(feed)).entries
    assert entry.title == "We &l5; moved & grew"


def test_no_file_and_no_address_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    feed = RSS2.replace('<?xml version="1.0"?>', '<?xml version="1.0"?>' + doctype).replace(
        "We moved", "We &x; moved"
    )
    assert "secret" not in repr(read_feed(answer(feed)))
    assert read_feed(answer(str(secret))).entries == ()
    assert read_feed(answer("http://127.0.0.1:1/rss")).entries == ()
    named_like_a_feed = tmp_path / "<rss>"
    named_like_a_feed.write_text(RSS2, encoding="utf-8")
    assert read_feed(answer(str(named_like_a_feed))).entries == ()


def test_of_a_feed_with_very_many_entries_the_first_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []

    def parse(stream: BytesIO, **_: object) -> SimpleNamespace:
        parsed.append(stream.getvalue().count(b"</item>"))
        return SimpleNamespace(entries=[])

    monkeypatch.setattr("features.sources.web.feeds.feedparser.parse", parse)
    read_feed(answer("<rss version='2.0'><channel>" + "<item></item>" * 5000))
    assert parsed == [MOST_ENTRIES]


def test_a_huge_feed_is_read_within_bounds() -> None:
    item = "<item><title>t</title><link>/1</link></item>"
    feed = "<rss version='2.0'><channel>" + item * (2 * LARGEST // len(item))
    assert len(read_feed(answer(feed)).entries) == 1


def test_a_fault_of_the_parser_ends_the_feed_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise KeyError("x")

    monkeypatch.setattr("features.sources.web.feeds.feedparser.parse", fail)
    assert read_feed(answer(RSS2)).unreadable == "the reader failed: KeyError"
