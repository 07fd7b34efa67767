"""The plain guesses that a model must beat."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import declared
from features.feature import Feature, Of, Unit
from features.products import AZURE
from models.baselines import RECENCY, learn
from models.labels import Labels
from tests.scoring.handmade import Row, frames

JUNE = date(2026, 6, 25)


def customer(number: int, **days: float | None) -> Row:
    columns: dict[str, object] = {f"{name}__Azure": days.get(name) for name in RECENCY}
    return {"account_id": f"c{number:03}", **columns}


def labels(bought: list[int]) -> Labels:
    accounts = [f"c{number:03}" for number in bought]
    purchases = pd.DataFrame({"product": "Azure", "account_id": accounts, "as_of": pd.Timestamp(JUNE)})
    return Labels(purchases, purchases.iloc[:0])


def test_recency_is_days_since_the_product_was_last_touched() -> None:
    rows = [declared.feature(name) for name in RECENCY]
    assert all(isinstance(row, Feature) and row.of is Of.OWN and row.unit is Unit.DAYS for row in rows)


def test_the_least_days_count_and_whoever_never_met_comes_last(tmp_path: Path) -> None:
    there = frames(
        tmp_path,
        [AZURE],
        {
            JUNE: [
                *(customer(n, own_signal_days=float(n + 1), own_bought_days=700.0) for n in range(60)),
                *(customer(n) for n in range(60, 100)),
            ]
        },
    )
    plain = learn(there, labels([0, 1, 2, 3, 4, 9, 30]), [JUNE], AZURE)
    told = plain.recency(there, JUNE)
    assert np.all(np.diff(told[:60]) < 0)
    assert np.all(told[60:] < told[59])
    assert told.sum() == pytest.approx(7, rel=0.1)


def test_popularity_is_the_share_that_bought(tmp_path: Path) -> None:
    there = frames(tmp_path, [AZURE], {JUNE: [customer(n, own_signal_days=5.0) for n in range(20)]})
    assert learn(there, labels([3, 4]), [JUNE], AZURE).base_rate == pytest.approx(0.1)


@pytest.mark.parametrize("bought", [[], list(range(20))])
def test_a_product_that_nobody_or_everybody_bought_has_a_guess(tmp_path: Path, bought: list[int]) -> None:
    there = frames(tmp_path, [AZURE], {JUNE: [customer(n, own_signal_days=5.0) for n in range(20)]})
    told = learn(there, labels(bought), [JUNE], AZURE).recency(there, JUNE)
    assert np.all((told >= 0) & (told <= 1))
