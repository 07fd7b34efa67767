"""What the bytes of a page say: the encoding that was declared, where it holds; else the likeliest."""

import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from features.sources.web.page import Fetched

_LANGUAGE = re.compile(rb"<html[^>]{0,500}?\blang\s?=\s?[\"']?([a-zA-Z]{2})", re.IGNORECASE)
OF_LANGUAGE = {
    "ar": "cp1256",
    "bg": "cp1251",
    "cs": "cp1250",
    "el": "cp1253",
    "he": "cp1255",
    "hu": "cp1250",
    "ja": "cp932",
    "ko": "cp949",
    "pl": "cp1250",
    "ru": "cp1251",
    "tr": "cp1254",
    "uk": "cp1251",
    "zh": "gb18030",
}
"""Encodings of pages that declare none, by their language: from the table in the HTML Standard, 13.2.3.2."""
FALLBACK = "cp1252"
SEVEN_BIT = frozenset(
    {"iso2022_jp", "iso2022_kr", "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
)
"""Encodings whose bytes may look like ASCII and are not."""
_HEAD = 4096


def decoded(fetched: Fetched) -> str:
    """Return the text of an answer, whatever its bytes; NUL bytes are left out.

    In order: the byte order mark; UTF-8 where the bytes are UTF-8, for hardly any other text is so by chance;
    the encoding of the header, then of the markup, where the bytes bear it; the usual one of the page's
    language. What cannot be told becomes U+FFFD.
    """
    body = fetched.body
    mark, _ = read_bom(body)
    if mark is not None:
        return _read(body, mark, errors="replace").removeprefix("\ufeff")
    declared = _declared(fetched)
    if not any(codec in SEVEN_BIT for codec in declared):
        try:
            return _read(body, "utf-8", errors="strict")
        except UnicodeDecodeError:
            pass
    for codec in declared:
        try:
            return _read(body, codec, errors="strict")
        except (
            UnicodeError,
            LookupError,
        ):  # other bytes, or a codec of something else than text, such as zip
            continue
    return _read(body, _usual(body), errors="replace")


def _read(body: bytes, codec: str, *, errors: str) -> str:
    return body.decode(codec, errors).replace("\x00", "")


def _declared(fetched: Fetched) -> tuple[str, ...]:
    """Return the codecs that the header and the markup name, those that Python knows."""
    names = (
        http_content_type_encoding(fetched.header("content-type")),
        html_body_declared_encoding(fetched.body[:_HEAD]),
    )
    resolved = (resolve_encoding(name) for name in names if name)
    return tuple(codec for codec in resolved if codec)


def _usual(body: bytes) -> str:
    found = _LANGUAGE.search(body[:_HEAD])
    return OF_LANGUAGE.get(found[1].decode().lower(), FALLBACK) if found else FALLBACK
