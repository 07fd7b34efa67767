from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.real_data import PAGE, closed_auc, permuted, shuffled_auc, written_in
from features.sources.tables import OPPORTUNITIES
from tests.worlds import world

OPENED, MONDAY, TUESDAY = date(2017, 3, 1), date(2017, 4, 3), date(2017, 4, 4)


def closed(name: str, status: str, day: date) -> list[dict[str, object]]:
    """The two versions of an opportunity of a customer of the same name."""
    row = {"opportunity_id": name, "account_id": name, "product": "P", "created_on": OPENED}
    return [row, {**row, "status": status, "closed_on": day, "known_on": day}]


def test_permuting_moves_only_outcomes_and_only_within_a_day(tmp_path: Path) -> None:
    rows = [row for n in range(20) for row in closed(f"m{n}", "won" if n < 10 else "lost", MONDAY)]
    rows += [row for n in range(5) for row in closed(f"t{n}", "won", TUESDAY)]
    there = world(tmp_path / "there", accounts=[{"account_id": "m0"}], opportunities=rows)
    anew = permuted(there, tmp_path / "anew")
    query = "SELECT opportunity_id, account_id, known_on, closed_on, status FROM {} ORDER BY ALL"
    with duckdb.connect() as engine:
        before, after = (engine.execute(query.format(one.rows(OPPORTUNITIES))).df() for one in (there, anew))
    assert before.drop(columns="status").equals(after.drop(columns="status"))
    assert before["status"].value_counts().equals(after["status"].value_counts())
    assert (before["status"] != after["status"]).sum() >= 4
    assert set(after[after["opportunity_id"].str.startswith("t")]["status"]) == {"open", "won"}


def judged(probability: list[float], won: list[int], lost: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "as_of": "2017-07-25",
            "product": "P",
            "account_id": [f"c{n}" for n in range(len(won))],
            "probability": probability,
            "bought": [float(count > 0) for count in won],
            "won": won,
            "lost": lost,
        }
    )


@pytest.mark.parametrize(
    ("probability", "auc"), [([0.9, 0.8, 0.1], 1.0), ([0.1, 0.2, 0.9], 0.0), ([0.5] * 3, 0.5)]
)
def test_every_closed_opportunity_counts_once(probability: list[float], auc: float) -> None:
    assert closed_auc(judged(probability, won=[2, 1, 0], lost=[0, 0, 3])).value == auc


def test_customers_without_a_closed_opportunity_do_not_count() -> None:
    assert closed_auc(judged([0.9, 0.5, 0.1], won=[1, 0, 0], lost=[0, 0, 1])).value == 1.0


def test_a_perfect_score_knows_nothing_of_shuffled_purchases() -> None:
    rows = judged([0.9] * 300 + [0.1] * 300, won=[1] * 300 + [0] * 300, lost=[0] * 600)
    found = shuffled_auc(rows)
    assert found.low < 0.5 < found.high
    assert 0.4 < found.value < 0.6


def test_only_the_part_of_an_example_is_written_anew() -> None:
    page = PAGE.read_text("utf-8")
    anew = written_in(page, "maven_crm", "| a table |")
    assert "| a table |\n<!-- end of maven_crm -->" in anew
    assert anew.split("<!-- maven_crm")[0] == page.split("<!-- maven_crm")[0]


def test_a_page_without_a_place_for_the_example_is_refused() -> None:
    with pytest.raises(ValueError, match="no part between"):
        written_in("no marks", "maven_crm", "| a table |")


def test_every_check_on_the_page_holds() -> None:
    page = PAGE.read_text("utf-8")
    assert page.count("| yes |") == 15
    assert "**no**" not in page
