import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.products import PRODUCTS
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import LONG_AGO
from features.sources.sample.estate import consumption_rows, technology_rows
from features.sources.sample.timeline import NEVER, Ints
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def technologies(small: Lived) -> pa.Table:
    return technology_rows(small.market, small.timeline, small.behaviour, seed=3)


@pytest.fixture(scope="module")
def consumption(small: Lived) -> pa.Table:
    return pa.concat_tables(consumption_rows(small.market, small.timeline, small.behaviour, seed=3))


def customers(rows: pa.Table) -> Ints:
    return np.array([int(account[1:]) for account in rows["account_id"].to_pylist()])


def test_an_own_technology_is_seen_weeks_to_months_after_the_first_purchase(
    small: Lived, technologies: pa.Table
) -> None:
    for of, product in enumerate(PRODUCTS):
        rows = technologies.filter(pc.equal(technologies["technology"], product.technologies[0]))
        account = customers(rows)
        assert (small.behaviour.owned_from[account, of] < NEVER).all()
        bought = small.behaviour.first_bought(small.timeline, account, np.full(len(account), of))
        inside = bought != LONG_AGO
        wait = (rows["seen_on"].to_numpy().astype("datetime64[D]").astype(np.int64) - bought)[inside]
        assert inside.any()
        assert wait.min() >= 20
        assert wait.max() < 90


def test_a_technology_is_gone_in_a_later_row_only(technologies: pa.Table) -> None:
    gone = technologies.filter(pc.is_valid(technologies["gone_on"]))
    assert 0 < len(gone) < len(technologies) / 4
    assert pc.all(pc.greater_equal(gone["known_on"], gone["gone_on"])).as_py()


def test_only_owners_of_azure_consume_it(small: Lived, consumption: pa.Table) -> None:
    account = customers(consumption)
    assert (small.behaviour.owned_from[account, PREFIXES.index("Azure")] < NEVER).all()
    assert len(np.unique(account)) > 50


def test_a_month_is_known_once_it_is_over(consumption: pa.Table) -> None:
    wait = pc.days_between(consumption["month_on"], consumption["known_on"])
    assert pc.min(wait).as_py() >= 28


def test_workloads_come_together(consumption: pa.Table) -> None:
    of: dict[str, set[str]] = {}
    for account, workload in zip(
        consumption["account_id"].to_pylist(), consumption["workload"].to_pylist(), strict=True
    ):
        of.setdefault(account, set()).add(workload)
    builders = [uses for uses in of.values() if "Kubernetes" in uses]
    movers = [uses for uses in of.values() if "Virtual Desktop" in uses]
    backed_up = [np.mean(["Backup" in uses for uses in group]) for group in (builders, movers)]
    assert backed_up[0] < backed_up[1]


def test_own_technologies_are_microsofts_and_rivals_are_not(technologies: pa.Table) -> None:
    own = pa.array([product.technologies[0] for product in PRODUCTS])
    is_own = pc.is_in(technologies["technology"], own)
    is_microsoft = pc.equal(technologies["vendor"], "Microsoft")
    assert is_own.equals(is_microsoft)


def test_no_technology_is_known_before_its_customer(small: Lived, technologies: pa.Table) -> None:
    joined = small.market.joined[customers(technologies)]
    known = technologies["known_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    late = joined > 0
    assert late.any()
    assert (known[late] >= small.timeline.edges[joined[late]]).all()
    assert (known[~late] < small.timeline.start).any()
