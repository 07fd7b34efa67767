"""The commands beside the monthly job, called as an operator calls them; and those that the README tells."""

import re
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.end_to_end.commands import digests, here, of_reseller, published, report_of

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("chapter", "told"),
    [
        ("tables", "transacted_on"),
        ("features", "own_signals_30d"),
        ("products", "Dynamics 365 Sales Pro"),
        ("reports", "CLASAgreementRenewalsPropensity"),
    ],
)
def test_describe_prints_a_chapter_of_the_dictionary(chapter: str, told: str) -> None:
    ended = here("describe", chapter)
    assert (ended.code, told in ended.out) == (0, True)


def test_describe_tells_the_products_of_a_catalogue_file(reseller: Path) -> None:
    ended = here("describe", "products", "--catalogue", reseller / "catalogue.py")
    assert "Cloud hosting" in ended.out
    assert "Azure Propensity" not in ended.out


def test_describe_refuses_a_chapter_that_is_not_there() -> None:
    ended = here("describe", "partners")
    assert ended.code == 2
    assert "There is no chapter 'partners'; there are: tables, features, products, reports" in ended.err


def test_docs_writes_the_page_and_tells_when_it_is_stale(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert here("docs", "--path", page).code == 0
    assert here("docs", "--check", "--path", page).code == 0
    page.write_text(page.read_text("utf-8") + "more\n", "utf-8")
    ended = here("docs", "--check", "--path", page)
    assert (ended.code, "run `make docs` and commit it" in ended.err) == (2, True)


def test_sample_writes_a_world_that_validate_accepts_with_every_breach_told(tmp_path: Path) -> None:
    world = tmp_path / "world"
    assert here("sample", world, "--accounts", 200, "--months", 14, "--seed", 3).code == 0
    ended = here("validate", "--from", world, "--home", tmp_path / "home")
    assert ended.code == 0, ended.err
    assert "accounts: " in ended.out
    assert re.search(r"signals\.\w+: .*rows?, such as S\d+", ended.out.replace("\n", " "))


def test_validate_ends_with_3_where_a_run_would_refuse(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "accounts.csv").write_text("account_id\nA1\n", "utf-8")
    ended = here("validate", "--from", tmp_path / "in", "--home", tmp_path / "home")
    assert ended.code == 3
    assert "accounts.known_on: required column is missing; " in ended.err
    assert "transactions or opportunities: at least one of them is required, both are missing" in ended.err


def test_the_dirt_of_the_sample_world_is_counted_set_aside_and_reported(home: Path) -> None:
    told = " ".join(report_of(home)["breaches"])
    for rule in (
        "transactions.kind: is none of new, add, renew, return; 2 rows",
        "transactions.account_id: refers to a row of accounts that is not there; 1 row",
        "transactions.quantity: is negative although kind is not return; 1 row",
        "transactions.transacted_on: is no sensible date (1970-01-01 to 2100-12-31); 1 row",
        "signals.signal_id: is there more than once; the key must be unique; 12 rows",
    ):
        assert rule in told
    for table in report_of(home)["tables"]:
        kept = home / "quarantine" / "2026-10" / f"{table['name']}.csv"
        rows = len(kept.read_text("utf-8").splitlines()) - 1 if kept.exists() else 0
        assert rows == table["rejected"], table["name"]
        assert table["rows"] == table["accepted"] + table["rejected"] + table["later"]


def test_score_writes_scores_and_publishes_nothing(reseller: Path, resold: Path) -> None:
    ended = here("score", *of_reseller(reseller, resold, "2026-11"))
    assert ended.code == 0, ended.err
    scores = pq.read_table(resold / "work" / "2026-11" / "scores.parquet")
    assert set(scores["product"].to_pylist()) == {"Cloud", "Office", "Boats"}
    assert not published(resold, "2026-11").exists()


def test_the_commands_of_the_readme_work(world: Path, home: Path) -> None:
    before = digests(home)
    called = re.findall(r"^ascent (.*?) *(?:#.*)?$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    # A backtest trains for every date; it is tested on a world of its own.
    quick = [call for call in called if not call.startswith("backtest")]
    assert len(quick) >= 2
    for call in quick:
        ended = here(*shlex.split(call.replace("DIR", str(world))), ASCENT_HOME=str(home))
        assert ended.code == 0, f"ascent {call}: {ended.err}"
    assert digests(home) == before
