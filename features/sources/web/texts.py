"""Texts of strangers made plain: no markup, no control characters, nobody's address or number."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape

from selectolax.lexbor import LexborHTMLParser

LONGEST_QUOTATION = 200
"""Characters of a quotation."""
TAKEN_AWAY = "[…]"
"""What stands where an address or a number stood."""
_UNSPEAKABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, invisible and direction marks, and lone surrogates, which no UTF-8 file can hold."""
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
    r"\s{0,2}(?:@|[(\[{]\s?(?:at|arroba|arobase|et)\s?[)\]}])\s{0,2}"
    r"[\w-]{1,63}(?:\s?(?:\.|[(\[{]\s?(?:dot|punto|point|nokta)\s?[)\]}])\s?[\w-]{1,63}){1,5}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
"""So many digits with little between them as a telephone number has."""
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\s?|\()?\d{1,5}(?:[ \u00a0\u202f.\-\u2013/()]{0,3}\d{1,5}){1,7}(?![\w])"
)
_DATE = re.compile(r"(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-\u2013/]\s?(?:19|20)?\d\d)?")
_MONEY = re.compile(
    r"\s{0,2}(?:[€$£₺%]|(?:EUR|USD|GBP|TRY|TL|euros?|d[oó]lar(?:es)?|dollars?|lira|bin|mil)\b)"
)
_MONEY_BEFORE = re.compile(r"(?:[€$£₺]|\b(?:EUR|USD|GBP|TRY|TL))\s{0,2}$")
_CONTACT = re.compile(
    r"\b(?:contact(?: person)?|press contact|media contact|recruiter|hiring manager|reports to|attn"
    r"|contacto|persona de contacto|reclutador(?:a)?|responsable de selecci[oó]n"
    r"|recruteur|recruteuse|charg[ée]e? de recrutement|interlocuteur|interlocutrice"
    r"|ileti[sş]im|ilgili ki[sş]i|yetkili(?: ki[sş]i)?|ba[sş]vuru sorumlusu)\s?:[^.\n]{0,120}",
    re.IGNORECASE,
)
"""A label that introduces a person, and what it introduces."""
MOST_OPEN = 5000
_TAG = re.compile(r"<[^<>]{0,1000}>")
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|section|article|header|footer|main|aside|blockquote|pre"
    r"|dl|dt|dd|form|option|hr|body)\b",
    re.IGNORECASE,
)
FEWEST_DIGITS, MOST_DIGITS = 7, 16
"""Fewer are no telephone number, more are no longer one."""


def plain(text: str, *, limit: int) -> str:
    """Return a text in one line of at most `limit` characters, without those that cannot be written."""
    return cut(" ".join(_written(text[: 4 * limit]).split()), limit)


def plain_lines(text: str, *, limit: int) -> str:
    """Do as `plain` does with each line, and leave out the empty ones."""
    lines = (" ".join(line.split()) for line in _written(text[: 4 * limit]).splitlines())
    return "\n".join(line for line in lines if line)[:limit]


def _written(text: str) -> str:
    """Return the text composed (NFC), without what no file can hold or nobody can see."""
    return unicodedata.normalize("NFC", _UNSPEAKABLE.sub("", text))


def cut(text: str, limit: int) -> str:
    """Return the text, or as many of its words as `limit` characters hold with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    blank = kept.rfind(" ", limit // 2)
    return kept[: blank if blank > 0 else limit - 1].rstrip() + "…"


def of_markup(markup: str) -> str:
    """Return the words of a piece of HTML, a line for each block; of a text without markup, the text."""
    if "<" not in markup and "&" not in markup:
        return markup
    markup = _BLOCK.sub(r"\n\g<0>", markup)
    if nests_deeply(markup):
        return unescape(_TAG.sub("", markup))
    document = LexborHTMLParser(markup)
    document.strip_tags(["script", "style", "nav", "template", "noscript"])
    return document.body.text() if document.body is not None else ""


def nests_deeply(markup: str) -> bool:
    """Tell whether so many elements are left open that to parse them takes the square of their number."""
    return markup.count("<") - 2 * markup.count("</") > MOST_OPEN


def without_contacts(text: str) -> str:
    """Return the text without e-mail addresses, telephone numbers and the persons a label introduces.

    Dates, years and sums of money stay. Names that no label introduces stay too: they are part of what was
    published.
    """
    if ":" in text:
        text = _CONTACT.sub(TAKEN_AWAY, text)
    if any(sign in text for sign in "@([{"):
        text = _EMAIL.sub(TAKEN_AWAY, text)
    if _DIGITS.search(text):
        text = _PHONE.sub(_unless_no_phone(text), text)
    return text


def _unless_no_phone(text: str) -> Callable[[re.Match[str]], str]:
    def told(found: re.Match[str]) -> str:
        number = found.group()
        digits = sum(character.isdigit() for character in number)
        kept = (
            not FEWEST_DIGITS <= digits <= MOST_DIGITS
            or _DATE.match(number)
            or _YEARS.fullmatch(number)
            or _MONEY.match(text, found.end())
            or _MONEY_BEFORE.search(text, max(0, found.start() - 5), found.start())
        )
        return number if kept else TAKEN_AWAY

    return told
