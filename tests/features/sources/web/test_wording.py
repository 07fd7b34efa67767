import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.sentences import passages_of
from features.sources.web.wording import letters, phrases, plain, speaking, speaking_words, words_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Año", "ano"),
        ("Sécurité", "securite"),
        ("İstanbul", "istanbul"),
        ("IŞIK", "isik"),
        ("ışık", "isik"),
        ("Œuvre", "œuvre"),
        ("ﬁn", "fin"),
    ],
)
def test_words_are_compared_in_small_letters_without_accents(written: str, expected: str) -> None:
    assert plain(written) == expected


@given(st.text())
def test_composed_and_decomposed_texts_are_the_same(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    if "ı" not in composed and "İ" not in composed:
        assert plain(composed) == plain(apart)


@given(st.text())
def test_there_are_as_many_plain_words_as_written_ones(text: str) -> None:
    words = words_of(text)
    assert len(words.plain) == len(words.written)


def test_phrases_are_words_and_pairs_of_neighbours() -> None:
    assert phrases(words_of("Move to Azure")) == ["move", "to", "azure", "move to", "to azure"]


def test_letters_are_runs_of_three_to_five_with_the_bounds_of_words() -> None:
    assert letters(words_of("ERP")) == [" er", "erp", "rp ", " erp", "erp ", " erp "]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Azure'a taşınıyor", ["name of azure"]),
        ("The azure sea", []),
        ("We use Google Cloud.", ["name of google cloud"]),
        ("We google clouds.", []),
        ("SAP S/4HANA", ["name of erp rivals", "name of erp rivals"]),
        ("fidye yazılımına", ["term of security"]),
        ("rançongiciels", ["term of security"]),
        ("El e-mail", []),
    ],
)
def test_names_count_where_they_are_written_with_a_capital_and_terms_with_any_ending(
    text: str, said: list[str]
) -> None:
    assert speaking(words_of(text)) == said


@given(
    st.lists(
        st.sampled_from(
            ["Azure", "azure", "We", "use", "Google", "Cloud.", "SAP", "El", "e-mail!", "fidye", "\n"]
        ),
        max_size=40,
    )
)
def test_a_part_without_the_speaking_words_of_its_text_says_nothing(words: list[str]) -> None:
    text = " ".join(words)
    said = speaking_words(text)
    silent = [part for part in passages_of(text) if not any(word in part for word in said)]
    assert [speaking(words_of(part)) for part in silent] == [[]] * len(silent)
    assert bool(said) == bool(speaking(words_of(text)))


def test_the_speaking_words_begin_a_name_or_term_as_they_are_written() -> None:
    assert speaking_words("We google Google Cloud.") == {"Google"}
