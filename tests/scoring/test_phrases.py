"""Sentences by number."""

import numpy as np

from features.products import AZURE, Catalogue
from scoring.phrases import NOTHING, Phrases
from scoring.telling import Teller

COLUMNS = ("own_visits_30d", "own_visits_30_60d", "employees", "own_visits_90d")
VALUES = np.array(
    [[12, 4, 40, 1], [12, 3, 40, 1], [12, 4, 50, 2], [0, 4, np.nan, 1], [12, 4, 40, 1]], dtype=np.float32
)
TELLER = Teller(COLUMNS, {}, product=AZURE, catalogue=Catalogue())


def told(phrases: Phrases, place: int, *rows: int, is_for: bool = True) -> list[str | None]:
    numbers = phrases.tell(place, VALUES, np.array(rows, dtype=np.intp), is_for=is_for)
    return [None if number == NOTHING else phrases.texts[number] for number in numbers]


def test_each_row_is_told_as_by_the_teller_alone() -> None:
    phrases = Phrases(TELLER)
    for place in range(len(COLUMNS)):
        for is_for in (True, False):
            expected = [TELLER.tell(place, row, is_for=is_for) for row in VALUES]
            assert told(phrases, place, *range(len(VALUES)), is_for=is_for) == expected


def test_a_sentence_depends_on_every_column_it_shows_and_on_no_other() -> None:
    assert TELLER.reads(0) == (0, 1)
    assert TELLER.reads(2) == (2,)
    one, other, same, nothing, again = told(Phrases(TELLER), 0, 0, 1, 2, 3, 4)
    assert one == same == again
    assert one != other
    assert nothing is None


def test_the_same_sentence_has_one_number_whatever_it_was_made_of() -> None:
    phrases = Phrases(TELLER)
    numbers = phrases.tell(0, VALUES, np.array([0, 1, 4]), is_for=True)
    later = phrases.tell(0, VALUES, np.array([2, 0]), is_for=True)
    assert numbers.tolist() == [0, 1, 0] or numbers.tolist() == [1, 0, 1]
    assert later.tolist() == [numbers[0], numbers[0]]
    assert len(set(phrases.texts)) == len(phrases.texts) == 2


def test_no_rows_have_no_sentences() -> None:
    assert told(Phrases(TELLER), 0) == []
