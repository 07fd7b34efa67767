from pathlib import Path

import pytest

from features.sources.web.alike import alike
from features.sources.web.labelled import (
    FEWEST,
    FEWEST_OF_NONE,
    LANGUAGES,
    LATER,
    NONE,
    Text,
    breaches,
    divided,
    read_texts,
    too_few,
)
from features.sources.web.topics import TOPICS

TEXTS = read_texts()
HEADER = "id,language,topics,text\n"
MOST_ALIKE = 0.35
"""Of the runs of letters that two texts of different stories may share."""
MOST_ALIKE_IN_A_STORY = 0.6


def text(id: str, language: str = "en", topics: tuple[str, ...] = ("azure",), said: str = "") -> Text:
    return Text(id, language, topics, said or f"What {id} says.")


def test_every_topic_has_as_many_texts_in_every_language_as_are_promised() -> None:
    assert list(too_few(TEXTS)) == []
    assert len(LANGUAGES) * FEWEST == 60


def test_too_few_texts_of_a_topic_in_a_language_are_told() -> None:
    told = list(too_few(text(f"azure-{number:02}-en") for number in range(FEWEST - 1)))
    assert told[0] == f"azure in en: {FEWEST - 1} texts, at least {FEWEST} are promised"
    assert told[-1] == f"none in tr: 0 texts, at least {FEWEST_OF_NONE} are promised"


def test_each_file_is_that_of_the_first_topic_of_its_texts() -> None:
    folder = Path("features/sources/web/corpus")
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {topic.name.replace(" ", "-") for topic in TOPICS} | {NONE}
    assert all(one.file == (one.topics[0].replace(" ", "-") if one.topics else NONE) for one in TEXTS)


def test_texts_of_different_stories_are_not_nearly_the_same() -> None:
    pairs = [pair for pair in alike(TEXTS, MOST_ALIKE) if pair[1].story != pair[2].story]
    assert pairs == []


def test_texts_of_one_story_differ_too() -> None:
    assert list(alike(TEXTS, MOST_ALIKE_IN_A_STORY)) == []


def test_texts_written_later_say_nothing_that_the_corpus_says() -> None:
    later = read_texts(LATER)
    assert {one.language for one in later} == set(LANGUAGES)
    assert sum(one.id.startswith("page-") for one in later) >= 60
    mixed = [pair for pair in alike((*TEXTS, *later), MOST_ALIKE) if (pair[1] in later) != (pair[2] in later)]
    assert mixed == []


def test_a_text_that_repeats_another_with_a_word_changed_is_alike() -> None:
    one = text(
        "azure-01-en", said="We moved forty virtual machines out of the basement and into Azure last spring."
    )
    other = text(
        "azure-02-en", said="We moved sixty virtual machines out of the basement and into Azure last spring."
    )
    far = text("azure-03-en", said="A storage account bill doubled overnight and nobody knows the reason.")
    [(share, *found)] = alike((one, other, far), MOST_ALIKE)
    assert found == [one, other]
    assert share > 0.7


def test_a_story_is_held_back_in_every_language_or_in_none() -> None:
    corpus = divided(TEXTS)
    assert {one.story for one in corpus.learnt}.isdisjoint(one.story for one in corpus.held_back)
    assert len(corpus.learnt) + len(corpus.held_back) == len(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_a_quarter_of_each_file_is_held_back_in_every_language(language: str) -> None:
    corpus = divided(TEXTS)
    for file in {one.file for one in TEXTS}:
        held, learnt = (
            sum(one.file == file and one.language == language for one in part)
            for part in (corpus.held_back, corpus.learnt)
        )
        assert 0.1 < held / (held + learnt) < 0.4, file


def test_what_is_held_back_does_not_hang_on_the_order_of_texts() -> None:
    forth, back = divided(TEXTS), divided(reversed(TEXTS))
    assert set(forth.held_back) == set(back.held_back)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((text("azure-01-en"), text("azure-01-en", said="Other.")), "azure-01-en: 2 texts have this id"),
        ((text("a-01-en", said="Same."), text("a-02-en", said="SAME.")), "2 texts say: same."),
        ((text("azure-01-de", "de"),), "azure-01-de: the language de is unknown or not part of the id"),
        ((text("azure-01-en", "fr"),), "azure-01-en: the language fr is unknown or not part of the id"),
        ((text("azure-01-en", topics=("azul",)),), "azure-01-en: unknown topics ['azul']"),
        ((text("azure-01-en", topics=("azure", "azure")),), "azure-01-en: a topic is named twice"),
        (
            (text("azure-01-en", said="two  blanks"),),
            "azure-01-en: no text, or blanks at its ends or side by side",
        ),
    ],
)
def test_each_rule_of_the_corpus_tells_what_breaks_it(texts: tuple[Text, ...], told: str) -> None:
    assert list(breaches(texts)) == [told]


def test_a_folder_with_breaches_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "azure.csv").write_text(HEADER + "azure-01-en,en,azul,Hello.\nazure-02-en,en\n", "utf-8")
    (tmp_path / "erp.csv").write_text("id,text\n", "utf-8")
    with pytest.raises(ValueError, match="breaks its rules") as refused:
        read_texts(tmp_path)
    assert str(refused.value).splitlines()[1:] == [
        "azure.csv: a row of 2 cells: ['azure-02-en']",
        "erp.csv: the header is not id,language,topics,text",
        "azure-01-en: unknown topics ['azul']",
    ]
