import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import COLD, HOT, LONG_AGO
from features.sources.sample.moods import USUAL
from tests.features.sources.sample.lives import Lived

CLOSED = range(5, 20)
APART = range(2, 20, 3)
"""As-of dates whose windows hardly overlap."""


def pooled(lived: Lived, product: str, steps: range) -> tuple[list[float], list[bool]]:
    of = PREFIXES.index(product)
    truth, bought = [], []
    for step in steps:
        chosen = lived.in_scope()[:, of] & (lived.market.joined <= step)
        truth += lived.behaviour.truth[step, chosen, of].tolist()
        bought += lived.bought_after(step)[chosen, of].tolist()
    return truth, bought


@pytest.mark.parametrize("product", PREFIXES)
def test_between_one_and_ten_in_a_hundred_buy_within_the_horizon(lived: Lived, product: str) -> None:
    assert 0.01 < np.mean(pooled(lived, product, CLOSED)[1]) < 0.10


@pytest.mark.parametrize("product", PREFIXES)
def test_an_oracle_is_good_but_not_perfect(lived: Lived, product: str) -> None:
    truth, bought = pooled(lived, product, CLOSED)
    assert 0.76 < roc_auc_score(bought, truth) < 0.86


@pytest.mark.parametrize("product", PREFIXES)
def test_as_many_buy_as_the_truth_says(lived: Lived, product: str) -> None:
    truth, bought = (np.array(values) for values in pooled(lived, product, APART))
    spread = np.sqrt((truth * (1 - truth)).sum())
    assert abs(truth.sum() - bought.sum()) < 4 * spread


def test_the_truth_holds_in_every_tenth_of_it(lived: Lived) -> None:
    pairs = [pooled(lived, product, APART) for product in PREFIXES]
    truth = np.concatenate([pair[0] for pair in pairs])
    bought = np.concatenate([pair[1] for pair in pairs])
    for part in np.array_split(np.argsort(truth), 10):
        spread = np.sqrt((truth[part] * (1 - truth[part])).sum())
        assert abs(truth[part].sum() - bought[part].sum()) < 4 * spread


def test_the_truth_is_a_probability(lived: Lived) -> None:
    assert lived.behaviour.truth.min() >= 0
    assert lived.behaviour.truth.max() < 1


def test_who_has_gone_dark_buys_nothing_and_never_will(lived: Lived) -> None:
    steps = np.arange(lived.timeline.steps)[:, None]
    dark = lived.market.dark_from <= steps
    assert dark.any()
    assert not (lived.behaviour.bought >= 0)[dark].any()
    assert not lived.behaviour.truth[dark].any()


def test_nobody_buys_before_joining(lived: Lived) -> None:
    before = lived.market.joined > np.arange(lived.timeline.steps)[:, None]
    assert before.any()
    assert not (lived.behaviour.bought >= 0)[before].any()


def test_hot_customers_buy_more_often_than_cold_ones(lived: Lived) -> None:
    buys, interest = lived.behaviour.bought >= 0, lived.behaviour.interest
    assert buys[interest == HOT].mean() > 5 * buys[interest == COLD].mean()


def test_owners_who_use_more_of_microsoft_365_buy_more_security(lived: Lived) -> None:
    m365, security = PREFIXES.index("M365"), PREFIXES.index("Security")
    buys = lived.behaviour.bought[:, :, security] >= 0
    mood = np.stack([lived.behaviour.moods.at(int(day)) for day in lived.timeline.edges[: len(buys)]])
    owns = lived.behaviour.owned_from[:, m365] == LONG_AGO
    rates = [buys[:, owns][half[:, owns]].mean() for half in (mood >= USUAL, mood < USUAL)]
    assert 1.1 < rates[0] / rates[1] < 2.5


def test_the_first_purchase_begins_ownership(lived: Lived) -> None:
    buys = (lived.behaviour.bought >= 0).any(axis=0)
    first = (lived.behaviour.bought >= 0).argmax(axis=0)
    new = lived.behaviour.owned_from >= 0
    assert (lived.behaviour.owned_from[new & buys] == first[new & buys]).all()


def test_some_customers_never_buy(lived: Lived) -> None:
    owns = (lived.behaviour.owned_from < lived.timeline.steps).any(axis=1)
    assert 0.02 < 1 - owns.mean() < 0.4
