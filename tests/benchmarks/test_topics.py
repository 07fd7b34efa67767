import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from benchmarks.topic_judgement import FOLDS, Judged, by_majority, by_words, folds, interval, macro_f1
from benchmarks.topics import Results, Row, tables, written_in
from features.sources.web.classify import NAMES, RECIPE
from features.sources.web.labelled import Text, divided, read_texts

TEXTS = (
    Text("azure-01-en", "en", ("azure",), "We moved to Azure."),
    Text("erp-01-en", "en", ("erp",), "A new plan for stocks."),
    Text("none-01-en", "en", (), "Apache power lines."),
    Text("azure-02-fr", "fr", ("azure",), "Azure, bien sûr."),
)


@given(arrays(bool, (6, 3)), arrays(bool, (6, 3)))
def test_macro_f1_is_that_of_scikit_learn_over_the_topics_that_texts_are_about(
    expected: np.ndarray, told: np.ndarray
) -> None:
    some = expected.any(axis=0)
    if some.any():
        known = [
            f1_score(*pair, zero_division=0) for pair in zip(expected.T[some], told.T[some], strict=True)
        ]
        assert macro_f1(expected, told)[0] == pytest.approx(np.mean(known))


@given(arrays(bool, (5, 3)), arrays(bool, (5, 3)), st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_a_text_that_counts_twice_is_as_good_as_two(
    expected: np.ndarray, told: np.ndarray, times: list[int]
) -> None:
    repeated = [place for place, count in enumerate(times) for _ in range(count)]
    if expected[repeated].any():
        counted = macro_f1(expected, told, np.array([times]))[0]
        assert counted == pytest.approx(macro_f1(expected[repeated], told[repeated])[0])


def test_the_plain_rule_tells_every_topic_whose_name_is_said() -> None:
    said = by_words(TEXTS).told(0.5)
    assert [[name for name, yes in zip(NAMES, row, strict=True) if yes] for row in said] == [
        ["azure"],
        [],
        [],
        ["azure"],
    ]


def test_the_majority_rule_tells_one_topic_of_everything() -> None:
    told = by_majority(TEXTS, TEXTS).told(0.5)
    assert told[:, NAMES.index("azure")].all()
    assert told.sum() == len(TEXTS)


def test_an_interval_holds_its_figure_and_is_a_point_where_nothing_differs() -> None:
    perfect = Judged(TEXTS, *(by_majority(TEXTS, TEXTS).probable > 0,) * 2)
    assert interval(perfect, 0.5) == (1.0, 1.0, 1.0)
    figure, low, high = interval(by_words(TEXTS), 0.5)
    assert low <= figure <= high


def test_no_story_is_in_two_folds_and_every_fold_has_every_file() -> None:
    learnt = divided(read_texts()).learnt
    fold_of: dict[str, set[int]] = {}
    for text, fold in zip(learnt, folds(learnt, FOLDS), strict=True):
        fold_of.setdefault(text.story, set()).add(fold)
    assert {len(found) for found in fold_of.values()} == {1}
    files = {text.file for text in learnt}
    for fold in range(FOLDS):
        assert {story.rsplit("-", 1)[0] for story, found in fold_of.items() if fold in found} == files


def test_mistakes_and_confusions_are_told_of_those_made() -> None:
    others = (
        Text("azure-02-es", "es", ("azure",), "Azure."),
        Text("azure-02-tr", "tr", ("azure",), "Azure!"),
    )
    row = Row("texts", by_words((*TEXTS, *others)), 0.5)
    told = "\n".join(tables(Results({RECIPE: 0.9}, row, row, row, row, ())))
    assert "| A new plan for stocks. | erp | none | 1.00 |" in told
    assert "| erp | none | 3 |" in told
    assert "| azure | 1.00 (4, 0, 0) |" in told


def test_only_the_part_of_that_name_is_replaced() -> None:
    page = "a\n<!-- judged by benchmarks/topics.py -->\n\nold\n\n<!-- end -->\nb"
    assert written_in(page, "judged", ["new"]) == page.replace("old", "new")
    with pytest.raises(ValueError, match="no part between"):
        written_in(page, "declared", ["new"])
