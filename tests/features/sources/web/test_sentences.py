import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.sentences import SHORTEST_PASSAGE, passages_of, sentences_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("¿Qué ERP usáis? Nosotros ninguno.", ("¿Qué ERP usáis?", "Nosotros ninguno.")),
        ("Notre avis : « Oui. » Puis rien.", ("Notre avis : « Oui. »", "Puis rien.")),
        ("A title\nIts text goes on", ("A title", "Its text goes on")),
        ("Ask Dr. Hale about it. He knows.", ("Ask Dr. Hale about it.", "He knows.")),
        ("It costs approx. 5 euros.", ("It costs approx. 5 euros.",)),
        ("Version 2.0 is out. İyi haber.", ("Version 2.0 is out.", "İyi haber.")),
        ("e.g. this one", ("e.g. this one",)),
        (" \n ", ()),
    ],
)
def test_sentences_end_at_stops_and_line_breaks_but_not_at_abbreviations(
    text: str, sentences: tuple[str, ...]
) -> None:
    assert sentences_of(text) == sentences


@given(st.text(alphabet="Ab.!? \n", max_size=300))
def test_passages_lose_no_word_and_keep_the_order(text: str) -> None:
    assert " ".join(passages_of(text)).split() == text.split()


def test_a_short_sentence_takes_in_the_next_one() -> None:
    sentence = " ".join(["Word"] * (SHORTEST_PASSAGE // 2)) + "."
    assert passages_of(" ".join([sentence] * 3)) == (f"{sentence} {sentence}", sentence)
