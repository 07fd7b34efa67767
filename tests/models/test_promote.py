from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from features import matrix
from features.build import Frames
from features.products import AZURE
from models.figures import Rehearsal
from models.model import PropensityModel
from models.promote import decide
from tests.models import market
from tests.models.test_propensity import trained


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, PropensityModel]:
    there = market.made(tmp_path_factory.mktemp("frames"), customers=500, level=-3.0)
    return there.frames, trained(there, purchasers={"Azure": 250, "M365": 0})["Azure"].model


def rehearsal(stage: tuple[Frames, PropensityModel], *, hope: float) -> Rehearsal:
    """What the champion expects, its log-odds raised by `hope`, in another order of customers."""
    frames, champion = stage
    rows = matrix.read(frames, [market.JUDGE], AZURE, champion.names, champion.levels)
    log_odds = champion.log_odds(rows.values).purchase
    happened = (np.random.default_rng(1).random(len(log_odds)) < expit(log_odds)).astype(np.float64)
    order = np.arange(len(log_odds))[::-1]
    expected = np.asarray(expit(log_odds + hope))
    return Rehearsal(market.JUDGE, rows.accounts[order], happened[order], expected[order])


def test_the_first_model_is_champion(stage: tuple[Frames, PropensityModel]) -> None:
    told = decide(AZURE, None, rehearsal(stage, hope=2.0), stage[0], seed=0)
    assert told.is_promoted
    assert told.reason == "first release"


def test_an_equal_challenger_becomes_champion(stage: tuple[Frames, PropensityModel]) -> None:
    told = decide(AZURE, stage[1], rehearsal(stage, hope=0.0), stage[0], seed=0)
    assert told.is_promoted
    assert told.difference.value == pytest.approx(0, abs=1e-12)


def test_a_challenger_that_is_worse_beyond_chance_does_not(stage: tuple[Frames, PropensityModel]) -> None:
    told = decide(AZURE, stage[1], rehearsal(stage, hope=2.0), stage[0], seed=0)
    assert not told.is_promoted
    assert told.reason.startswith("log loss on 2026-06-25 is worse than the champion's: +0.")


def test_a_better_challenger_becomes_champion(stage: tuple[Frames, PropensityModel]) -> None:
    frames, model = stage
    weak = replace(
        model,
        calibrations=replace(model.calibrations, purchase=replace(model.calibrations.purchase, level=2.0)),
    )
    told = decide(AZURE, weak, rehearsal(stage, hope=0.0), frames, seed=0)
    assert told.is_promoted
    assert told.difference.high < 0


def test_too_few_outcomes_do_not_hold_a_challenger_back(stage: tuple[Frames, PropensityModel]) -> None:
    told = rehearsal(stage, hope=2.0)
    quiet = replace(told, happened=np.zeros(len(told.happened)))
    assert decide(AZURE, stage[1], quiet, stage[0], seed=0).is_promoted
    assert decide(AZURE, stage[1], None, stage[0], seed=0).is_promoted


def test_rows_that_stand_for_many_decide_more(stage: tuple[Frames, PropensityModel]) -> None:
    """A challenger too hopeful by far is right about those who bought: alone they would promote it."""
    hopeful = rehearsal(stage, hope=2.0)
    for for_a_win, is_promoted in ((1.0, False), (1_000.0, True)):
        weights = np.where(hopeful.happened > 0, for_a_win, 1.0)
        told = decide(AZURE, stage[1], replace(hopeful, weights=weights), stage[0], seed=0)
        assert told.is_promoted is is_promoted
