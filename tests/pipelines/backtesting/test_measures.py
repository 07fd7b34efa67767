"""How good the probabilities were."""

import numpy as np
import pandas as pd
import pytest

from models import evaluate
from pipelines.backtesting.measures import measure, measure_closed
from tests.pipelines.backtesting.judgement import judged, only

CONTRACT = """
    as_of product population rows positives base_rate auc pr_auc lift_at_10 brier log_loss ece
    expected_over_observed calibration_slope oracle_auc auc_minus_oracle recency_auc recency_brier
    recency_lift_at_10 popularity_auc popularity_brier popularity_lift_at_10 fit_auc fit_brier fit_lift_at_10
"""
WITH_INTERVAL = """
    auc pr_auc lift_at_10 brier log_loss expected_over_observed calibration_slope auc_minus_oracle
    auc_minus_recency auc_minus_popularity brier_minus_popularity log_loss_minus_popularity fit_auc
"""


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return judged()


@pytest.fixture(scope="module")
def told(rows: pd.DataFrame) -> pd.DataFrame:
    return measure(rows, draws=60)


def test_there_is_a_row_a_date_a_product_and_a_population_and_their_pools(told: pd.DataFrame) -> None:
    assert len(told) == 3 * 3 * 3
    assert only(told, "pooled", "all", "all")["rows"] == 2400
    assert only(told, "2026-02-25", "Azure", "owners")["rows"] == 200


def test_every_promised_column_is_there(told: pd.DataFrame) -> None:
    columns = set(told.columns)
    assert set(CONTRACT.split()) <= columns
    assert {f"{name}_{end}" for name in WITH_INTERVAL.split() for end in ("low", "high")} <= columns


@pytest.mark.parametrize("name", list(evaluate.MEASURES))
def test_a_measure_is_that_of_its_rows(rows: pd.DataFrame, told: pd.DataFrame, name: str) -> None:
    part = rows[(rows["as_of"] == "2026-01-25") & (rows["product"] == "M365") & ~rows["owner"]]
    expected = evaluate.MEASURES[name](part["bought"].to_numpy(), part["probability"].to_numpy())
    assert only(told, "2026-01-25", "M365", "whitespace")[name] == pytest.approx(expected, rel=1e-5)


def test_the_truth_is_as_good_as_the_oracle_and_well_calibrated(told: pd.DataFrame) -> None:
    row = only(told, "pooled", "all", "all")
    assert row["auc_minus_oracle"] == row["auc_minus_oracle_low"] == 0
    assert row["calibration_slope_low"] < 1 < row["calibration_slope_high"]
    assert row["bins_on_diagonal"] >= 8


def test_a_guess_without_order_has_an_auc_of_a_half_and_no_lift(told: pd.DataFrame) -> None:
    row = only(told, "2026-01-25", "Azure", "all")
    assert row["popularity_auc"] == pytest.approx(0.5)
    assert row["popularity_lift_at_10"] == pytest.approx(1.0)
    assert row["auc_minus_popularity"] == pytest.approx(row["auc"] - 0.5)


def test_without_a_truth_the_oracle_is_empty(rows: pd.DataFrame) -> None:
    told = measure(rows.assign(oracle=np.nan), draws=5)
    assert told["oracle_auc"].isna().all()
    assert told["auc_minus_oracle_high"].isna().all()


def test_few_outcomes_are_marked_as_too_few_to_judge(rows: pd.DataFrame) -> None:
    few = rows.assign(bought=(np.arange(len(rows)) < 39).astype(float))
    assert only(measure(few, draws=5), "pooled", "all", "all")["judgement"] == "too few outcomes to judge"
    enough = rows.assign(bought=(np.arange(len(rows)) < 40).astype(float))
    assert only(measure(enough, draws=5), "pooled", "all", "all")["judgement"] == ""


def test_a_population_without_rows_has_empty_measures(rows: pd.DataFrame) -> None:
    told = measure(rows.assign(owner=False), draws=5)
    owners = told[told["population"] == "owners"]
    assert (owners["rows"] == 0).all()
    assert owners[["auc", "brier", "ece", "fit_auc"]].isna().all().all()


def test_closed_opportunities_are_judged_one_by_one() -> None:
    rows = judged(customers=4, dates=1).query("product == 'Azure'")
    rows = rows.assign(probability=[0.1, 0.2, 0.3, 0.4], won=[0.0, 2, 0, 1], lost=[3.0, 0, 1, 0])
    told = only(measure_closed(rows, draws=5), "pooled", "all")
    # Of 3 x 4 pairs of a won and a lost one, the two won at 0.2 lose to the one lost at 0.3.
    assert (told["closed"], told["won"]) == (7, 3)
    assert told["auc"] == pytest.approx(10 / 12)


def test_outcomes_that_depend_on_nothing_hold_a_half(rows: pd.DataFrame) -> None:
    chance = np.random.default_rng(5).random(len(rows)) < 0.5
    told = measure_closed(rows.assign(won=chance.astype(float), lost=(~chance).astype(float)), draws=100)
    pooled = only(told, "pooled", "all")
    assert pooled["auc_low"] < 0.5 < pooled["auc_high"]


def test_without_closed_opportunities_there_is_no_auc(rows: pd.DataFrame) -> None:
    told = measure_closed(rows.assign(won=0.0, lost=0.0), draws=5)
    assert (told["closed"] == 0).all()
    assert told["auc"].isna().all()
