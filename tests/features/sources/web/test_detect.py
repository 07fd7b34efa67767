import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.detect import LONGEST_EVIDENCE, joined, technologies_of
from features.sources.web.fingerprint import holds_word, is_host
from features.sources.web.fingerprints import NOBODY
from features.sources.web.page import Record
from features.sources.web.read import read_page
from tests.features.sources.web.answers import answer, record

PAGES = (
    read_page(
        answer('<script src="https://js.hs-scripts.com/1.js"></script>', headers=(("server", "cloudflare"),))
    ),
    read_page(
        answer('<script src="https://js.hsforms.net/forms/v2.js"></script>', url="https://acme.example/b")
    ),
)
RECORDS = (
    record("MX", "acme.mail.protection.outlook.com"),
    record("TXT", "v=spf1 include:spf.protection.outlook.com include:_spf.google.com ~all"),
)


def names(*records: Record) -> list[str]:
    return [one.name for one in technologies_of((), records)]


def test_what_was_seen_twice_in_a_place_is_told_once_and_in_order() -> None:
    found = technologies_of(PAGES, RECORDS)
    assert [(one.name, str(one.where)) for one in found] == [
        ("Cloudflare", "header"),
        ("Google Workspace", "spf"),
        ("HubSpot", "script"),
        ("Microsoft 365", "mx"),
        ("Microsoft 365", "spf"),
    ]
    assert found[2].evidence == "script at https://acme.example/b: js.hsforms.net/forms/v2.js"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_pages_and_records_changes_nothing(order: tuple[int, ...]) -> None:
    pages, records = tuple(PAGES[at] for at in order), tuple(RECORDS[at] for at in order)
    assert technologies_of(pages, records) == technologies_of(PAGES, RECORDS)


def test_pages_looked_at_one_by_one_and_joined_tell_the_same() -> None:
    alone = [one for page in PAGES for one in technologies_of((page,), ())]
    assert joined((*alone, *technologies_of((), RECORDS))) == technologies_of(PAGES, RECORDS)


def test_evidence_is_cut() -> None:
    page = read_page(answer(f'<script src="https://js.hs-scripts.com/{"x" * 400}.js"></script>'))
    assert [len(one.evidence) for one in technologies_of((page,), ())] == [LONGEST_EVIDENCE]


def test_evidence_of_a_link_is_without_its_query() -> None:
    page = read_page(answer('<a href="https://acme.okta.com/login?user=jane@acme.example">Sign in</a>'))
    assert [one.evidence for one in technologies_of((page,), ())] == [
        "link at https://www.acme.example/: acme.okta.com/login"
    ]


def test_a_redirecting_policy_and_qualifiers_of_a_sender_policy_are_read() -> None:
    assert names(record("TXT", "v=spf1 redirect=_spf.google.com")) == ["Google Workspace"]
    assert names(record("TXT", '"V=SPF1 ?include:SPF.protection.outlook.com. -all"')) == ["Microsoft 365"]
    assert names(record("TXT", "include:spf.protection.outlook.com")) == []


def test_an_mx_may_come_with_its_preference_and_a_closing_dot() -> None:
    assert names(record("MX", "10 ASPMX.L.GOOGLE.COM.")) == ["Google Workspace"]


def test_a_selector_without_a_key_tells_nothing() -> None:
    assert names(record("TXT", "v=spf1 -all", name="google._domainkey")) == []


def test_a_name_that_leads_elsewhere_is_no_server_of_its_own() -> None:
    own = record("A", "192.0.2.1", name="owa")
    assert names(own) == ["Exchange Server"]
    assert names(own, record("CNAME", "mail.host.example", name="owa")) == []


def test_where_every_name_has_an_address_none_tells_anything() -> None:
    assert names(record("A", "192.0.2.1", name="owa"), record("A", "192.0.2.1", name=NOBODY)) == []


def test_a_path_of_the_company_itself_is_told_from_that_of_others() -> None:
    page = '<a href="{}">Mail</a>'
    own = read_page(answer(page.format("https://mail.acme.example/owa/")))
    other = read_page(answer(page.format("https://outlook.office.com/owa/")))
    assert [one.name for one in technologies_of((own,), ())] == ["Exchange Server"]
    alike = read_page(answer(page.format("https://notacme.example/owa/")))
    assert technologies_of((other, alike), ()) == ()


def test_prose_about_a_technology_is_no_sign_of_it() -> None:
    text = (
        "<p>We compare Microsoft Dynamics NAV, SharePoint, WordPress, Salesforce, AWS and Google Cloud.</p>"
    )
    assert technologies_of((read_page(answer(text)),), ()) == ()


@pytest.mark.parametrize(
    "address", ["http://[::1", "javascript:1", "//", "http://", "https://a..b/c", "mailto:a@b"]
)
def test_an_address_that_is_none_tells_nothing(address: str) -> None:
    page = read_page(answer(f'<a href="{address}">x</a><script src="{address}"></script>'))
    assert technologies_of((page,), ()) == ()


labels = st.text("ab", min_size=1, max_size=3)


@given(st.lists(labels, min_size=1, max_size=4), st.lists(labels, min_size=1, max_size=3))
def test_a_host_is_matched_on_whole_labels(host: list[str], pattern: list[str]) -> None:
    told = is_host(".".join(pattern), ".".join(host), "acme.example")
    assert told == f".{'.'.join(host)}".endswith(f".{'.'.join(pattern)}")


@given(st.text("ab/ ", max_size=12), st.text("ab/", min_size=1, max_size=3))
def test_a_word_is_found_only_between_what_is_no_word(text: str, piece: str) -> None:
    def stands_alone(at: int) -> bool:
        before, behind = text[at - 1 : at] if at else "", text[at + len(piece) : at + len(piece) + 1]
        joins = (piece[0].isalnum() and before.isalnum()) or (piece[-1].isalnum() and behind.isalnum())
        return text.startswith(piece, at) and not joins

    assert holds_word(piece, text) == any(stands_alone(at) for at in range(len(text)))


def test_looking_takes_steps_in_proportion_to_the_length() -> None:
    # Were a pattern to start anew at each place and run to the end, this would not end within the suite.
    assert not holds_word("ab/" * 10 + "c", "ab/" * 300_000)
    page = read_page(answer("microsoft.dynamics.na" * 100_000))
    assert technologies_of((page,), ()) == ()
