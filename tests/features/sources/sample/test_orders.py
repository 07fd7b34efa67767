import numpy as np
import pytest

from features.products import PRODUCTS, SkuKind
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import LONG_AGO
from features.sources.sample.orders import ADD, NEW, RENEW, RETURN, SKUS, Lines, order_lines
from features.sources.sample.timeline import Flags
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def lines(small: Lived) -> Lines:
    return order_lines(small.market, small.timeline, small.behaviour, seed=3)


def purchases(lines: Lines) -> Flags:
    chosen: Flags = (lines.kind == NEW) | (lines.kind == ADD)
    return chosen


def test_new_and_added_lines_are_the_purchases_and_nothing_else(small: Lived, lines: Lines) -> None:
    inside = lines.where(purchases(lines) & (lines.day >= small.timeline.start))
    step, account, product = np.nonzero(small.behaviour.bought >= 0)
    day = small.timeline.edges[step] + small.behaviour.bought[step, account, product]
    expected = sorted(zip(day, account, product, strict=True))
    assert sorted(zip(inside.day, inside.account, inside.product, strict=True)) == expected


def test_a_customer_buys_a_product_new_once(lines: Lines) -> None:
    new = lines.where(lines.kind == NEW)
    pairs = new.account * len(PREFIXES) + new.product
    assert len(np.unique(pairs)) == len(pairs)


def test_first_owners_bought_within_the_year_before_the_world(small: Lived, lines: Lines) -> None:
    before = lines.where(purchases(lines) & (lines.day < small.timeline.start))
    assert len(before) == (small.behaviour.owned_from == LONG_AGO).sum()
    assert (before.day >= small.timeline.start - 365).all()


def test_only_returns_are_negative(lines: Lines) -> None:
    back = lines.kind == RETURN
    assert back.any()
    assert (lines.quantity[back] < 0).all()
    assert (lines.amount[back] <= 0).all()
    assert (lines.quantity[~back] > 0).all()
    assert (lines.amount[~back] > 0).all()


def test_nobody_orders_after_going_dark(small: Lived, lines: Lines) -> None:
    step = np.searchsorted(small.timeline.edges, lines.day, side="right") - 1
    assert (step < small.market.dark_from[lines.account]).all()


def test_a_renewal_bills_all_seats_bought_by_then(small: Lived, lines: Lines) -> None:
    of = PREFIXES.index("PowerApps")
    chosen = lines.where((lines.product == of) & (lines.kind != RETURN))
    account = chosen.account[chosen.kind == ADD][0]
    mine = chosen.where(chosen.account == account)
    for at in np.flatnonzero(mine.kind == RENEW):
        before = (mine.kind != RENEW) & (mine.day <= mine.day[at])
        assert mine.quantity[at] == mine.quantity[before].sum()
    assert (mine.kind == RENEW).any()
    assert small.timeline.end > mine.day.max()


def test_on_premises_licences_are_mostly_renewed(lines: Lines) -> None:
    names = {sku for product in PRODUCTS for sku in product.skus(SkuKind.ON_PREMISES)}
    on_premises = np.array([sku.name in names for sku in SKUS])[lines.sku]
    assert on_premises.any()
    assert (lines.kind[on_premises] == RENEW).mean() > 0.5


def test_every_sku_belongs_to_a_family_of_its_product_or_to_azure() -> None:
    families = {sku for product in PRODUCTS for family in product.families for sku in family.skus}
    assert {sku.name for sku in SKUS if sku.prefix != "Azure"} == families
