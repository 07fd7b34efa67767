"""Why a purchase is as likely as it is."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from features.products import AZURE, Catalogue
from scoring.reasons import Floats, ReasonsBroken, reasons, require_told
from scoring.telling import Teller

COLUMNS = (
    "own_visits_30_60d",
    "own_visits_90d",
    "own_downloads_90d",
    "employees",
    "country",
    "own_job_postings_180d",
)
FAMILIES = ("web visits", "web visits", "downloads", "company", "place", "hiring")


@dataclass(frozen=True, slots=True)
class Linear:
    """A model whose contributions are given."""

    each: Floats
    base: float = -3.0

    def contributions(self, values: NDArray[np.float32], /, *, threads: int) -> tuple[Floats, Floats]:
        assert threads == 1
        return np.full(len(values), self.base), np.tile(self.each, (len(values), 1))


@dataclass(frozen=True, slots=True)
class Given:
    """A model whose contributions are given row by row."""

    each: Floats

    def contributions(self, values: NDArray[np.float32], /, *, threads: int) -> tuple[Floats, Floats]:
        assert len(values) == len(self.each)
        assert threads == 1
        return np.full(len(values), -3.0), self.each


def told(*contributions: float, off: float = 0.0, rows: int = 1) -> list[str]:
    values = np.tile(np.array([3, 5, 2, 40, 0, 1], dtype=np.float32), (rows, 1))
    teller = Teller(COLUMNS, {"country": ("Chile",)}, product=AZURE, catalogue=Catalogue())
    each = np.array(contributions)
    log_odds = np.full(rows, -3.0 + each.sum() + off)
    return reasons(Linear(each), values, log_odds, FAMILIES, teller)


def test_the_strongest_families_are_told_first_for_and_then_against() -> None:
    assert told(0.2, 0.0, 0.9, 0.4, -0.3, -0.5) == [
        "2 downloads about Azure in 90 days; a company of 40 employees; 3 visits to Azure pages 30 to 60 days"
        " ago; Against: 1 job posting about Azure in 180 days; Against: based in Chile"
    ]


def test_a_family_counts_as_the_sum_of_its_columns_and_is_told_by_the_strongest() -> None:
    assert told(0.3, 0.4, 0.6, 0, 0, 0) == [
        "5 visits to Azure pages in 90 days; 2 downloads about Azure in 90 days"
    ]


def test_at_most_three_are_told_for_and_two_against() -> None:
    (row,) = told(0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
    assert row.count(";") == 2
    (row,) = told(0, -0.1, 0, -0.1, -0.1, -0.1)
    assert row.count("Against: ") == 2


def test_what_hardly_counts_is_told_only_if_there_is_nothing_else() -> None:
    assert told(0, 0, 0.9, 0.01, -0.01, 0) == ["2 downloads about Azure in 90 days"]
    assert told(0, 0, 0, 0.01, -0.02, 0) == ["a company of 40 employees"]
    assert told(0, 0, 0, 0, -0.02, 0) == ["Against: based in Chile"]


def test_a_sentence_that_stands_for_two_families_is_told_once() -> None:
    twice = ("employees", "employees", "own_downloads_90d")
    values = np.array([[40, 40, 2]], dtype=np.float32)
    teller = Teller(twice, {}, product=AZURE, catalogue=Catalogue())
    each = np.array([[0.3, 0.4, 0.2]])
    found = reasons(Given(each), values, -3.0 + each.sum(axis=1), ("a", "b", "c"), teller)
    assert found == ["a company of 40 employees; 2 downloads about Azure in 90 days"]


def test_contributions_that_do_not_add_up_break_the_run() -> None:
    told(0.5, 0, 0, 0, 0, 0, off=0.9e-4)
    with pytest.raises(ReasonsBroken, match=r"2 of 2 rows are off, by up to 0\.0002"):
        told(0.5, 0, 0, 0, 0, 0, off=2e-4, rows=2)


def test_a_row_about_which_nothing_can_be_told_breaks_the_run() -> None:
    assert told(0, 0, 0, 0, 0, 0) == [""]
    with pytest.raises(ReasonsBroken, match="1 of 2 rows of Azure have none, such as b"):
        require_told(["a reason", ""], ["a", "b"], product="Azure")


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(0.3, 0.4, 0.6, 0, 0, 0, rows=5)
    monkeypatch.setattr("scoring.reasons.ROWS_AT_ONCE", 2)
    assert told(0.3, 0.4, 0.6, 0, 0, 0, rows=5) == whole


def naive(each: Floats, values: NDArray[np.float32], teller: Teller) -> str:
    """Tell one row as the module says it is told, family by family."""
    names = list(dict.fromkeys(FAMILIES))
    places = [[place for place, family in enumerate(FAMILIES) if family == name] for name in names]
    strength = [each[of].sum() for of in places]
    order = sorted(range(len(names)), key=lambda family: -strength[family])

    def side(ranked: list[int], least: float, sign: int, at_most: int) -> list[str]:
        found: list[str] = []
        for family in ranked:
            if sign * strength[family] <= least:
                continue
            for place in sorted(places[family], key=lambda place: -sign * each[place]):
                text = teller.tell(place, values, is_for=sign > 0) if sign * each[place] > 0 else None
                if text is not None:
                    found.append(text)
                    break
        return list(dict.fromkeys(found))[:at_most]

    back = order[::-1]
    told = side(order, 0.05, 1, 3) + ["Against: " + text for text in side(back, 0.05, -1, 2)]
    told = told or side(order, 0.0, 1, 1) or ["Against: " + text for text in side(back, 0.0, -1, 1)]
    return "; ".join(told)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**16), rows=st.integers(0, 30), scale=st.sampled_from([0.03, 0.2]))
def test_many_rows_are_told_as_each_is_alone(seed: int, rows: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    each = generator.normal(size=(rows, len(COLUMNS))) * scale * generator.integers(0, 2, len(COLUMNS))
    values = generator.choice(np.array([0, 1, 2, 40, np.nan], dtype=np.float32), (rows, len(COLUMNS)))
    teller = Teller(COLUMNS, {"country": ("Chile", "Peru")}, product=AZURE, catalogue=Catalogue())
    found = reasons(Given(each), values, -3.0 + each.sum(axis=1), FAMILIES, teller)
    assert found == [naive(one, row, teller) for one, row in zip(each, values, strict=True)]
