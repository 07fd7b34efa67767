"""A short quotation: the sentence of a text that speaks most for a topic."""

import re

from features.sources.web.classify import NAMES, Classifier
from features.sources.web.sentences import sentences_of
from features.sources.web.texts import cut, without_contacts

LONGEST = 200
"""Characters of a quotation."""
_CLAUSE = re.compile(r"(?<=[,;:\u2013\u2014)])\s+")
MOST_SENTENCES = 400
"""Sentences of a text that are weighed."""


def quotation(text: str, topic: str, classifier: Classifier) -> str:
    """Return the sentence that is most probably about `topic`, of at most `LONGEST` characters.

    Of a longer sentence the part between commas that speaks most for it is quoted, with what follows as far
    as it fits, ellipses marking what was left out. E-mail addresses and telephone numbers are taken away.

    Raises:
        ValueError: The topic is unknown.
    """
    sentences = sentences_of(without_contacts(text))[:MOST_SENTENCES]
    if not sentences:
        return ""
    sentence = sentences[_most(sentences, topic, classifier)]
    if len(sentence) <= LONGEST:
        return sentence
    clauses = _CLAUSE.split(sentence)
    first = _most(clauses, topic, classifier)
    told = " ".join(clauses[first:])
    return cut(f"… {told}" if first else told, LONGEST)


def _most(parts: tuple[str, ...] | list[str], topic: str, classifier: Classifier) -> int:
    """Return the place of the part that is most probably about the topic, the first of equals."""
    return int(classifier.probabilities(parts)[:, NAMES.index(topic)].argmax())
