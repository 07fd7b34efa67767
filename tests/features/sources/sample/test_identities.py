import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.sources.sample.identities import account_domains, account_rows
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def accounts(lived: Lived) -> pa.Table:
    domains = account_domains(lived.market, seed=7)
    return account_rows(lived.market, lived.timeline, domains=domains, seed=7)


def test_every_customer_is_known_and_a_few_are_corrected(lived: Lived, accounts: pa.Table) -> None:
    versions = accounts.group_by("account_id").aggregate([("known_on", "count")])["known_on_count"]
    assert len(versions) == lived.market.size
    assert pc.max(versions).as_py() == 2
    assert 0.04 < pc.mean(pc.equal(versions, 2)).as_py() < 0.08


def test_the_last_version_tells_the_truth(lived: Lived, accounts: pa.Table) -> None:
    later = accounts.slice(lived.market.size)
    expected = [lived.market.employees[int(account[1:])] for account in later["account_id"].to_pylist()]
    assert later["employees"].to_pylist() == expected


@pytest.mark.parametrize(("column", "low", "high"), [("employees", 0.06, 0.10), ("industry", 0.03, 0.07)])
def test_some_firmographics_are_missing(accounts: pa.Table, column: str, low: float, high: float) -> None:
    assert low < accounts[column].null_count / len(accounts) < high


def test_a_few_customers_are_corporate(accounts: pa.Table) -> None:
    assert 0.02 < pc.mean(pc.equal(accounts["segment"], "Corporate")).as_py() < 0.06


@pytest.mark.parametrize("nasty", [",", '"', "é", "ח", "ش", "株"])
def test_names_are_nasty(accounts: pa.Table, nasty: str) -> None:
    assert pc.any(pc.match_substring(accounts["account_name"], nasty)).as_py()


@pytest.mark.parametrize("first", ["=", "+", "@", "-"])
def test_some_names_begin_like_a_formula(accounts: pa.Table, first: str) -> None:
    assert pc.any(pc.starts_with(accounts["account_name"], first)).as_py()


def test_no_name_breaks_a_line(accounts: pa.Table) -> None:
    assert not pc.any(pc.match_substring_regex(accounts["account_name"], "[\r\n]")).as_py()


def test_domains_are_unique_and_in_lower_case(lived: Lived) -> None:
    domains = account_domains(lived.market, seed=7)
    assert len(pc.unique(domains)) == lived.market.size
    assert pc.equal(pc.utf8_lower(domains), domains).true_count == lived.market.size
