import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.center.customers.fold import fold
from reports.center.customers.names import domain_of, is_free_mail, name_of, parents


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("contoso.com", "contoso.com"),
        (" HTTPS://www.Contoso.COM:8443/shop?x=1#top ", "contoso.com"),
        ("jo.doe@contoso.com", "contoso.com"),
        ("mailto:jo@contoso.com", "contoso.com"),
        ("https://jo:secret@contoso.com/", "contoso.com"),
        ("//contoso.com", None),
        ("contoso.com.", "contoso.com"),
        ("mail.contoso.co.uk", "mail.contoso.co.uk"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("contoso.com; fabrikam.com", "contoso.com"),
        ("contoso", None),
        ("", None),
        ("n/a", None),
        ("10.0.0.1", None),
        ("not a domain", None),
        ("..", None),
        ("a" * 64 + ".com", None),
    ],
)
def test_a_domain_is_found_in_what_people_write(written: str, domain: str | None) -> None:
    assert domain_of(written) == domain


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Contoso, Inc.", "contoso"),
        ("CONTOSO GmbH & Co. KG", "contoso"),
        ("Société Générale S.A.S.", "societe generale"),
        ("Anadolu Yaz\N{LATIN SMALL LETTER DOTLESS I}lim Ltd. Şti.", "anadolu yazilim"),
        ("Łódź Works Sp. z o.o.", "lodz works"),
        ("Café d'Or S. A. R. L.", "cafe dor"),
        ("Northwind Pty Ltd", "northwind"),
        ("Grupo Azul, S.A. de C.V.", "grupo azul"),
        ("Smith & Sons", "smith and sons"),
        ("Straße AG", "strasse"),
        ("SAS", "sas"),
        ("Inc.", "inc"),
        ("A. B. Foods", "a b foods"),
        ("x a b s a", "x"),
        ("", ""),
        ("---", ""),
    ],
)
def test_a_name_is_its_words_without_legal_form(written: str, name: str) -> None:
    assert name_of(written) == name


@given(st.text(max_size=40))
def test_a_name_made_plain_is_plain_already(text: str) -> None:
    assert name_of(name_of(text)) == name_of(text)


@given(st.text(max_size=40))
def test_a_text_folded_is_folded_already(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.text(max_size=40)
    | st.from_regex(r"(https?://)?(www\.)?[a-zé.-]{1,12}\.[a-z]{2,3}(/x)?", fullmatch=True)
)
def test_a_domain_found_is_found_again(text: str) -> None:
    domain = domain_of(text)
    assert domain is None or domain_of(domain) == domain


def test_an_address_where_anybody_has_one_tells_no_company() -> None:
    assert is_free_mail("jo@GMAIL.com")
    assert not is_free_mail("jo@contoso.com")
    assert not is_free_mail("gmail.com")


def test_a_domain_is_below_others() -> None:
    assert parents("a.b.contoso.com") == ("a.b.contoso.com", "b.contoso.com", "contoso.com")
