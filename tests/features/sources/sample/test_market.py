import numpy as np
import pytest

from features.sources.sample.appetites import APPETITES, PREFIXES, Appetite
from features.sources.sample.market import firmographic_fit
from features.sources.sample.places import COUNTRIES, INDUSTRIES, PROGRAMMES
from tests.features.sources.sample.lives import Lived

PLACES = {
    "industries": {row.name for row in INDUSTRIES},
    "areas": {row.area for row in COUNTRIES},
    "programmes": {row.name for row in PROGRAMMES},
    "others": set(PREFIXES),
}


def test_there_is_an_appetite_for_every_product_in_the_order_of_the_catalogue() -> None:
    assert tuple(appetite.prefix for appetite in APPETITES) == PREFIXES


@pytest.mark.parametrize("appetite", APPETITES, ids=PREFIXES)
@pytest.mark.parametrize("kind", PLACES)
def test_an_effect_names_something_that_exists(appetite: Appetite, kind: str) -> None:
    assert set(getattr(appetite, kind)) <= PLACES[kind]


@pytest.mark.parametrize("appetite", APPETITES, ids=PREFIXES)
def test_fit_spreads_as_declared(lived: Lived, appetite: Appetite) -> None:
    fit = firmographic_fit(lived.market, appetite)
    assert fit.mean() == pytest.approx(0, abs=1e-9)
    assert fit.std() == pytest.approx(appetite.spread)


@pytest.mark.parametrize("of", range(len(PREFIXES)), ids=PREFIXES)
def test_owners_from_the_start_fit_better_than_others(lived: Lived, of: int) -> None:
    fit = firmographic_fit(lived.market, APPETITES[of])
    owns = lived.behaviour.owned_from[:, of] < 0
    assert fit[owns].mean() > fit[~owns].mean() + 0.3


def test_a_tenth_of_the_customers_joins_on_the_way(lived: Lived) -> None:
    assert 0.07 < (lived.market.joined > 0).mean() < 0.13
    assert (lived.market.dark_from > lived.market.joined).all()


def test_a_rival_technology_is_there_between_its_first_and_last_step(lived: Lived) -> None:
    steps = np.array([lived.market.has_rival(step) for step in range(lived.timeline.steps)])
    turns = np.abs(np.diff(steps.astype(int), axis=0)).sum(axis=0)
    assert turns.max() <= 2
    assert 0.15 < steps.mean() < 0.45
