"""The commands of the examples' READMEs, run as they stand on real data."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.commands import Ended, is_whole, process
from tests.examples.places import EXAMPLES, needs_data

pytestmark = [needs_data, pytest.mark.slow]


def called(example: str, command: str, folder: Path) -> Ended:
    """Run a command of a README; what it writes goes into a folder, and a backtest judges its first date."""
    told = (EXAMPLES / example / "README.md").read_text("utf-8")
    options = dict(re.findall(r"--(\S+) (\S+)", re.findall(rf"^ascent {command} .*$", told, re.MULTILINE)[0]))
    options |= {name: str(EXAMPLES.parent / options[name]) for name in ("tables", "catalogue")}
    options |= {"home": str(folder / "home")} | ({"to": str(folder)} if "to" in options else {})
    if "as-of" in options:
        options["as-of"] = options["as-of"].split(",")[0]
    return process(command, *(part for name, value in options.items() for part in (f"--{name}", value)))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_month_of_order_lines_scores_every_customer_for_every_product(tmp_path: Path) -> None:
    ended = called("saas_sales", "monthly", tmp_path)
    assert ended.code == 0, ended.err
    found = rows(tmp_path / "home" / "published" / "2024-06" / "propensity" / "SaaSPropensity.csv")
    states = Counter(row[name] for row in found for name in row if name.endswith("ScoreState"))
    assert len(found) == 99
    assert set(states) <= {"Pooled model", "Not scored: too little history"}
    assert states["Pooled model"] >= 12 * 99
    assert is_whole(tmp_path / "home", "2024-06")


def test_a_month_of_leads_scores_those_that_are_not_sellers_yet(tmp_path: Path) -> None:
    ended = called("olist_funnel", "monthly", tmp_path)
    assert ended.code == 0, ended.err
    found = rows(tmp_path / "home" / "published" / "2018-06" / "propensity" / "OlistPropensity.csv")
    states = Counter(row["SellerScoreState"] for row in found)
    assert states["Not scored: out of scope"] == 712
    assert len(found) == 8_000
    assert len({row["SellerPurchaseProbability"] for row in found}) > 10
    assert {row["SellerIntentScore"] for row in found} - {"", "0"}


def test_a_month_of_a_crm_scores_its_companies(tmp_path: Path) -> None:
    ended = called("maven_crm", "monthly", tmp_path)
    assert ended.code == 0, ended.err
    found = rows(tmp_path / "home" / "published" / "2017-09" / "propensity" / "MavenPropensity.csv")
    assert len(found) == 85
    assert {row["GTK500ScoreState"] for row in found} == {"Not scored: too little history"}
    assert {row["MGSpecialScoreState"] for row in found} == {"Pooled model"}


def test_a_backtest_of_leads_tells_both_plain_guesses(tmp_path: Path) -> None:
    ended = called("olist_funnel", "backtest", tmp_path)
    assert ended.code == 0, ended.err
    judged = rows(tmp_path / "backtest.csv")[0]
    assert float(judged["auc_low"]) > 0.5
    assert all(judged[name] for name in ("recency_auc", "popularity_brier", "log_loss_minus_popularity_high"))
