"""The labelled corpus: short texts that were written for this project, and what each is about."""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from features.sources.web.topics import TOPICS

CORPUS = Path(__file__).parent / "corpus"
LATER = CORPUS / "later"
"""Texts that were written when topics, corpus and recipe stood, and that nothing was ever learnt from."""
LANGUAGES = ("en", "es", "fr", "tr")
NONE = "none"
"""The file of texts that are about no topic."""
HEADER = ["id", "language", "topics", "text"]
FEWEST, FEWEST_OF_NONE = 15, 150
"""Texts of a topic, and of no topic, that every language has at least: 60 and 600 in all."""
HELD_BACK = 0.25


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the topics that it is about; its id is that of its story, its language and perhaps a number.

    Texts of one story say much the same in several languages.
    """

    id: str
    language: str
    topics: tuple[str, ...]
    text: str

    @property
    def story(self) -> str:
        """What the id says before the language."""
        return self.id.rsplit(f"-{self.language}", 1)[0]

    @property
    def file(self) -> str:
        """The name of the file that holds it: that of its first topic, or none."""
        return self.story.rsplit("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts to learn from, and those that are held back and never learnt from."""

    learnt: tuple[Text, ...]
    held_back: tuple[Text, ...]


def read_texts(folder: Path = CORPUS) -> tuple[Text, ...]:
    """Return the texts of every file of a folder, files and rows in order.

    Raises:
        ValueError: A row breaks a rule; all that do are named.
    """
    texts, wrong = [], []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            if next(rows) != HEADER:
                wrong.append(f"{path.name}: the header is not {','.join(HEADER)}")
            for row in rows:
                if len(row) != len(HEADER):
                    wrong.append(f"{path.name}: a row of {len(row)} cells: {row[:1]}")
                    continue
                texts.append(Text(row[0], row[1], tuple(row[2].split("; ")) if row[2] else (), row[3]))
    wrong += breaches(texts)
    if wrong:
        raise ValueError(f"The corpus in {folder.name} breaks its rules:\n" + "\n".join(wrong))
    return tuple(texts)


def breaches(texts: Iterable[Text]) -> Iterator[str]:
    """Yield a sentence for each text that has a wrong id, language, topic or text, or is there twice."""
    known = {topic.name for topic in TOPICS}
    ids: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for text in texts:
        ids[text.id] += 1
        said[text.text.casefold()] += 1
        if text.language not in LANGUAGES or f"-{text.language}" not in text.id:
            yield f"{text.id}: the language {text.language} is unknown or not part of the id"
        if strange := set(text.topics) - known:
            yield f"{text.id}: unknown topics {sorted(strange)}"
        if len(set(text.topics)) != len(text.topics):
            yield f"{text.id}: a topic is named twice"
        if text.text != " ".join(text.text.split()) or not text.text:
            yield f"{text.id}: no text, or blanks at its ends or side by side"
    yield from (f"{name}: {count} texts have this id" for name, count in ids.items() if count > 1)
    yield from (f"{count} texts say: {what}" for what, count in said.items() if count > 1)


def too_few(texts: Iterable[Text]) -> Iterator[str]:
    """Yield a sentence for each topic and language that has fewer texts than the corpus promises."""
    counts = Counter((topic, text.language) for text in texts for topic in text.topics or (NONE,))
    for topic in (*(topic.name for topic in TOPICS), NONE):
        fewest = FEWEST_OF_NONE if topic == NONE else FEWEST
        for language in LANGUAGES:
            if (found := counts[topic, language]) < fewest:
                yield f"{topic} in {language}: {found} texts, at least {fewest} are promised"


def divided(texts: Iterable[Text]) -> Corpus:
    """Divide texts by story, so that what is held back was not learnt in another language either.

    Of each file's stories a quarter is held back: those whose digests come first.
    """
    texts = tuple(texts)
    held = {story for ranked in ranked_stories(texts) for story in ranked[: round(HELD_BACK * len(ranked))]}
    return Corpus(
        learnt=tuple(text for text in texts if text.story not in held),
        held_back=tuple(text for text in texts if text.story in held),
    )


def ranked_stories(texts: Iterable[Text]) -> tuple[tuple[str, ...], ...]:
    """Return the stories of each file, in the order of their digests."""
    stories: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        stories[text.file].add(text.story)
    return tuple(tuple(sorted(stories[file], key=_digest)) for file in sorted(stories))


def _digest(story: str) -> str:
    return hashlib.sha256(story.encode()).hexdigest()
