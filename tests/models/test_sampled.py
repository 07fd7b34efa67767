"""Training on a sample against training on everything, where the true probabilities are known."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.special import expit

from features import matrix
from features.products import AZURE
from models import evaluate
from models.evaluate import Floats
from models.model import PropensityModel
from models.propensity import Trained, train_products
from models.rates import Rates
from models.source import Source, source
from tests.models import market

LEVEL = -4.5
RATES = Rates(others=0.2, purchases={"Azure": 1.0})
LATER = (date(2026, 9, 25),)


def trained(there: Source) -> Trained:
    (told,) = train_products(
        there,
        [AZURE],
        purchasers={"Azure": there.purchasers(AZURE)},
        jobs=1,
        seed=0,
        anchors={},
        progress=lambda _: None,
    ).values()
    return told


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return market.made(tmp_path_factory.mktemp("whole"), customers=2_000, level=LEVEL)


@pytest.fixture(scope="module")
def part(whole: Source) -> Source:
    return source(replace(whole.frames, share=RATES.others), whole.labels, market.SPLIT, RATES)


@pytest.fixture(scope="module")
def both(whole: Source, part: Source) -> tuple[Trained, Trained]:
    return trained(whole), trained(part)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> tuple[matrix.Matrix, Floats]:
    """Other customers, each with its true probability."""
    frames = market.frames(tmp_path_factory.mktemp("later"), customers=8_000, dates=LATER, seed=11)
    rows = pq.read_table(frames.path(LATER[0])).to_pandas()
    truth = expit(LEVEL + rows["employees"] / 150 + 0.8 * rows["own_signals_30d__Azure"]).to_numpy()
    names = matrix.all_names(frames)
    return matrix.read(frames, LATER, AZURE, names, {"industry": ("Retail", "Health", "Mining")}), truth


def expected(model: PropensityModel, rows: matrix.Matrix) -> Floats:
    return np.asarray(expit(model.log_odds(rows.values).purchase))


def test_every_purchase_and_a_share_of_the_rest_is_read(whole: Source, part: Source) -> None:
    every, some = (there.sample(AZURE, market.DATES) for there in (whole, part))
    assert some.bought.sum() == every.bought.sum()
    assert len(some.bought) < 0.4 * len(every.bought)
    assert some.weights is not None
    assert some.weights.sum() == pytest.approx(len(every.bought), rel=0.05)
    assert part.purchasers(AZURE) == whole.purchasers(AZURE)


def test_purchasers_are_as_many_where_their_rate_is_below_one(whole: Source) -> None:
    rates = Rates(others=0.2, purchases={"Azure": 0.5})
    part = source(replace(whole.frames, share=0.2), whole.labels, market.SPLIT, rates)
    assert part.purchasers(AZURE) == pytest.approx(whole.purchasers(AZURE), rel=0.15)


def test_what_is_said_of_the_population_is_the_same(both: tuple[Trained, Trained]) -> None:
    every, some = both
    assert some.figures.base_rate == pytest.approx(every.figures.base_rate, rel=0.05)
    assert some.model.anchors.purchase == pytest.approx(every.model.anchors.purchase, abs=0.06)
    assert some.figures.chances == (1.0, 0.2)
    assert every.figures.judged is not None
    assert some.figures.judged is not None
    for name in ("auc", "log_loss", "brier", "expected_over_observed", "calibration_slope"):
        one, other = every.figures.judged.measures[name], some.figures.judged.measures[name]
        assert other.low <= one.high, name
        assert one.low <= other.high, name


def test_calibration_is_right_of_customers_never_seen(
    both: tuple[Trained, Trained], later: tuple[matrix.Matrix, Floats]
) -> None:
    rows, truth = later
    happened = (np.random.default_rng(12).random(len(truth)) < truth).astype(np.float64)
    every, some = (expected(one.model, rows) for one in both)
    assert some.sum() / truth.sum() == pytest.approx(1.0, abs=0.1)
    told = [
        evaluate.bootstrap(measure, happened, some, rows.accounts, draws=100)
        for measure in (evaluate.expected_over_observed, evaluate.calibration_slope)
    ]
    assert all(one.low - 0.1 < 1 < one.high + 0.1 for one in told)
    worse = evaluate.difference(evaluate.log_loss, happened, some, every, rows.accounts, draws=100)
    assert worse.low < 0.001


def test_a_sample_does_not_depend_on_what_else_the_frames_hold(
    whole: Source, part: Source, tmp_path: Path
) -> None:
    """A frame may hold pairs drawn for another product: they are no rows of this one."""
    wanted = part.sample(AZURE, market.DATES)
    pairs = {(str(a), str(d)) for a, d in zip(wanted.accounts, wanted.as_of, strict=True)}
    for when in market.DATES:
        rows = pq.read_table(whole.frames.path(when))
        held = [(account, str(when)) in pairs for account in rows["account_id"].to_pylist()]
        pq.write_table(rows.filter(held), tmp_path / f"{when}.parquet")
    few = source(replace(part.frames, folder=tmp_path), whole.labels, market.SPLIT, RATES)
    again = few.sample(AZURE, market.DATES)
    assert np.array_equal(again.accounts, wanted.accounts)
    assert np.array_equal(again.bought, wanted.bought)
    assert again.weights is not None
    assert wanted.weights is not None
    assert np.array_equal(again.weights, wanted.weights)
