from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from features.build import Frames
from features.sources.world import World
from models.model import Anchors
from models.train import Training, train_all
from tests.models import market
from tests.models.test_renewal import agreements
from tests.worlds import Row, world

CUT = date(2026, 10, 25)


def orders(frames: Frames) -> list[Row]:
    """An Azure order ten days after each date on which the market draws a purchase."""
    drawn = market.labels(frames, level=-3.0).purchases
    return [
        {"account_id": account, "product": "Azure", "transacted_on": when.date() + timedelta(days=10)}
        for account, when in zip(drawn["account_id"], pd.to_datetime(drawn["as_of"]), strict=True)
    ]


def trained(frames: Frames, there: World, *, jobs: int = 1, cut: date = CUT) -> Training:
    return train_all(frames, there, market.CATALOGUE, cut=cut, as_ofs=market.DATES, jobs=jobs, seed=0)


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return market.frames(tmp_path_factory.mktemp("frames"), customers=250)


@pytest.fixture(scope="module")
def training(frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> Training:
    there = world(
        tmp_path_factory.mktemp("world"), transactions=orders(frames), agreements=agreements(frames)
    )
    return trained(frames, there)


def test_a_product_with_history_enough_has_a_model_and_figures(training: Training) -> None:
    assert set(training.models) == {"Azure"}
    assert set(training.figures) == {"Azure", "renewal"}
    assert training.renewal is not None


def test_the_newest_date_is_what_models_are_trained_through(training: Training) -> None:
    assert training.models["Azure"].trained_through == market.JUDGE
    assert training.revenue.trained_through == market.JUDGE


def test_what_becomes_known_from_the_cut_on_changes_nothing(
    frames: Frames, training: Training, tmp_path: Path
) -> None:
    later = [
        {**row, "account_id": f"c{number % 250:05}", "known_on": CUT}
        for number, row in enumerate(orders(frames))
    ]
    ended = [
        {
            "agreement_id": f"c{number:05}-0",
            "account_id": f"c{number:05}",
            "ends_on": date(2026, 9, 1),
            "outcome": "lost",
            "known_on": CUT,
        }
        for number in range(250)
    ]
    there = world(tmp_path, transactions=[*orders(frames), *later], agreements=[*agreements(frames), *ended])
    again = trained(frames, there)
    assert (again.models, again.renewal, again.revenue) == (
        training.models,
        training.renewal,
        training.revenue,
    )


def test_a_training_without_agreements_has_no_renewal_model(frames: Frames, tmp_path: Path) -> None:
    told = train_all(
        frames,
        world(tmp_path, transactions=orders(frames)),
        market.CATALOGUE,
        cut=CUT,
        as_ofs=market.DATES,
        anchors={"Azure": Anchors(0.0, 0.5, 1.0)},
    )
    assert told.renewal is None
    assert told.models["Azure"].anchors == Anchors(0.0, 0.5, 1.0)


def test_a_product_nobody_bought_is_no_error(frames: Frames, tmp_path: Path) -> None:
    told = trained(frames, world(tmp_path, transactions=[]))
    assert told.models == {}
