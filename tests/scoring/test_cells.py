"""What a pair of scores is called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cells import (
    BALANCED,
    CELLS,
    CLASSES,
    CLUSTERS,
    DEFAULT,
    STANDARD,
    CellTable,
    Thresholds,
    cells,
    told,
)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (100, "High"),
        (75, "High"),
        (74, "Medium"),
        (55, "Medium"),
        (54, "Low"),
        (30, "Low"),
        (29, "Very Low"),
        (0, "Very Low"),
    ],
)
def test_a_class_begins_at_its_threshold(points: int, expected: str) -> None:
    assert told(CLASSES, STANDARD.classes(np.array([points])))[0] == expected


def test_thresholds_can_be_set_for_a_product() -> None:
    strict = Thresholds(high=90, medium=80, low=10)
    assert list(told(CLASSES, strict.classes(np.array([89, 79, 9])))) == ["Medium", "Low", "Very Low"]


def test_thresholds_that_leave_a_class_empty_are_refused() -> None:
    with pytest.raises(ValueError, match="got 50, 55, 30"):
        Thresholds(high=50)


def test_the_letter_is_fit_and_the_number_is_intent() -> None:
    fit, intent = STANDARD.classes(np.array([80, 60, 10])), STANDARD.classes(np.array([10, 60, 80]))
    assert list(told(CELLS, cells(fit, intent))) == ["A4", "B2", "D1"]


def by_cluster(table: CellTable) -> dict[str, str]:
    names = told(CLUSTERS, table.clusters(np.arange(len(CELLS), dtype=np.int8)))
    return {name: " ".join(c for c, n in zip(CELLS, names, strict=True) if n == name) for name in CLUSTERS}


def test_the_default_cluster_is_the_letter() -> None:
    assert by_cluster(DEFAULT) == {
        "Act Now": "A1 A2 A3 A4",
        "Evaluate": "B1 B2 B3 B4",
        "Nurture": "C1 C2 C3 C4",
        "Educate": "D1 D2 D3 D4",
    }


def test_the_balanced_table_weighs_intent_as_much_as_fit() -> None:
    assert by_cluster(BALANCED) == {
        "Act Now": "A1 A2 B1",
        "Evaluate": "A3 B2 C1",
        "Nurture": "A4 B3 C2 D1",
        "Educate": "B4 C3 C4 D2 D3 D4",
    }


def test_a_table_without_all_sixteen_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="four rows of four marks"):
        CellTable("broken", ("1111", "2222", "3333", "444"))


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_points_never_make_a_lower_class(one: int, other: int) -> None:
    low, high = STANDARD.classes(np.array([min(one, other), max(one, other)]))
    assert high <= low
