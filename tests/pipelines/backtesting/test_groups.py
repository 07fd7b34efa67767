"""What each class, cell and cluster was worth."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from pipelines.backtesting.groups import group_rows, wilson
from scoring.cells import CELLS, CLUSTERS
from tests.pipelines.backtesting.judgement import judged, only


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return judged()


@pytest.fixture(scope="module")
def told(rows: pd.DataFrame) -> pd.DataFrame:
    return group_rows(rows, draws=60)


def test_every_value_of_every_grouping_has_a_row(told: pd.DataFrame) -> None:
    one = told[(told["as_of"] == "2026-01-25") & (told["product"] == "all")]
    assert list(one["grouping"].unique()) == [
        "cluster",
        "cell",
        "fit class",
        "intent class",
        "table letter",
        "table balanced",
    ]
    assert list(one[one["grouping"] == "cell"]["value"]) == list(CELLS)


def test_a_group_counts_its_customers_wins_and_opportunities(rows: pd.DataFrame, told: pd.DataFrame) -> None:
    part = rows[(rows["as_of"] == "2026-01-25") & (rows["product"] == "Azure")]
    inside = part[part["cluster"] == "Act Now"]
    row = only(told, "2026-01-25", "Azure", "cluster", "Act Now")
    assert row["customers"] == len(inside)
    assert row["wins"] == inside["bought"].sum()
    assert row["lift"] == pytest.approx(inside["bought"].mean() / part["bought"].mean())
    assert (row["opened"], row["won"], row["lost"]) == (len(inside), 0, inside["lost"].sum())


def test_one_date_has_wilsons_interval_and_a_pool_one_over_customers(told: pd.DataFrame) -> None:
    one = only(told, "2026-01-25", "Azure", "cluster", "Act Now")
    exact = binomtest(int(one["wins"]), int(one["customers"])).proportion_ci(method="wilson")
    assert (one["low"], one["high"]) == (exact.low, exact.high)
    pool = only(told, "pooled", "all", "cluster", "Act Now")
    assert pool["low"] < pool["win_rate"] < pool["high"]
    assert pool["high"] - pool["low"] < one["high"] - one["low"]


def test_shares_of_the_clusters_add_up_and_lifts_fall(told: pd.DataFrame) -> None:
    clusters = pd.DataFrame([only(told, "pooled", "all", "cluster", name) for name in CLUSTERS])
    assert clusters["share"].sum() == pytest.approx(1)
    assert clusters["lift"].is_monotonic_decreasing
    assert clusters["odds_ratio"].is_monotonic_decreasing


def test_a_group_without_customers_is_there_and_empty(rows: pd.DataFrame) -> None:
    nobody = group_rows(rows.assign(fit_class="Low"), draws=5)
    high = nobody[(nobody["grouping"] == "fit class") & (nobody["value"] == "High")]
    assert (high["customers"] == 0).all()
    assert high[["win_rate", "low", "lift", "odds_ratio"]].isna().all().all()


def test_wilson_holds_a_share_of_nothing_open() -> None:
    assert wilson(0, 10).low == pytest.approx(0)
    assert wilson(0, 10).high == pytest.approx(0.2775, abs=1e-4)
