"""Tells what texts are about: one logistic regression a topic, over the words of a passage."""

import hashlib
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np
import sklearn
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from features.sources.web.labelled import CORPUS, Text, divided, read_texts
from features.sources.web.sentences import SHORTEST_PASSAGE, passages_of
from features.sources.web.topics import TOPICS
from features.sources.web.wording import LETTERS, Words, letters, phrases, speaking, speaking_words, words_of

NAMES = tuple(topic.name for topic in TOPICS)
SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is chosen by cross-validation on the texts to learn from (`benchmarks/topics.py`).

    `cost` is the regressions' C; a topic is told from `confidence` on. With `knows_names` the names and terms
    of the topics count as features of their own.
    """

    cost: float
    confidence: float
    knows_names: bool = True


RECIPE = Recipe(cost=10.0, confidence=0.3)


@dataclass(frozen=True, slots=True)
class Told:
    """A topic that a text is about, and how probable that is."""

    topic: str
    probability: float


def version() -> str:
    """Return twelve digits that change with the corpus, the words of the topics, or the recipe."""
    digest = hashlib.sha256(repr((TOPICS, RECIPE, LETTERS, SHORTEST_PASSAGE, sklearn.__version__)).encode())
    for path in sorted(CORPUS.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = version()


def _blocks(recipe: Recipe) -> tuple[TfidfVectorizer, ...]:
    """Return the three views of a passage: its words and pairs, its runs of letters, what its names say."""
    common = {"dtype": np.float32, "sublinear_tf": True}
    said = TfidfVectorizer(analyzer=phrases, **common)
    written = TfidfVectorizer(analyzer=letters, min_df=2, **common)
    named = TfidfVectorizer(analyzer=speaking, norm=None, use_idf=False, **common)
    return (said, written, named) if recipe.knows_names else (said, written)


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained classifier: its vectorizers, a column of weights a topic, and the confidence it needs."""

    blocks: tuple[TfidfVectorizer, ...]
    weights: np.ndarray
    biases: np.ndarray
    recipe: Recipe
    version: str = VERSION

    @classmethod
    def load(cls) -> Self:
        """Return the classifier of the corpus.

        It is trained anew, which takes about a second: nothing that was trained is kept anywhere, so nothing
        can be stale, and no file is unpickled.
        """
        return cls.train(divided(read_texts()).learnt)

    @classmethod
    def train(cls, texts: Iterable[Text], recipe: Recipe = RECIPE) -> Self:
        """Learn from labelled texts; the same texts in the same order give the same weights."""
        texts = tuple(texts)
        words = [words_of(text.text) for text in texts]
        blocks = _blocks(recipe)
        seen = hstack([block.fit_transform(words) for block in blocks]).tocsr()
        fitted = [_fitted(seen, [name in text.topics for text in texts], recipe) for name in NAMES]
        weights, biases = zip(*fitted, strict=True)
        return cls(blocks, np.stack(weights, axis=1), np.array(biases, np.float32), recipe)

    def classify(self, texts: Sequence[str]) -> tuple[tuple[Told, ...], ...]:
        """Return what each text is about, the most probable topic first; nothing below the confidence.

        A text is as much about a topic as the passage of it that is most so. A classifier that knows names
        tells nothing of a passage that says no name or term: it would hardly ever, and to weigh what most
        pages say would be most of the work.
        """
        parts = [
            (number, part)
            for number, text in enumerate(texts)
            if (said := speaking_words(text))
            for part in passages_of(text)
            if not self.recipe.knows_names
            or (any(word in part for word in said) and speaking(words_of(part)))
        ]
        found = self.probabilities([part for _, part in parts])
        told: list[tuple[Told, ...]] = [()] * len(texts)
        start = 0
        for number, group in groupby(parts, key=lambda part: part[0]):
            end = start + len(list(group))
            told[number] = self._sure(found[start:end].max(axis=0))
            start = end
        return tuple(told)

    def probabilities(self, passages: Sequence[str]) -> np.ndarray:
        """Return a row a passage, a column a topic (in the order of `NAMES`)."""
        if not passages:
            return np.zeros((0, len(NAMES)), np.float32)
        margins = self._seen([words_of(passage) for passage in passages]) @ self.weights + self.biases
        return np.asarray(1 / (1 + np.exp(-margins)))

    def _seen(self, words: Sequence[Words]) -> csr_matrix:
        return hstack([block.transform(words) for block in self.blocks]).tocsr()

    def _sure(self, probabilities: np.ndarray) -> tuple[Told, ...]:
        told = [
            Told(name, round(float(probability), 4))
            for name, probability in zip(NAMES, probabilities, strict=True)
            if probability >= self.recipe.confidence
        ]
        return tuple(sorted(told, key=lambda one: (-one.probability, one.topic)))


def _fitted(seen: csr_matrix, about: Sequence[bool], recipe: Recipe) -> tuple[np.ndarray, float]:
    regression = LogisticRegression(
        C=recipe.cost, solver="liblinear", dual=True, max_iter=2000, random_state=SEED
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        regression.fit(seen, np.asarray(about))
    return regression.coef_[0].astype(np.float32), float(regression.intercept_[0])
