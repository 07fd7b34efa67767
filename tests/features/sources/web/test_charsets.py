import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.charsets import decoded
from tests.features.sources.web.answers import answer

TURKISH = "Şirketimiz bulut göçünü tamamladı, ığüşöç"
FRENCH = "Société à la une : déjà migrée"


def told(body: bytes, content_type: str = "text/html") -> str:
    return decoded(answer(body, headers=(("content-type", content_type),)))


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding_whatever_the_header_says(codec: str) -> None:
    assert told(TURKISH.encode(codec), "text/html; charset=iso-8859-1") == TURKISH


def test_the_header_tells_the_encoding() -> None:
    assert told(TURKISH.encode("iso-8859-9"), "text/html; charset=iso-8859-9") == TURKISH


def test_the_header_counts_before_the_markup() -> None:
    body = b'<meta charset="utf-16">' + FRENCH.encode("latin-1")
    assert FRENCH in told(body, "text/html; charset=iso-8859-1")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1254">',
        '<meta http-equiv=content-type content="text/html; charset=windows-1254">',
    ],
)
def test_the_markup_tells_the_encoding(declaration: str) -> None:
    assert told((declaration + TURKISH).encode("cp1254")).endswith(TURKISH)


def test_an_xml_declaration_tells_the_encoding() -> None:
    text = f'<?xml version="1.0" encoding="ISO-8859-9"?><rss>{TURKISH}</rss>'
    assert TURKISH in told(text.encode("iso-8859-9"), "application/rss+xml")


def test_utf8_is_known_even_where_another_encoding_is_declared() -> None:
    assert told(TURKISH.encode(), "text/html; charset=iso-8859-1") == TURKISH


def test_a_declared_utf8_that_is_none_is_told_by_the_language() -> None:
    body = f'<html lang="tr-TR"><p>{TURKISH}</p>'.encode("cp1254")
    assert TURKISH in told(body, "text/html; charset=utf-8")


def test_without_any_sign_it_is_the_encoding_of_the_west() -> None:
    assert told(FRENCH.encode("cp1252")) == FRENCH


@pytest.mark.parametrize(
    "name", ["zip", "base64", "rot13", "punycode", "idna", "no-such", "undefined", "\x00"]
)
def test_a_codec_that_is_no_encoding_of_text_is_not_believed(name: str) -> None:
    assert told(FRENCH.encode("latin-1"), f"text/html; charset={name}") == FRENCH


def test_an_encoding_that_looks_like_ascii_is_believed_where_it_is_declared() -> None:
    text = "日本語のページ"
    assert told(text.encode("iso2022_jp"), "text/html; charset=iso-2022-jp") == text


def test_nul_bytes_are_left_out() -> None:
    assert told(b"a\x00b") == "ab"


@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["utf-8", "utf-16", "utf-7", "utf-32", "iso-2022-jp", "hz", "big5", "gb18030", "koi8-r", "cp932"]
    ),
)
def test_whatever_the_bytes_they_become_text(body: bytes, name: str) -> None:
    assert "\x00" not in told(body, f"text/html; charset={name}")
