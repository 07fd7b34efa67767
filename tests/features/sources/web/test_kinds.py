import pytest

from features.sources.tables import SIGNAL_KINDS
from features.sources.web.kinds import HEADED_BY, KINDS, OPEN, TOLD_BY_WORDS, kind_of, strength

EXAMPLES = [(kind.name, text) for kind in TOLD_BY_WORDS for text in kind.examples]
COUNTER_EXAMPLES = [(kind.name, text) for kind in TOLD_BY_WORDS for text in kind.counter_examples]


def test_every_kind_of_signal_is_declared_once() -> None:
    assert sorted(kind.name for kind in KINDS) == sorted(SIGNAL_KINDS)


def test_every_kind_has_a_pattern_for_each_language_and_examples_for_and_against() -> None:
    for kind in TOLD_BY_WORDS:
        assert len(kind.patterns) >= 4
        assert len(kind.examples) >= 4
        assert len(kind.counter_examples) >= 4


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_an_example_is_of_its_kind(kind: str, text: str) -> None:
    assert kind_of(text, "blog_post") == kind


@pytest.mark.parametrize(("kind", "text"), COUNTER_EXAMPLES)
def test_a_counter_example_is_of_no_kind_that_words_show(kind: str, text: str) -> None:
    assert kind_of(text, "blog_post") == "blog_post", kind


@pytest.mark.parametrize("usual", sorted(set(SIGNAL_KINDS) - set(OPEN)))
def test_a_place_that_says_what_a_text_is_is_believed(usual: str) -> None:
    assert kind_of("We are hiring an Azure administrator.", usual) == usual


def test_only_the_head_of_a_long_text_tells_its_kind() -> None:
    long = "The choir sang in the chapel. " * (HEADED_BY // 30 + 1)
    assert kind_of(f"{long} Contoso raises 12 million euros.", "blog_post") == "blog_post"


def test_case_accents_and_line_breaks_make_no_difference() -> None:
    assert kind_of("LEVEE DE\nFONDS", "blog_post") == "funding"


def test_strength_is_the_probability_of_the_topic_times_the_weight_of_the_kind() -> None:
    assert strength(0.5, "technology_adopted") == 0.5
    assert strength(0.5, "site_visit") == 0.2
    assert all(0 < kind.weight <= 1 for kind in KINDS)
