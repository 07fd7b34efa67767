import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import CallRefused
from features.products import PRODUCTS
from features.sources.tables import SIGNAL_KINDS
from features.sources.web.companies import FREE_MAIL, Companies, Refused, Unknown
from features.sources.web.exports import LONGEST_LINE, Mention, Recorded, read_export
from features.sources.web.visited import OF_SEGMENT, topic_of
from tests.features.sources.web.answers import NOW

NOBODY = Companies()


def written(tmp_path: Path, text: str | bytes, name: str = "export") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def posts(tmp_path: Path, *lines: object) -> list[Mention | Refused]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read_export(written(tmp_path, text), Recorded.FORUM, companies=NOBODY, by=NOW))


def logged(
    tmp_path: Path, text: str, kind: Recorded = Recorded.VISITS, companies: Companies = NOBODY
) -> list[Mention | Refused]:
    return list(read_export(written(tmp_path, text), kind, companies=companies, by=NOW))


POST = {
    "text": "We look for a partner to move our mail to Microsoft 365.",
    "created_at": "2026-11-05T10:00:00+03:00",
    "author_email": "jane.doe@it.acme.com.tr",
    "url": "https://forum.example.org/t/42?user=jane",
    "platform": "Forum",
}


def test_a_post_becomes_a_mention_of_the_company(tmp_path: Path) -> None:
    assert posts(tmp_path, POST) == [
        Mention(
            kind=Recorded.FORUM,
            domain="acme.com.tr",
            url="https://forum.example.org/t/42",
            place="Forum",
            text="We look for a partner to move our mail to Microsoft 365.",
            topic="",
            happened_at=datetime(2026, 11, 5, 7, tzinfo=UTC),
        )
    ]


def test_a_company_may_be_told_by_its_domain_alone(tmp_path: Path) -> None:
    post = {"text": "On ERP", "created_at": "2026-11-05", "company_domain": "www.Acme.com"}
    assert [one.domain for one in posts(tmp_path, post) if isinstance(one, Mention)] == ["acme.com"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[" * 90_000, "no JSON"),
        ("[1]", "no JSON object"),
        (POST | {"text": ""}, "no text"),
        (POST | {"text": 7}, "no text"),
        (POST | {"created_at": "yesterday"}, "no time that can be true, such as 2026-11-05T10:00:00Z"),
        (POST | {"created_at": "2031-01-01"}, "no time that can be true, such as 2026-11-05T10:00:00Z"),
        (POST | {"author_email": "jane@gmail.com"}, "free mail, which tells no company"),
        (POST | {"author_email": "jane@"}, "no domain of a company"),
        (POST | {"author_email": ""}, "no domain of a company"),
        ("é" * LONGEST_LINE, "longer than 100,000 bytes"),
        ("x" * 3 * LONGEST_LINE, "longer than 100,000 bytes"),
    ],
)
def test_a_line_that_tells_nothing_is_refused_with_its_number_and_reason(
    tmp_path: Path, line: object, reason: str
) -> None:
    assert posts(tmp_path, POST, line, POST)[1:2] == [Refused(2, reason)]
    assert len(posts(tmp_path, POST, line, POST)) == 3


def test_no_address_of_a_person_is_kept(tmp_path: Path) -> None:
    post = POST | {
        "text": "Write to jane.doe@acme.com.tr or call +90 212 555 12 34",
        "url": "https://a@b.example/",
    }
    assert "jane" not in repr(posts(tmp_path, post, post | {"text": ""}))
    visit = (
        "time,visitor,page\n2026-11-05,jane@acme.com,/azure?mail=jane@acme.com\n2026-11-05,jane@x,/azure\n"
    )
    assert "jane" not in repr(logged(tmp_path, visit))
    assert "192.0.2.7" not in repr(logged(tmp_path, "time,visitor,page\n2026-11-05,192.0.2.7,/azure\n"))


def test_a_visit_is_about_what_its_path_says(tmp_path: Path) -> None:
    text = "time,visitor,page\n2026-11-05T10:00:00Z,jane@acme.com,https://us.example/products/business-central.html\n"
    (visit,) = logged(tmp_path, text)
    assert isinstance(visit, Mention)
    assert (visit.kind, visit.domain, visit.topic) == (Recorded.VISITS, "acme.com", "business central")


