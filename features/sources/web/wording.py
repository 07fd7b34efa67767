"""The words of a text in a plain form that four languages share, and the topics that they speak for."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from features.sources.web.topics import TOPICS

LETTERS = (3, 5)
"""Shortest and longest run of letters that counts."""
REMEMBERED = 10_000
"""Words whose plain form and letters are kept for the next text: most of what is said again."""
_WORD = re.compile(r"[^\W_]{1,40}")
_MARKS = re.compile("[\u0300-\u036f]")
_ENTRY = re.compile(r"[^\W_]+\*?")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, as written and plain: small letters without accents."""

    written: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rest:
    """What must follow a first word, so that a name or a term is there, and what is then said."""

    words: tuple[str, ...]
    is_name: bool
    said: str


def words_of(text: str) -> Words:
    """Return the words of a text: runs of letters and digits, those of more than forty in pieces."""
    written = tuple(_WORD.findall(text))
    return Words(written, tuple(map(_plain_word, written)))


def plain(text: str) -> str:
    """Return a text in small letters and without accents; the four letters i of Turkish become one."""
    small = text.replace("İ", "i").lower()
    if small.isascii():
        return small
    return _MARKS.sub("", unicodedata.normalize("NFKD", small)).replace("\u0131", "i")


_plain_word = lru_cache(maxsize=REMEMBERED)(plain)


def phrases(words: Words) -> list[str]:
    """Return each word and each pair of neighbours."""
    return [*words.plain, *(f"{one} {two}" for one, two in zip(words.plain, words.plain[1:], strict=False))]


def letters(words: Words) -> list[str]:
    """Return the runs of letters inside words, a blank standing for where a word begins and ends."""
    return [run for word in words.plain for run in _runs(word)]


def speaking(words: Words) -> list[str]:
    """Return a mark for each name or term of a topic, as often as it is said."""
    return [rest.said for _, rest in _spoken(words)]


def speaking_words(text: str) -> frozenset[str]:
    """Return the words, as written, that begin the names and terms that a text says.

    A part of the text that holds none of them says no name or term, which is told sooner than by `speaking`.
    """
    words = words_of(text)
    return frozenset(words.written[place] for place, _ in _spoken(words))


def _spoken(words: Words) -> Iterator[tuple[int, _Rest]]:
    for place, rests in enumerate(map(_begun_by, words.plain)):
        for rest in rests:
            follows = not rest.words or _follows(rest.words, words.plain, place + 1)
            if follows and not (rest.is_name and words.written[place].islower()):
                yield place, rest


def _follows(expected: tuple[str, ...], words: tuple[str, ...], place: int) -> bool:
    found = words[place : place + len(expected)]
    return len(found) == len(expected) and all(map(_matches, expected, found))


def _matches(expected: str, word: str) -> bool:
    return word.startswith(expected[:-1]) if expected.endswith("*") else word == expected


@lru_cache(maxsize=REMEMBERED)
def _runs(word: str) -> tuple[str, ...]:
    bounded = f" {word} "
    shortest, longest = LETTERS
    return tuple(
        bounded[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(bounded) - size + 1)
    )


@lru_cache(maxsize=REMEMBERED)
def _begun_by(word: str) -> tuple[_Rest, ...]:
    stems = (_ENTRIES.get(f"{word[:size]}*", ()) for size in range(1, len(word) + 1))
    return (*_ENTRIES.get(word, ()), *(rest for stem in stems for rest in stem))


def _entries() -> dict[str, tuple[_Rest, ...]]:
    found: dict[str, set[_Rest]] = defaultdict(set)
    for topic in TOPICS:
        for is_name, entries in ((True, topic.names), (False, topic.terms)):
            for entry in entries:
                first, *others = (plain(word) for word in _ENTRY.findall(entry))
                said = f"{'name' if is_name else 'term'} of {topic.name}"
                found[first].add(_Rest(tuple(others), is_name, said))
    return {first: tuple(sorted(rests, key=repr)) for first, rests in found.items()}


_ENTRIES = _entries()
