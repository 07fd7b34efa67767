import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.wording import letters, phrases, plain, speaking, words_of


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
