import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.sources.sample.nastiness import DAY, dirtied, known_days, known_instants
from features.sources.sample.rows import rows
from features.sources.tables import SIGNALS, TRANSACTIONS

COUNT = 60_000


def orders() -> pa.Table:
    number = np.arange(COUNT)
    text = pa.array(["same"] * COUNT)
    values = dict.fromkeys(TRANSACTIONS.names, text)
    ids = pa.array([f"T{at}" for at in number])
    return rows(
        TRANSACTIONS,
        values
        | {"transaction_id": ids, "kind": pa.array(["new"] * COUNT)}
        | dict.fromkeys(("transacted_on", "known_on", "quantity", "amount_cents"), number + 1),
    )


def test_most_rows_are_known_in_days_some_in_weeks_a_few_in_months() -> None:
    delay = known_days(np.random.default_rng(1), np.zeros(COUNT, dtype=np.int64))
    assert delay.min() == 0
    assert (delay <= 3).mean() == pytest.approx(0.965, abs=0.005)
    assert ((delay > 3) & (delay < 60)).mean() == pytest.approx(0.02, abs=0.004)
    assert (delay >= 60).mean() == pytest.approx(0.015, abs=0.004)


def test_a_signal_is_never_known_before_it_happened() -> None:
    happened = np.arange(COUNT) * DAY
    assert (known_instants(np.random.default_rng(1), happened) >= happened).all()


def test_far_less_than_a_hundredth_of_the_rows_is_dirty() -> None:
    clean = orders()
    dirty = dirtied(np.random.default_rng(1), clean, TRANSACTIONS)
    touched = sum(
        [
            pc.sum(pc.equal(dirty["account_id"], "C-UNKNOWN")).as_py(),
            pc.sum(pc.equal(dirty["kind"], "miscellaneous")).as_py(),
            pc.sum(pc.less(dirty["quantity"], 0)).as_py(),
            pc.sum(pc.greater(dirty["transacted_on"], dirty["known_on"])).as_py(),
            len(dirty) - len(clean),
        ]
    )
    assert 0.0008 * COUNT < touched < 0.003 * COUNT


def test_every_kind_of_dirt_comes() -> None:
    dirty = dirtied(np.random.default_rng(1), orders(), TRANSACTIONS)
    assert "C-UNKNOWN" in dirty["account_id"].to_pylist()
    assert "miscellaneous" in dirty["kind"].to_pylist()
    assert pc.min(dirty["quantity"]).as_py() == -1
    assert pc.max(dirty["transacted_on"]).as_py().year == 2199
    assert len(dirty) > COUNT


def test_a_return_keeps_its_quantity() -> None:
    returned = orders().set_column(5, "kind", pa.array(["return"] * COUNT))
    dirty = dirtied(np.random.default_rng(1), returned, TRANSACTIONS)
    still = dirty.filter(pc.equal(dirty["kind"], "return"))
    assert pc.min(still["quantity"]).as_py() == 1


def test_a_signal_gets_an_impossible_strength_instead() -> None:
    text = pa.array(["x"] * COUNT)
    values = dict.fromkeys(SIGNALS.names, text)
    numbers = {"strength": np.full(COUNT, 0.5), "happened_at": np.arange(COUNT), "known_at": np.arange(COUNT)}
    dirty = dirtied(np.random.default_rng(1), rows(SIGNALS, values | numbers), SIGNALS)
    assert pc.max(dirty["strength"]).as_py() == 1.7
