import numpy as np

from features.sources.sample.offers import LOST_STATE, OPEN_STATE, WON_STATE, Offers, make_offers
from features.sources.sample.timeline import Ints
from tests.features.sources.sample.lives import Lived


def offers_of(lived: Lived) -> Offers:
    return make_offers(lived.market, lived.timeline, lived.behaviour, seed=3)


def step_of(lived: Lived, day: Ints) -> Ints:
    return np.searchsorted(lived.timeline.edges, day, side="right") - 1


def test_a_won_opportunity_closes_on_the_day_of_a_purchase_of_its_product(small: Lived) -> None:
    offers = offers_of(small)
    won = offers.status == WON_STATE
    step = step_of(small, offers.closed[won])
    bought = small.behaviour.bought[step, offers.account[won], offers.product[won]]
    assert won.sum() > 100
    np.testing.assert_array_equal(small.timeline.edges[step] + bought, offers.closed[won])


def test_a_lost_opportunity_closes_in_a_step_without_a_purchase(small: Lived) -> None:
    offers = offers_of(small)
    lost = offers.status == LOST_STATE
    step = step_of(small, offers.closed[lost])
    assert lost.sum() > 100
    assert (small.behaviour.bought[step, offers.account[lost], offers.product[lost]] == -1).all()


def test_an_opportunity_closes_after_it_was_opened_or_stays_open(small: Lived) -> None:
    offers = offers_of(small)
    still = offers.status == OPEN_STATE
    assert (offers.closed[~still] >= offers.created[~still]).all()
    assert (offers.closed[still] == -1).all()


def test_some_purchases_come_without_an_opportunity(small: Lived) -> None:
    purchases = (small.behaviour.bought >= 0).sum()
    won = (offers_of(small).status == WON_STATE).sum()
    assert 0.2 < won / purchases < 0.9


def test_a_customer_has_one_open_opportunity_a_product_at_a_time(small: Lived) -> None:
    offers = offers_of(small)
    order = np.lexsort((offers.created, offers.product, offers.account))
    account, product = offers.account[order], offers.product[order]
    created, closed = offers.created[order], offers.closed[order]
    same = (account[1:] == account[:-1]) & (product[1:] == product[:-1])
    assert (closed[:-1][same] >= 0).all()
    assert (created[1:][same] >= closed[:-1][same] - 31).all()