def test_a_download_is_about_its_title_where_no_path_tells(tmp_path: Path) -> None:
    text = 'asset;time;visitor\n"Guide; to moving servers";2026-11-05;jane@acme.com\n'
    (download,) = logged(tmp_path, text, Recorded.DOWNLOADS)
    assert isinstance(download, Mention)
    assert (download.text, download.topic) == ("Guide; to moving servers", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-11-05,jane@acme.com", "3 cells were expected, 2 came"),
        ('2026-11-05,jane@acme.com,"/azure', "quotes that do not end"),
        ("2026-11-05,jane@acme.com,/about", "neither an address nor a title tells what it is about"),
        ("2026-11-05,somebody,/azure", "neither an e-mail nor an IP address"),
        ("2026-11-05,192.0.2.7,/azure", "no company is known for the IP address"),
        ("05/11/2026,jane@acme.com,/azure", "no time that can be true, such as 2026-11-05T10:00:00Z"),
    ],
)
def test_a_row_of_a_log_that_tells_nothing_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    assert logged(tmp_path, f"time,visitor,page\n{row}\n") == [Refused(2, reason)]


def test_a_log_without_its_columns_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match=r"columns time, visitor, page was expected in .*; when,who came\."):
        logged(tmp_path, "when,who\n1,2\n")
    with pytest.raises(CallRefused, match="nothing came"):
        logged(tmp_path, "")


def test_an_export_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match="No such file"):
        list(read_export(tmp_path / "none", Recorded.SOCIAL, companies=NOBODY, by=NOW))


def test_the_narrowest_network_tells_the_company(tmp_path: Path) -> None:
    table = written(
        tmp_path,
        "198.51.100.0/24,wide.com\n198.51.100.7,narrow.com\n198.51.100.7,later.com\n2001:db8::/32,six.com\n",
        "table",
    )
    companies = Companies.read(table)
    told = {address: companies.of(address) for address in ("198.51.100.8", "198.51.100.7", "2001:db8::1")}
    assert told == {"198.51.100.8": "wide.com", "198.51.100.7": "narrow.com", "2001:db8::1": "six.com"}
    with pytest.raises(Unknown, match="no company is known"):
        companies.of("203.0.113.1")


def test_lines_of_a_lookup_table_that_tell_nothing_are_refused_with_their_reasons(tmp_path: Path) -> None:
    table = written(tmp_path, "network,domain\n10.0.0.0/8,a.com\n10.0.0.0\n192.0.2.0/24,10.0.0.1\n", "table")
    companies = Companies.read(table)
    assert companies.refused == (
        Refused(1, "no IP address or network"),
        Refused(3, "two cells were expected, a network and a domain; 1 came"),
        Refused(4, "is an IP address, not a domain"),
    )


def test_a_lookup_table_without_any_usable_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match=r"of 1 lines of .* none is so \(line 1: no IP address"):
        Companies.read(written(tmp_path, "a,b\n"))
    with pytest.raises(CallRefused, match="No such file"):
        Companies.read(tmp_path / "none")


@given(st.binary(max_size=300), st.sampled_from(Recorded))
def test_whatever_an_export_holds_each_line_is_told_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: Recorded
) -> None:
    header = b"" if kind in (Recorded.FORUM, Recorded.SOCIAL) else b"time,visitor,page,asset\n"
    path = written(tmp_path_factory.mktemp("exports"), header + content)
    found = list(read_export(path, kind, companies=NOBODY, by=NOW))
    assert len(found) == sum(
        bool(line.decode("utf-8-sig", "replace").replace("\0", "").strip()) for line in content.split(b"\n")
    )


def test_topics_of_paths_are_topics_of_products() -> None:
    topics = {topic for product in PRODUCTS for topic in product.topics + product.rival_topics}
    assert set(OF_SEGMENT.values()) == topics


@pytest.mark.parametrize(
    ("address", "topic"),
    [
        ("/solutions/security/azure/", "azure"),
        ("https://us.example/AWS.html", "aws"),
        ("/es/seguridad", "security"),
        ("/azures", ""),
        ("", ""),
    ],
)
def test_the_last_segment_that_stands_for_a_topic_tells_it(address: str, topic: str) -> None:
    assert topic_of(address) == topic


def test_what_is_recorded_are_kinds_of_signals() -> None:
    assert set(map(str, Recorded)) <= set(SIGNAL_KINDS)


def test_free_mail_is_declared_as_registrable_domains_in_lower_case() -> None:
    assert {"gmail.com", "hotmail.com.tr", "orange.fr", "yahoo.es"} <= FREE_MAIL
    assert [name for name in FREE_MAIL if name != name.strip().lower() or "." not in name] == []
