"""Texts as a searcher means them: without case, accents and letters that only look different."""

import unicodedata

LETTERS = str.maketrans(
    {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
)
"""Letters that are not a plain letter with a mark, so that no decomposition makes them one."""


def fold(text: str) -> str:
    """Return the text in small plain letters."""
    for _ in range(2):
        # A letter may only come apart once it is small, and only be small once it has come apart.
        text = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    return "".join(mark for mark in text if not unicodedata.combining(mark))


def folded(sql: str) -> str:
    """SQL: a text, given as SQL, in small plain letters."""
    text = f"strip_accents(lower({sql}))"
    for letter, plain in LETTERS.items():
        text = f"replace({text}, '{chr(letter)}', '{plain}')"
    return text
