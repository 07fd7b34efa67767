"""What training draws: every purchase while it can, at rates that follow from counts of the whole."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.pairs import drawn
from features.periods import months_before
from features.products import AZURE, M365, Catalogue
from features.sources.keep import keep, prepare
from features.sources.tables import ACCOUNTS, TRANSACTIONS
from features.sources.world import World, connect
from models import rates
from models.rates import ALL, Appetite, Drawn, Rates
from models.splits import thinned
from tests.worlds import Row, arrow

CUT = date(2026, 10, 25)
DATES = tuple(months_before(date(2026, 6, 25), back) for back in (3, 2, 1, 0))
EARLIER = (months_before(DATES[0], 3),)
TWO = Catalogue((AZURE, M365))
CUSTOMERS = tuple(f"c{number}" for number in range(60))
Bought = set[tuple[str, str, date]]
PURCHASES = st.sets(
    st.tuples(
        st.sampled_from(("Azure", "M365")), st.sampled_from(CUSTOMERS), st.sampled_from((*EARLIER, *DATES))
    ),
    max_size=60,
)


def written(folder: Path, bought: Bought, buckets: int = 1) -> World:
    """A world of the customers in which each purchase falls on the day of its as-of date."""
    folder.mkdir(parents=True, exist_ok=True)
    there = World(folder, (ACCOUNTS, TRANSACTIONS), buckets)
    orders: list[Row] = [
        {"product": product, "account_id": account, "transacted_on": when}
        for product, account, when in sorted(bought)
    ]
    with connect(threads=1) as engine:
        prepare(engine)
        for table, rows in ((ACCOUNTS, [{"account_id": one} for one in CUSTOMERS]), (TRANSACTIONS, orders)):
            engine.register("accepted", arrow(table, rows))
            keep(engine, there, table, "(FROM accepted)")
    return there


def drawn_from(world: World, appetite: Appetite) -> Drawn:
    with connect(threads=1) as engine:
        return rates.draw(engine, world, TWO, DATES, EARLIER, cut=CUT, appetite=appetite)


def seen(bought: Bought) -> Bought:
    """Every as-of date from which a purchase lies within ninety days."""
    return {
        (product, account, when)
        for product, account, day in bought
        for when in (*EARLIER, *DATES)
        if when <= day < when + timedelta(90)
    }


def is_drawn(account: str, rate: float) -> bool:
    return bool(drawn(np.array([account]), np.array([rate]))[0])


@settings(deadline=None, max_examples=15)
@given(PURCHASES)
def test_every_purchase_is_kept_while_there_are_few_enough(bought: Bought) -> None:
    with TemporaryDirectory() as place:
        told = drawn_from(written(Path(place), bought), Appetite(customers=6, purchases=1_000))
    assert told.rates.others == pytest.approx(0.1)
    assert not told.rates.halved
    kept = {(row["account_id"], row["as_of"]) for row in told.pairs.extra.to_pylist()}
    wanted = {(account, when) for _, account, when in seen(bought) if not is_drawn(account, 0.1)}
    assert kept == wanted


@settings(deadline=None, max_examples=15)
@given(PURCHASES, st.integers(1, 30), st.integers(1, 59))
def test_the_rates_are_those_of_an_independent_count(bought: Bought, purchases: int, customers: int) -> None:
    with TemporaryDirectory() as place:
        told = drawn_from(written(Path(place), bought), Appetite(customers=customers, purchases=purchases))
    share = customers / len(CUSTOMERS)
    second = {*EARLIER, *thinned(DATES)}
    kept = set()
    for product, count in Counter(product for product, _, _ in seen(bought)).items():
        is_halved = count > purchases
        among = {row for row in seen(bought) if row[0] == product and (row[2] in second or not is_halved)}
        rate = max(share, min(1.0, purchases / max(1, len(among))))
        assert told.rates.purchases[product] == rate
        assert (product in told.rates.halved) is is_halved
        kept |= {row[1:] for row in among if is_drawn(row[1], rate) and not is_drawn(row[1], share)}
    assert {(row["account_id"], row["as_of"]) for row in told.pairs.extra.to_pylist()} == kept


def test_neither_buckets_nor_the_order_of_rows_change_what_is_drawn(tmp_path: Path) -> None:
    bought = {("Azure", account, DATES[1]) for account in CUSTOMERS[::2]}
    bought |= {("M365", account, DATES[3]) for account in CUSTOMERS[::7]}
    appetite = Appetite(customers=10, purchases=20)
    one = drawn_from(written(tmp_path / "one", bought), appetite)
    many = drawn_from(written(tmp_path / "many", bought, buckets=4), appetite)
    assert one.rates == many.rates
    assert one.pairs.extra == many.pairs.extra
    assert one.pairs.extra.num_rows > 0


def test_a_world_that_fits_is_read_whole_and_nothing_is_weighed(tmp_path: Path) -> None:
    told = drawn_from(written(tmp_path, {("Azure", "c1", DATES[0])}), Appetite(customers=60, purchases=1))
    assert told == ALL
    assert told.rates.is_everything


def test_a_row_weighs_one_over_its_chance_so_that_weights_add_up_to_the_population() -> None:
    accounts = np.array([f"c{number}" for number in range(20_000)])
    bought = (np.arange(20_000) % 10 == 0).astype(np.float64)
    told = Rates(others=0.2, purchases={"Azure": 0.5})
    chances = told.chances(AZURE, bought)
    kept = drawn(accounts, chances)
    weights = 1 / chances[kept]
    assert set(weights.tolist()) == {2.0, 5.0}
    assert weights.sum() == pytest.approx(20_000, rel=0.03)
    assert weights[bought[kept] > 0].sum() == pytest.approx(2_000, rel=0.08)
    assert told.of_purchases(M365) == 0.2


def test_an_operator_is_told_at_which_rates_rows_are_drawn(tmp_path: Path) -> None:
    bought = {("Azure", account, DATES[1]) for account in CUSTOMERS[::2]} | {("M365", "c1", DATES[0])}
    told = str(drawn_from(written(tmp_path, bought), Appetite(customers=6, purchases=20)))
    assert told.startswith("10.0% of the customers on every date, and ")
    assert "66.7% of the purchases of Azure, all others" in told
    assert str(ALL) == "every customer on every date"
