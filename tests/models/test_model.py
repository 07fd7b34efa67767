from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.products import M365
from models.model import BOOSTERS, Margins, PropensityModel, State, load, own_weight
from models.propensity import train_products
from models.source import source
from models.trees import Values
from tests.models import market


@pytest.fixture(scope="module")
def blended(tmp_path_factory: pytest.TempPathFactory) -> PropensityModel:
    """A model of its own and pooled trees."""
    there = market.frames(tmp_path_factory.mktemp("frames"), customers=500)
    known = market.both(
        market.labels(there, level=-4.0), market.labels(there, level=-3.5, product=M365, seed=7)
    )
    trained = train_products(
        source(there, known, market.SPLIT),
        market.CATALOGUE.products,
        purchasers={"Azure": 150, "M365": 180},
        jobs=1,
        seed=0,
        anchors={},
        progress=lambda _: None,
    )
    return trained["Azure"].model


def rows() -> Values:
    generator = np.random.default_rng(4)
    drawn = [generator.integers(1, 300, 50), generator.integers(0, 4, 50), generator.poisson(1, 50)]
    return np.column_stack(drawn).astype(np.float32)


def test_the_blend_weighs_own_and_pooled_margins(blended: PropensityModel) -> None:
    assert blended.own is not None
    assert blended.pooled is not None
    own, pooled = blended.own.read(rows()), blended.pooled.read(rows())
    weight = 150 / 350
    assert blended.margins(rows()) == pytest.approx(weight * own + (1 - weight) * pooled)


def test_the_purchase_log_odds_are_weighted_margins_of_each_booster(blended: PropensityModel) -> None:
    margins = np.column_stack([trees.margin(rows()) for trees in blended.boosters().values()])
    told = margins @ blended.purchase_weights() + blended.calibrations.purchase.level
    assert told == pytest.approx(blended.log_odds(rows()).purchase)


def test_log_odds_are_calibrated_margins(blended: PropensityModel) -> None:
    margins = blended.margins(rows())
    fit, intent = blended.calibrations.fit, blended.calibrations.intent
    told = blended.log_odds(rows())
    assert told.fit == pytest.approx(margins[:, :2] @ fit.weights + fit.level)
    assert told.intent == pytest.approx(margins[:, 2] * intent.weights[0] + intent.level)


def test_fit_sees_only_who_the_customer_is_and_intent_only_what_it_does(blended: PropensityModel) -> None:
    louder = rows()
    louder[:, 2] += 5
    before, after = blended.log_odds(rows()), blended.log_odds(louder)
    assert after.fit.tolist() == before.fit.tolist()
    assert (after.intent > before.intent).all()


def test_fit_alone_is_the_fit_of_all_and_reads_no_other_trees(blended: PropensityModel) -> None:
    def of_fit(margins: Margins | None) -> Margins:
        assert margins is not None
        unreadable = replace(margins.intent, columns=(99,))
        return replace(margins, intent=unreadable, everything=unreadable)

    alone = replace(blended, own=of_fit(blended.own), pooled=of_fit(blended.pooled))
    assert alone.fit(rows()).tolist() == blended.log_odds(rows()).fit.tolist()


def test_a_model_comes_back_from_its_folder_as_it_was(blended: PropensityModel, tmp_path: Path) -> None:
    blended.save(tmp_path)
    assert load(tmp_path) == blended


def test_a_model_saved_twice_gives_the_same_bytes(blended: PropensityModel, tmp_path: Path) -> None:
    blended.save(tmp_path / "once")
    load(tmp_path / "once").save(tmp_path / "twice")
    once, twice = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("once", "twice")
    )
    assert once == twice
    assert set(once) == {"model.json"} | {f"{whose}_{name}.txt" for whose, name in _boosters()}


def test_a_model_of_own_trees_alone_writes_no_pooled_ones(blended: PropensityModel, tmp_path: Path) -> None:
    alone = replace(blended, pooled=None, own_weight=1.0)
    alone.save(tmp_path)
    assert load(tmp_path) == alone
    assert not list(tmp_path.glob("pooled*"))


def test_importance_is_a_share_of_the_gain(blended: PropensityModel) -> None:
    told = blended.importance()
    assert sum(told.values()) == pytest.approx(1)
    assert told["own_signals_30d"] > told["industry"]


@pytest.mark.parametrize(
    ("purchases", "state"), [(20, State.POOLED), (199, State.POOLED), (200, State.SCORED)]
)
def test_the_state_tells_which_trees_weigh_more(
    blended: PropensityModel, purchases: int, state: State
) -> None:
    assert replace(blended, own_weight=own_weight(purchases)).state is state


def test_own_trees_weigh_half_at_two_hundred_purchases() -> None:
    assert [own_weight(count) for count in (0, 200, 600)] == [0.0, 0.5, 0.75]


def _boosters() -> list[tuple[str, str]]:
    return [(whose, name) for whose in ("own", "pooled") for name in BOOSTERS]
