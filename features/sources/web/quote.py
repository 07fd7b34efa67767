"""Short quotations: the sentences of a text that speak most for its topics."""

import re
from collections.abc import Iterable, Sequence

from features.sources.web.classify import NAMES, Classifier
from features.sources.web.sentences import sentences_of
from features.sources.web.texts import LONGEST_QUOTATION, cut, without_contacts
from features.sources.web.wording import speaking, speaking_words, words_of

_CLAUSE = re.compile(r"(?<=[,;:\u2013\u2014)])\s+")
MOST_SENTENCES = 400
"""Sentences of a text that are weighed."""


def quotations(
    told: Iterable[tuple[str, Sequence[str]]], classifier: Classifier
) -> tuple[tuple[str, ...], ...]:
    """Return, for each text and each of its topics, a quotation of at most `LONGEST_QUOTATION` characters.

    It is the sentence that is most probably about the topic; none where the text has no sentence.

    Of a longer sentence the part between commas that speaks most for it is quoted, with what follows as far
    as it fits, ellipses marking what was left out. E-mail addresses and telephone numbers are taken away.

    Raises:
        ValueError: A topic is unknown.
    """
    asked = [(_quotable(text), [NAMES.index(topic) for topic in topics]) for text, topics in told]
    # The sentences of all texts are weighed at once, whatever their topics: each weighing costs.
    weighed = classifier.probabilities([one for sentences, _ in asked for one in sentences])
    found, start = [], 0
    for sentences, places in asked:
        own = weighed[start : (start := start + len(sentences))]
        most = own.argmax(axis=0) if sentences else ()
        found.append(
            tuple(_cut(sentences[most[place]], place, classifier) if sentences else "" for place in places)
        )
    return tuple(found)


def _quotable(text: str) -> tuple[str, ...]:
    """Return the sentences that say a name or a term of a topic; all of them where none does."""
    text = without_contacts(text)
    said = speaking_words(text)
    sentences = sentences_of(text)[:MOST_SENTENCES]
    spoken = (one for one in sentences if any(word in one for word in said) and speaking(words_of(one)))
    return tuple(spoken) or sentences


def _cut(sentence: str, place: int, classifier: Classifier) -> str:
    if len(sentence) <= LONGEST_QUOTATION:
        return sentence
    clauses = _CLAUSE.split(sentence)
    first = int(classifier.probabilities(clauses)[:, place].argmax())
    told = " ".join(clauses[first:])
    return cut(f"… {told}" if first else told, LONGEST_QUOTATION)
