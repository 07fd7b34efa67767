"""The pieces of a query as programs write it, each with its place in the text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from reports.center.query import QueryRefused

TOLD_CHARACTERS = 40


class Sort(StrEnum):
    """What a token is."""

    BLANK = "blank"
    STRING = "string"
    NUMBER = "number"
    WORD = "word"
    OPERATOR = "operator"
    MARK = "mark"


# Every alternative can match in one way only, so the time grows with the length alone.
TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<string>'(?:[^']|'')*')|(?P<number>[-+]?[0-9]+(?:\.[0-9]+)?(?![\w.]))"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<operator><=|>=|!=|=|<|>)|(?P<mark>[(),*])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text, and the place of its first character, from 1 on."""

    sort: Sort
    text: str
    place: int

    @property
    def word(self) -> str:
        """The text in capitals where it is a word, as it is where it is a mark, else empty."""
        return self.text.upper() if self.sort in (Sort.WORD, Sort.MARK) else ""


def tokens_of(text: str) -> list[Token]:
    """Split a text into its pieces, blanks left out.

    Raises:
        QueryRefused: something in it is no piece of a query.
    """
    tokens, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise QueryRefused(_strange(text, place))
        sort = Sort(str(match.lastgroup))
        if sort is not Sort.BLANK:
            tokens.append(Token(sort, match.group(), place + 1))
        place = match.end()
    return tokens


def _strange(text: str, place: int) -> str:
    if text[place] == "'":
        return f"A string ends with a single quote; got {shown(text[place:])} at character {place + 1}."
    if text[place] == '"':
        return f"Strings stand in single quotes, names in none; got a double quote at character {place + 1}."
    return f"Got {shown(text[place:].split()[0])} at character {place + 1}, which is no part of a query."


def shown(text: str) -> str:
    """Return what an answer tells of a text: its beginning, in quotes, special characters escaped."""
    return repr(text if len(text) <= TOLD_CHARACTERS else text[:TOLD_CHARACTERS] + "…")
