"""How well topics are told: macro F1 with intervals, cross-validation, and two plain rules beside it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from features.sources.web.classify import NAMES, RECIPE, Classifier, Recipe
from features.sources.web.labelled import Text, ranked_stories
from features.sources.web.wording import speaking, words_of

FOLDS, DRAWS, SEED = 5, 2000, 7
COSTS, CONFIDENCES = (3.0, 10.0, 30.0), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts; a row of each, a column a topic: whether it is about it, and how probably."""

    texts: tuple[Text, ...]
    expected: np.ndarray
    probable: np.ndarray

    def told(self, confidence: float) -> np.ndarray:
        """Return what is told from a confidence on."""
        return np.asarray(self.probable >= confidence)

    def in_language(self, language: str) -> "Judged":
        """Return the part in a language, or all of it."""
        chosen = [language in (ALL, text.language) for text in self.texts]
        texts = tuple(text for text, wanted in zip(self.texts, chosen, strict=True) if wanted)
        return Judged(texts, self.expected[chosen], self.probable[chosen])


def expected(texts: Sequence[Text]) -> np.ndarray:
    """Return a row a text, a column a topic: whether it is about it."""
    return np.array([[name in text.topics for name in NAMES] for text in texts], bool)


def judged(classifier: Classifier, texts: Sequence[Text]) -> Judged:
    """Return what a classifier tells of texts, however little it is sure of."""
    unsure = replace(classifier, recipe=replace(classifier.recipe, confidence=0.0))
    probable = np.zeros((len(texts), len(NAMES)))
    for row, told in zip(probable, unsure.classify([text.text for text in texts]), strict=True):
        for one in told:
            row[NAMES.index(one.topic)] = one.probability
    return Judged(tuple(texts), expected(texts), probable)


def by_words(texts: Sequence[Text]) -> Judged:
    """Return what the plain rule tells: a text is about every topic one of whose names or terms it says."""
    said = [{mark.partition(" of ")[2] for mark in speaking(words_of(text.text))} for text in texts]
    return Judged(
        tuple(texts), expected(texts), np.array([[name in one for name in NAMES] for one in said], float)
    )


def by_majority(texts: Sequence[Text], learnt: Sequence[Text]) -> Judged:
    """Return what the plainest guess tells: the topic that most texts to learn from are about."""
    most = NAMES.index(Counter(topic for text in learnt for topic in text.topics).most_common(1)[0][0])
    probable = np.zeros((len(texts), len(NAMES)))
    probable[:, most] = 1
    return Judged(tuple(texts), expected(texts), probable)


def macro_f1(expected: np.ndarray, told: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Return the mean F1 of the topics that any text is about, for each row of `times` that a text counts."""
    times = np.ones((1, len(expected))) if times is None else times
    right, wanted, found = (times @ one for one in (expected & told, expected, told))
    some = wanted > 0
    scores = np.where(some, 2 * right / np.maximum(wanted + found, 1), 0)
    with np.errstate(invalid="ignore"):  # of texts that are about nothing there is no figure
        return np.asarray(scores.sum(axis=1) / some.sum(axis=1))


def interval(one: Judged, confidence: float) -> tuple[float, float, float]:
    """Return macro F1 and its 95 % interval, stories drawn with their texts in all languages."""
    stories = sorted({text.story for text in one.texts})
    drawn = np.random.default_rng(SEED).multinomial(
        len(stories), [1 / len(stories)] * len(stories), size=DRAWS
    )
    times = drawn[:, [stories.index(text.story) for text in one.texts]]
    told = one.told(confidence)
    low, high = np.nanpercentile(macro_f1(one.expected, told, times), (2.5, 97.5))
    return float(macro_f1(one.expected, told)[0]), float(low), float(high)


def folds(texts: Sequence[Text], number: int) -> list[int]:
    """Return the fold of each text: stories of a file dealt out in the order of their digests."""
    place = {story: rank for ranked in ranked_stories(texts) for rank, story in enumerate(ranked)}
    return [place[text.story] % number for text in texts]


def cross_judged(texts: Sequence[Text], number: int, recipe: Recipe) -> Judged:
    """Return what is told of each text by a classifier that learnt from the other folds."""
    fold = folds(texts, number)
    parts = []
    for one in range(number):
        inside, outside = _parted(texts, [number_of == one for number_of in fold])
        parts.append(judged(Classifier.train(outside, recipe), inside))
    return Judged(
        tuple(text for part in parts for text in part.texts),
        np.concatenate([part.expected for part in parts]),
        np.concatenate([part.probable for part in parts]),
    )


def tried(texts: Sequence[Text], number: int) -> dict[Recipe, float]:
    """Return the macro F1 in cross-validation of every cost and confidence that is tried."""
    found = {}
    for cost in COSTS:
        told = cross_judged(texts, number, replace(RECIPE, cost=cost))
        for confidence in CONFIDENCES:
            recipe = replace(RECIPE, cost=cost, confidence=confidence)
            found[recipe] = float(macro_f1(told.expected, told.told(confidence))[0])
    return found


def best(found: dict[Recipe, float]) -> Recipe:
    """Return the best recipe, the first of equals."""
    return max(found, key=lambda recipe: found[recipe])


def nested(texts: Sequence[Text]) -> Judged:
    """Return what is told of each text by classifiers whose recipe, too, was chosen without its fold."""
    fold = folds(texts, FOLDS)
    parts = []
    for one in range(FOLDS):
        inside, outside = _parted(texts, [number_of == one for number_of in fold])
        recipe = best(tried(outside, FOLDS - 1))
        part = judged(Classifier.train(outside, recipe), inside)
        parts.append((part.texts, part.expected, part.told(recipe.confidence)))
    texts_of, wanted, told = zip(*parts, strict=True)
    return Judged(
        tuple(text for part in texts_of for text in part),
        np.concatenate(wanted),
        np.concatenate(told).astype(float),
    )


def _parted(texts: Sequence[Text], chosen: Sequence[bool]) -> tuple[list[Text], list[Text]]:
    inside = [text for text, wanted in zip(texts, chosen, strict=True) if wanted]
    return inside, [text for text, wanted in zip(texts, chosen, strict=True) if not wanted]
