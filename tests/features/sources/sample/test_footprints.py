import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.products import PRODUCTS
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import COLD, HOT
from features.sources.sample.footprints import signal_rows
from features.sources.sample.identities import account_domains
from features.sources.sample.timeline import Ints
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def parts(small: Lived) -> list[pa.Table]:
    domains = account_domains(small.market, seed=3)
    return list(signal_rows(small.market, small.timeline, small.behaviour, domains=domains, seed=3))


def seen(part: pa.Table, topics: tuple[str, ...], customers: int) -> Ints:
    """Count the signals of each customer on some topics."""
    about = part.filter(pc.is_in(part["topic"], pa.array(topics)))["account_id"].drop_null()
    return np.bincount([int(account[1:]) for account in about.to_pylist()], minlength=customers)


def test_hot_customers_leave_signals_on_the_products_topics_and_cold_ones_hardly(
    small: Lived, parts: list[pa.Table]
) -> None:
    for product in PRODUCTS:
        interest = small.behaviour.interest[9, :, PREFIXES.index(product.prefix)]
        counts = seen(parts[9], product.topics, small.market.size)
        assert counts[interest == HOT].mean() > 2.5
        assert counts[interest == COLD].mean() < 0.1


def test_a_step_holds_its_own_signals_by_the_instant(small: Lived, parts: list[pa.Table]) -> None:
    for step, part in enumerate(parts):
        days = part["happened_at"].to_numpy().astype("datetime64[D]").astype(np.int64)
        assert (np.diff(days) >= 0).all()
        assert small.timeline.edges[step] <= days[0]
        assert days[-1] < small.timeline.edges[step + 1]


def test_who_has_gone_dark_is_silent(small: Lived, parts: list[pa.Table]) -> None:
    last = small.timeline.steps - 1
    dark = np.flatnonzero(small.market.dark_from <= last)
    speaking = {int(account[1:]) for account in parts[last]["account_id"].drop_null().to_pylist()}
    assert len(dark) > 0
    assert not speaking & set(dark.tolist())


def test_a_few_signals_tell_the_domain_alone(parts: list[pa.Table]) -> None:
    signals = pa.concat_tables(parts)
    nameless = signals.filter(pc.is_null(signals["account_id"]))
    assert 0.02 < len(nameless) / len(signals) < 0.04
    assert nameless["domain"].null_count == 0
