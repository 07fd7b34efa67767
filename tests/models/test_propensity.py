from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from features import matrix
from features.products import AZURE, M365
from models.figures import drifted
from models.labels import Labels
from models.model import Anchors, State
from models.propensity import Trained, train_products
from models.source import Source, source
from tests.models import market


def trained(
    there: Source, *, purchasers: dict[str, int], jobs: int = 1, anchors: Anchors | None = None
) -> dict[str, Trained]:
    return train_products(
        there,
        market.CATALOGUE.products,
        purchasers=purchasers,
        jobs=jobs,
        seed=0,
        anchors={} if anchors is None else {"Azure": anchors},
        progress=lambda _: None,
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Azure sells now and then, M365 often."""
    there = market.frames(tmp_path_factory.mktemp("two"), customers=400)
    known = market.both(
        market.labels(there, level=-5.5), market.labels(there, level=-3.0, product=M365, seed=5)
    )
    return source(there, known, market.SPLIT)


@pytest.fixture(scope="module")
def counted(two: Source) -> dict[str, int]:
    return {product.prefix: two.purchasers(product) for product in market.CATALOGUE.products}


@pytest.fixture(scope="module")
def both(two: Source, counted: dict[str, int]) -> dict[str, Trained]:
    return trained(two, purchasers=counted)


def test_purchasers_are_distinct_customers(two: Source, counted: dict[str, int]) -> None:
    rows = two.labels.purchases[two.labels.purchases["product"] == "M365"]
    assert counted["M365"] == rows["account_id"].nunique() < len(rows)


def test_expected_wins_are_as_many_as_there_were(two: Source, both: dict[str, Trained]) -> None:
    for product in (AZURE, M365):
        sample = two.sample(product, market.DATES)
        expected = expit(both[product.prefix].model.log_odds(sample.values).purchase).sum()
        assert expected == pytest.approx(sample.bought.sum(), rel=0.15)


@pytest.mark.parametrize(("others", "learns_from_owners"), [(19, False), (20, True)])
def test_where_nearly_everybody_owns_it_fit_learns_from_purchases(
    tmp_path: Path, others: int, learns_from_owners: bool
) -> None:
    # Trees of one class alone answered 34 instead of log-odds, and a product's wins were expected by half.
    there = market.frames(tmp_path, customers=60)
    nobody = market.labels(there, level=-50.0)
    owners = [
        pd.DataFrame({"account_id": [f"c{n:05}" for n in range(others, 60)], "as_of": pd.Timestamp(when)})
        for when in there.as_ofs
    ]
    known = Labels(nobody.purchases, pd.concat(owners).assign(product="Azure"))
    sample = source(there, known, market.SPLIT).sample(AZURE, market.DATES)
    assert bool(sample.good.sum()) is learns_from_owners


def test_the_average_customer_is_the_anchor_of_a_first_release(two: Source, both: dict[str, Trained]) -> None:
    rate = two.sample(M365, market.DATES).bought.mean()
    anchors = both["M365"].model.anchors
    assert expit([anchors.fit, anchors.intent, anchors.purchase]) == pytest.approx([rate] * 3)


def test_anchors_of_an_earlier_release_stay(two: Source, counted: dict[str, int]) -> None:
    frozen = Anchors(-1.0, -2.0, -3.0)
    assert trained(two, purchasers=counted, anchors=frozen)["Azure"].model.anchors == frozen


def test_a_rare_product_leans_on_the_others(both: dict[str, Trained]) -> None:
    rare, usual = both["Azure"].model, both["M365"].model
    assert rare.state is State.POOLED
    assert rare.own_weight < 0.5 < usual.own_weight
    assert rare.pooled is not None


def test_below_forty_purchases_there_are_pooled_trees_alone(two: Source, counted: dict[str, int]) -> None:
    model = trained(two, purchasers={**counted, "Azure": 39})["Azure"].model
    assert model.own is None
    assert model.own_weight == 0.0


def test_far_above_two_hundred_purchases_there_are_own_trees_alone(
    two: Source, counted: dict[str, int]
) -> None:
    told = trained(two, purchasers={**counted, "M365": 3900})["M365"]
    assert told.model.pooled is None
    assert told.model.own_weight == 1.0
    every_second_date = 3
    assert told.figures.rows == 400 * every_second_date


def test_below_twenty_purchases_there_is_no_model(two: Source, counted: dict[str, int]) -> None:
    assert set(trained(two, purchasers={**counted, "Azure": 19})) == {"M365"}
    assert trained(two, purchasers={"Azure": 3, "M365": 0}) == {}


def test_the_only_product_stands_on_its_own_trees(tmp_path: Path) -> None:
    there = market.made(tmp_path, customers=300, level=-3.0)
    model = trained(there, purchasers={"Azure": 100, "M365": 0})["Azure"].model
    assert model.pooled is None
    assert model.own_weight == 1.0
    assert model.state is State.SCORED


def test_models_do_not_depend_on_how_many_work(
    two: Source, counted: dict[str, int], both: dict[str, Trained]
) -> None:
    again = trained(two, purchasers=counted, jobs=2)
    assert {name: one.model for name, one in again.items()} == {name: one.model for name, one in both.items()}


def test_what_decides_is_found(both: dict[str, Trained]) -> None:
    judged = both["M365"].figures.judged
    assert judged is not None
    assert judged.measures["auc"].low > 0.6
    assert len(judged.rehearsal.happened) == 400


def test_the_rehearsal_is_calibrated_on_the_earlier_dates_alone(
    two: Source, both: dict[str, Trained]
) -> None:
    """Were the newest date among them, a year of drift would go unseen in observed over expected."""
    labels = two.labels
    newest = labels.purchases["as_of"] == np.datetime64(market.JUDGE)
    fewer = labels.purchases[~newest | (labels.purchases["account_id"].str[-1] == "0")]
    changed = source(two.frames, type(labels)(fewer, labels.owners), market.SPLIT)
    told = trained(changed, purchasers={"Azure": 0, "M365": 300})["M365"].figures
    before = changed.sample(M365, market.DATES[:-1]).bought.mean()
    assert told.judged is not None
    assert told.judged.rehearsal.expected.mean() == pytest.approx(before, rel=0.1)
    assert told.drift is not None
    assert told.drift.ratio < 0.2
    assert drifted({"M365": told.drift}) == ("M365",)
    usual = both["M365"].figures.drift
    assert usual is not None
    assert drifted({"M365": usual}) == ()


def test_the_levels_of_a_text_feature_are_kept_with_the_model(both: dict[str, Trained], two: Source) -> None:
    model = both["Azure"].model
    assert set(model.levels) == {"industry"}
    assert model.names == matrix.all_names(two.frames)
