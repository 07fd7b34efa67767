"""Short quotations: the sentences of a text that speak most for its topics."""

import re
from collections.abc import Sequence

from features.sources.web.classify import NAMES, Classifier
from features.sources.web.sentences import sentences_of
from features.sources.web.texts import cut, without_contacts
from features.sources.web.wording import speaking, words_of

LONGEST = 200
"""Characters of a quotation."""
_CLAUSE = re.compile(r"(?<=[,;:\u2013\u2014)])\s+")
MOST_SENTENCES = 400
"""Sentences of a text that are weighed."""


def quotations(text: str, topics: Sequence[str], classifier: Classifier) -> tuple[str, ...]:
    """Return, for each topic, the sentence that is most probably about it, of at most `LONGEST` characters.

    Of a longer sentence the part between commas that speaks most for it is quoted, with what follows as far
    as it fits, ellipses marking what was left out. E-mail addresses and telephone numbers are taken away.

    Raises:
        ValueError: A topic is unknown.
    """
    places = [NAMES.index(topic) for topic in topics]
    sentences = sentences_of(without_contacts(text))[:MOST_SENTENCES]
    if not sentences:
        return ("",) * len(topics)
    sentences = tuple(one for one in sentences if speaking(words_of(one))) or sentences
    # The sentences are weighed once, whatever the number of topics: weighing is what costs.
    most = classifier.probabilities(sentences).argmax(axis=0)
    return tuple(_cut(sentences[most[place]], place, classifier) for place in places)


def _cut(sentence: str, place: int, classifier: Classifier) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    clauses = _CLAUSE.split(sentence)
    first = int(classifier.probabilities(clauses)[:, place].argmax())
    told = " ".join(clauses[first:])
    return cut(f"… {told}" if first else told, LONGEST)
