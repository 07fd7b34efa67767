"""Training before past dates, and judging with what happened after: on a small sample world."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NotEnoughData
from features.products import AZURE, M365, Catalogue
from features.sources.sample.write import write
from features.sources.tables import SCORING_TABLES
from features.sources.world import World
from pipelines.backtesting.backtest import (
    CLOSED,
    GROUPS,
    MEASURES,
    PICTURE,
    VERDICTS,
    Backtest,
    Recipe,
    backtest,
)
from scoring.score import Rules

pytestmark = pytest.mark.slow

APRIL, JUNE = date(2026, 4, 25), date(2026, 6, 25)
RECIPE = Recipe(catalogue=Catalogue((AZURE, M365)), rules=Rules())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    write(folder, accounts=250, months=13, seed=3, through=date(2026, 10, 25))
    return World(folder, SCORING_TABLES)


def judge(sample: World, to: Path, *dates: date) -> Backtest:
    truth = sample.folder / "truth" / "truth.parquet"
    return backtest(sample, dates, to, recipe=RECIPE, work=to / "work", truth=truth, draws=20)


@pytest.fixture(scope="module")
def told(sample: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Backtest, Path]:
    to = tmp_path_factory.mktemp("told")
    return judge(sample, to, APRIL, JUNE), to


def test_the_files_hold_every_date_and_product(told: tuple[Backtest, Path]) -> None:
    _, to = told
    measured = pd.read_csv(to / MEASURES)
    assert set(measured["as_of"]) == {"2026-04-25", "2026-06-25", "pooled"}
    assert set(measured["product"]) == {"Azure", "M365", "all"}
    assert set(pd.read_csv(to / GROUPS)["product"]) == {"Azure", "M365", "all"}
    assert set(pd.read_csv(to / CLOSED)["product"]) == {"Azure", "M365", "all"}
    assert set(pd.read_csv(to / VERDICTS)["holds"]) <= {"Yes", "No"}
    assert (to / PICTURE).stat().st_size > 10_000


def test_the_truth_of_the_sample_world_is_the_oracle(told: tuple[Backtest, Path]) -> None:
    pooled = told[0].measures.query("as_of == 'pooled' and product == 'all' and population == 'all'").iloc[0]
    assert 0.7 < pooled["oracle_auc"] < 0.95
    assert pooled["auc"] > 0.55


def test_populations_and_groups_share_the_rows_among_them(told: tuple[Backtest, Path]) -> None:
    measured, groups = told[0].measures, told[0].groups
    rows = measured.pivot(index=["as_of", "product"], columns="population", values="rows")
    assert (rows["whitespace"] + rows["owners"] == rows["all"]).all()
    counted = groups.groupby(["as_of", "product", "grouping"])["customers"].sum().unstack()
    assert (counted.sub(rows["all"], axis=0) == 0).all().all()


def test_a_date_is_judged_alike_alone_and_among_others(
    sample: World, told: tuple[Backtest, Path], tmp_path: Path
) -> None:
    alone = judge(sample, tmp_path, APRIL).measures
    among = told[0].measures
    here, there = (
        frame[frame["as_of"] == APRIL.isoformat()].reset_index(drop=True) for frame in (alone, among)
    )
    pd.testing.assert_frame_equal(here, there)


def test_a_date_that_is_not_over_is_refused_before_anything_is_trained(sample: World, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="The latest as-of date that can be judged is 2026-07-"):
        judge(sample, tmp_path, JUNE, date(2026, 9, 25))
    assert not (tmp_path / "work").exists()


def test_a_date_without_history_is_refused(sample: World, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="Training before 2024-06-25 needs"):
        judge(sample, tmp_path, date(2024, 6, 25))
