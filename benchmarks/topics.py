"""What telling topics is worth: judges the classifier and writes the tables of docs/signals.md.

`python benchmarks/topics.py` takes some minutes and ends with exit code 1 if a criterion does not hold or
another recipe would have been chosen; with `--declared` it only writes the tables declared in code.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.topic_judgement import (
    ALL,
    FOLDS,
    Judged,
    best,
    by_majority,
    by_words,
    interval,
    judged,
    macro_f1,
    nested,
    tried,
)
from features.sources.web.classify import NAMES, RECIPE, VERSION, Classifier, Recipe
from features.sources.web.kinds import KINDS
from features.sources.web.labelled import LANGUAGES, LATER, NONE, Corpus, divided, read_texts
from features.sources.web.topics import TOPICS

PAGE = Path(__file__).parents[1] / "docs" / "signals.md"
LEAST = 0.8
WORST = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One way of telling topics, judged on one set of texts."""

    what: str
    told: Judged
    confidence: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that was judged: a row each, and the F1 of every recipe that was tried."""

    found: dict[Recipe, float]
    cross_validated: Row
    held_back: Row
    later: Row
    pages: Row
    plainer: tuple[Row, ...]

    @property
    def missed(self) -> Iterator[str]:
        """Say what does not hold."""
        for language in LANGUAGES:
            figure, *_ = interval(self.held_back.told.in_language(language), self.held_back.confidence)
            if figure < LEAST:
                yield f"does not hold: macro F1 of the held-back texts in {language} is {figure:.3f}"
        if best(self.found) != RECIPE:
            yield f"does not hold: {best(self.found)} would be chosen, not {RECIPE}"


def run(corpus: Corpus) -> Results:
    """Choose, train and judge."""
    classifier = Classifier.train(corpus.learnt)
    texts = read_texts(LATER)
    pages = [text for text in texts if text.id.startswith("page-")]
    later = [text for text in texts if text not in pages]
    nameless = Classifier.train(corpus.learnt, replace(RECIPE, knows_names=False))
    sets = (("held-back texts", corpus.held_back), ("later texts", later), ("later pages", pages))
    told = {what: judged(classifier, chosen) for what, chosen in sets}
    return Results(
        found=tried(corpus.learnt, FOLDS),
        cross_validated=Row("nested cross-validation on the texts to learn from", nested(corpus.learnt), 0.5),
        held_back=Row("held-back texts", told["held-back texts"], RECIPE.confidence),
        later=Row("later texts", told["later texts"], RECIPE.confidence),
        pages=Row("later pages", told["later pages"], RECIPE.confidence),
        plainer=tuple(
            row
            for what, chosen in sets
            for row in (
                Row(f"{what}: without names and terms", judged(nameless, chosen), RECIPE.confidence),
                Row(f"{what}: every name and term said", by_words(chosen), 0.5),
                Row(f"{what}: always the commonest topic", by_majority(chosen, corpus.learnt), 0.5),
            )
        ),
    )


def declared() -> Iterator[str]:
    """Write the tables that code declares: topics with their texts, kinds with their weights."""
    texts = read_texts()
    counts = Counter((topic, text.language) for text in texts for topic in text.topics or (NONE,))
    rows = (*((topic.name, topic.meaning) for topic in TOPICS), (NONE, "None of them."))
    yield from _head("topic", "what it is", *LANGUAGES, "in all")
    for name, meaning in rows:
        each = [counts[name, language] for language in LANGUAGES]
        yield _line(name, meaning, *map(str, each), str(sum(each)))
    yield ""
    yield from _head("kind", "what it is", "weight", "an example")
    for kind in KINDS:
        yield _line(kind.name, kind.told, f"{kind.weight:g}", kind.examples[0] if kind.examples else "")


def tables(told: Results) -> Iterator[str]:
    """Write every table that was judged."""
    yield f"Classifier {VERSION}: C = {RECIPE.cost:g}, told from {RECIPE.confidence:g} on."
    yield from _headed("Macro F1 by language", _figures(told))
    yield from _headed("Each topic", _topics(told))
    yield from _headed("What is told instead, all three sets", _confusion(told))
    yield from _headed("Worst mistakes on the later texts and pages", _mistakes(told))
    yield from _headed("Recipes tried", _recipes(told))


def _figures(told: Results) -> Iterator[str]:
    yield from _head("texts", "number", *LANGUAGES, "all", "about nothing, yet told")
    for row in (told.cross_validated, told.held_back, told.later, told.pages, *told.plainer):
        each = (interval(row.told.in_language(one), row.confidence) for one in (*LANGUAGES, ALL))
        figures = (f"{figure:.2f} ({low:.2f} to {high:.2f})" for figure, low, high in each)
        yield _line(row.what, f"{len(row.told.texts):,}", *figures, _false_alarms(row))


def _false_alarms(row: Row) -> str:
    about_nothing = ~row.told.expected.any(axis=1)
    told = row.told.told(row.confidence)[about_nothing].any(axis=1)
    return f"{told.sum()} of {about_nothing.sum()}"


def _topics(told: Results) -> Iterator[str]:
    rows = (told.held_back, told.later, told.pages)
    yield from _head("topic", *(f"{row.what}: F1 (right, missed, wrong)" for row in rows))
    for place, name in enumerate(NAMES):
        yield _line(name, *(_counts(row, place) for row in rows))


def _counts(row: Row, place: int) -> str:
    wanted, found = row.told.expected[:, [place]], row.told.told(row.confidence)[:, [place]]
    right, missed, wrong = (int(one.sum()) for one in (wanted & found, wanted & ~found, ~wanted & found))
    figure = f"{macro_f1(wanted, found)[0]:.2f}" if wanted.any() else "-"
    return f"{figure} ({right}, {missed}, {wrong})"


def _confusion(told: Results) -> Iterator[str]:
    pairs: Counter[tuple[str, str]] = Counter()
    for row in (told.held_back, told.later, told.pages):
        for wanted, found in zip(row.told.expected, row.told.told(row.confidence), strict=True):
            missed, wrong = (_names(one) or [NONE] for one in (wanted & ~found, ~wanted & found))
            pairs.update((one, other) for one in missed for other in wrong if (one, other) != (NONE, NONE))
    yield from _head("about", "told instead", "texts")
    for (about, instead), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
        if count > 1:
            yield _line("(nothing more)" if about == NONE else about, instead, str(count))


def _mistakes(told: Results) -> Iterator[str]:
    yield from _head("text", "about", "told", "how sure of the mistake")
    found = []
    for row in (told.later, told.pages):
        for text, wanted, probable in zip(row.told.texts, row.told.expected, row.told.probable, strict=True):
            about = probable >= row.confidence
            surest = float(np.where(wanted, 1 - probable, probable)[wanted != about].max(initial=0))
            if surest:
                found.append((surest, text, _names(about)))
    for surest, text, about in sorted(found, key=lambda one: (-one[0], one[1].id))[:WORST]:
        said = text.text if len(text.text) <= 160 else text.text[:159] + "…"
        yield _line(said, ", ".join(text.topics) or NONE, ", ".join(about) or NONE, f"{surest:.2f}")


def _recipes(told: Results) -> Iterator[str]:
    costs, confidences = (
        sorted({getattr(one, name) for one in told.found}) for name in ("cost", "confidence")
    )
    yield from _head("C", *(f"from {confidence:g} on" for confidence in confidences))
    for cost in costs:
        recipes = (replace(RECIPE, cost=cost, confidence=confidence) for confidence in confidences)
        yield _line(f"{cost:g}", *(f"{told.found[recipe]:.4f}" for recipe in recipes))


def _names(row: np.ndarray) -> list[str]:
    return [name for name, is_so in zip(NAMES, row, strict=True) if is_so]


def _headed(head: str, rows: Iterator[str]) -> Iterator[str]:
    yield from ("", f"### {head}", "")
    yield from rows


def _head(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + "---|" * len(names)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def written_in(page: str, part: str, rows: Iterable[str]) -> str:
    """Return the page with its generated part of that name replaced."""
    begin, end = f"<!-- {part} by benchmarks/topics.py -->", "<!-- end -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(page):
        raise ValueError(f"{PAGE} has no part between {begin} and {end}.")
    return found.sub(lambda _: "\n".join((begin, "", *rows, "", end)), page)


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge, write the page, and say what does not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--declared", action="store_true", help="only write the tables declared in code")
    given = asked.parse_args(arguments)
    page = written_in(PAGE.read_text("utf-8"), "declared", declared())
    missed: list[str] = []
    if not given.declared:
        results = run(divided(read_texts()))
        page = written_in(page, "judged", tables(results))
        missed = list(results.missed)
    PAGE.write_text(page, "utf-8")
    print("\n".join(missed) or "everything holds")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
