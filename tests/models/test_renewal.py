from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.special import expit, logit

from features.build import Frames
from features.sources.world import World
from models import renewal
from models.renewal import TrainedRenewal
from tests.models import market
from tests.worlds import Row, world

CUT = date(2026, 10, 25)
CUSTOMERS = 250


def agreements(frames: Frames) -> list[Row]:
    """Two agreements a customer, of which the small ones lose theirs: some over, some still open."""
    generator = np.random.default_rng(6)
    rows: list[Row] = []
    sizes = pq.read_table(frames.path(market.JUDGE), columns=["account_id", "employees"])
    for account, employees in zip(*(column.to_pylist() for column in sizes.columns), strict=True):
        for number in range(2):
            ends = date(2025, 12, 1) + timedelta(days=int(generator.integers(0, 400)))
            row = {"agreement_id": f"{account}-{number}", "account_id": account, "ends_on": ends}
            rows.append(row)
            if ends < CUT:
                renewed = generator.random() < expit(employees / 60 - 1.5)
                outcome = "renewed" if renewed else "lost"
                rows.append({**row, "known_on": ends + timedelta(days=3), "outcome": outcome})
    return rows


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, World]:
    frames = market.frames(tmp_path_factory.mktemp("frames"), customers=CUSTOMERS)
    return frames, world(tmp_path_factory.mktemp("world"), agreements=agreements(frames))


@pytest.fixture(scope="module")
def trained(stage: tuple[Frames, World]) -> TrainedRenewal:
    told = renewal.train(*stage, market.SPLIT, cut=CUT, seed=0, anchor=None)
    assert told is not None
    return told


def rows(stage: tuple[Frames, World], trained: TrainedRenewal) -> renewal.Agreements:
    model = trained.model
    return renewal.read(*stage, [market.JUDGE], names=model.names, levels=model.levels)


def test_what_decides_a_renewal_is_found(trained: TrainedRenewal) -> None:
    assert max(trained.figures.importance, key=lambda name: trained.figures.importance[name]) == "employees"
    assert trained.figures.judged is not None
    assert trained.figures.judged.measures["auc"].low > 0.6


def test_a_row_is_an_agreement_beside_its_customer(
    stage: tuple[Frames, World], trained: TrainedRenewal
) -> None:
    told = rows(stage, trained)
    assert len(set(told.agreement_ids)) == len(told.agreement_ids) > CUSTOMERS / 2
    sizes = pq.read_table(stage[0].path(market.JUDGE)).to_pandas().set_index("account_id")["employees"]
    assert told.values[:, 0].tolist() == sizes.loc[list(told.accounts)].tolist()
    assert all(
        name.startswith(account) for account, name in zip(told.accounts, told.agreement_ids, strict=True)
    )


def test_the_average_agreement_is_the_anchor(trained: TrainedRenewal) -> None:
    assert trained.model.anchor == pytest.approx(logit(trained.figures.base_rate))


def test_an_earlier_anchor_stays(stage: tuple[Frames, World]) -> None:
    told = renewal.train(*stage, market.SPLIT, cut=CUT, seed=0, anchor=1.25)
    assert told is not None
    assert told.model.anchor == 1.25


def test_a_model_comes_back_from_its_folder_as_it_was(trained: TrainedRenewal, tmp_path: Path) -> None:
    trained.model.save(tmp_path)
    assert renewal.load(tmp_path) == trained.model


def test_with_few_of_either_outcome_there_is_no_model(tmp_path: Path) -> None:
    frames = market.frames(tmp_path, customers=60)
    there = world(
        tmp_path / "world",
        agreements=[
            {
                "agreement_id": f"g{number}",
                "account_id": f"c{number:05}",
                "ends_on": date(2026, 8, 1),
                "outcome": outcome,
                "known_on": known,
            }
            for number in range(60)
            for outcome, known in (
                (None, date(2024, 1, 1)),
                ("renewed" if number < 41 else "lost", date(2026, 8, 9)),
            )
        ],
    )
    assert renewal.train(frames, there, market.SPLIT, cut=CUT, seed=0, anchor=None) is None


def test_agreements_of_customers_not_listed_are_left_out(
    stage: tuple[Frames, World], trained: TrainedRenewal, tmp_path: Path
) -> None:
    there = world(tmp_path, agreements=[{"account_id": "stranger", "ends_on": date(2026, 8, 1)}])
    told = renewal.read(
        stage[0], there, [market.JUDGE], names=trained.model.names, levels=trained.model.levels
    )
    assert len(told.agreement_ids) == 0
    assert told.values.shape == (0, len(trained.model.names))
