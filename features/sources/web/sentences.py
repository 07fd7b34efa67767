"""Where the sentences of a text begin and end."""

import re

SHORTEST_PASSAGE = 12
"""Words that are judged together at least: a sentence of fewer takes in the next one. More would not help:
what a sentence says drowns in others that are about something else."""
_STOPS = re.compile(r"[.!?…](?:\s?[\"'»”\u2019)])*\s+|\s*\n\s*")
LONGEST_STOP = 40
"""Characters before the end of a stop in which an abbreviation is looked for, blanks after it included."""
_SHORTENED = re.compile(
    r"\b(?:\w|e\.g|i\.e|etc|approx|no|nº|núm|art|sr|sra|dr|mr|mrs|ms|st|vs|p\.ej|av|ör|vb|bkz|inc|ltd)\.$",
    re.IGNORECASE,
)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a text; a line break ends one, a stop before a small letter does not."""
    found: list[str] = []
    start = 0
    for stop in _STOPS.finditer(text):
        last = text[max(start, stop.end() - LONGEST_STOP) : stop.end()].rstrip()
        goes_on = text[stop.end() : stop.end() + 1].islower() or _SHORTENED.search(last)
        if "\n" in stop.group() or not goes_on:
            found.append(text[start : stop.end()].strip())
            start = stop.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def passages_of(text: str) -> tuple[str, ...]:
    """Return the text in passages: a sentence each, or some that follow each other where they are short."""
    found: list[list[str]] = []
    length = SHORTEST_PASSAGE
    for sentence in sentences_of(text):
        if length >= SHORTEST_PASSAGE:
            found.append([])
            length = 0
        found[-1].append(sentence)
        length += sentence.count(" ") + 1
    return tuple(" ".join(sentences) for sentences in found)
