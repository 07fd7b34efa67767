"""Compiled models say what the models say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from features.products import AZURE
from models.calibrate import Calibration
from models.model import Margins, PropensityModel
from models.revenue import Past, RevenueModel
from models.trees import Trees, Values
from scoring.compiled import compile_models, compile_product, compile_revenue
from tests.scoring.handmade import model
from tests.scoring.patterns.grown import Kind, grow, values

WIDTH = 3


def trees(seed: int, code: int | None = None) -> Trees:
    return Trees(grow(Kind(columns=WIDTH), seed), (2, 0, 1) if code is None else (2, 0), code)


@pytest.fixture(scope="module")
def blended() -> PropensityModel:
    """A model of four own boosters and four pooled ones, all of them different."""
    alone = model(AZURE, fit="employees", intent="own_visits_90d", also=("country",))
    purchase = Calibration((0.6, 0.2, 0.0, 0.3), -1.0)
    return replace(
        alone,
        own_weight=0.7,
        own=Margins(*(trees(seed) for seed in range(4))),
        pooled=Margins(*(trees(seed, code=1) for seed in range(4, 8))),
        calibrations=replace(alone.calibrations, fit=Calibration((0.5, 0.9), 0.2), purchase=purchase),
    )


def rows() -> Values:
    return values(Kind(columns=WIDTH), 90, 9)


def test_log_odds_are_the_models(blended: PropensityModel) -> None:
    told, expected = compile_product(blended).log_odds(rows()), blended.log_odds(rows())
    for name in ("fit", "intent", "purchase"):
        assert getattr(told, name).tolist() == getattr(expected, name).tolist()
    assert compile_product(blended).fit(rows()).tolist() == expected.fit.tolist()


def test_contributions_add_up_to_the_purchase_log_odds(blended: PropensityModel) -> None:
    base, each = compile_product(blended).contributions(rows())
    assert each.shape == (90, WIDTH)
    assert base + each.sum(axis=1) == pytest.approx(blended.log_odds(rows()).purchase, abs=1e-9)


def test_contributions_are_those_of_each_booster_by_its_weight(blended: PropensityModel) -> None:
    expected = np.zeros((90, WIDTH))
    for weight, one in zip(blended.purchase_weights(), blended.boosters().values(), strict=True):
        expected[:, list(one.columns)] += weight * one.contributions(rows())[1]
    assert compile_product(blended).contributions(rows())[1] == pytest.approx(expected, abs=1e-9)


def test_own_trees_alone_are_read_alone(blended: PropensityModel) -> None:
    alone = replace(blended, own_weight=1.0, pooled=None)
    assert compile_product(alone).fit(rows()).tolist() == alone.fit(rows()).tolist()


def test_a_product_without_a_model_has_none_compiled(blended: PropensityModel) -> None:
    found = compile_models({"Azure": blended, "M365": None})
    assert list(found.products) == ["Azure"]
    assert found.revenue is None
    assert found.renewal is None


def test_revenue_is_read_with_each_products_own_code() -> None:
    past = {name: Past(30, 5.0, 6.0, 2.0) for name in ("Azure", "M365")} | {"Few": Past(3, 7.0, 8.0, 2.0)}
    revenue = RevenueModel(
        trained_through=date(2026, 3, 25),
        names=("employees", "own_visits_90d"),
        levels={},
        products=("Azure", "M365", "Few", "Never"),
        past=past,
        trees=Trees(grow(Kind(columns=WIDTH), 3), (0, 1), 0),
    )
    compiled, read = compile_revenue(revenue), rows()[:, :2]
    told = {product: compiled.cents(read, product)[0].tolist() for product in revenue.products}
    for product in ("Azure", "M365"):
        booster = revenue.booster(product)
        assert booster is not None
        assert told[product] == np.exp(booster.margin(read)).tolist()
    assert told["Azure"] != told["M365"]
    assert told["Few"] == [7.0] * 90
    assert np.isnan(told["Never"]).all()
