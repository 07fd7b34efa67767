from pathlib import Path

import pytest

from reports.center.center import Center
from reports.center.people import Role
from tests.reports.center.judged import RATES, write_backtest
from tests.reports.center.pages.licensed import open_center
from tests.reports.center.pages.markup import faults, read
from tests.reports.center.published import publish_month
from tests.reports.center.signed import add_person, browser

EVIDENCE = {
    "evidence/model_cards/Azure.md": "# Azure cloud\n\n- Why: <script>alert(1)</script>\n",
    "evidence/data_quality.csv": "table,rows,accepted,rejected,known_later\norders,7654,99,1,0\n",
    "evidence/run_report.json": (
        '{"warnings": ["Azure has nobody in High"], "moved": ["Azure: rows 5,400 to 5,406"], "breaches": [],'
        ' "missing": [], "no_data": []}'
    ),
}


@pytest.fixture
def center(tmp_path: Path) -> Center:
    publish_month(tmp_path, "2026-10", {}, evidence=EVIDENCE)
    return open_center(tmp_path)


def page_of(center: Center, role: Role = Role.REPORT_VIEWER, *, path: str = "/evidence") -> str:
    everything = role is Role.GLOBAL_ADMIN
    person = add_person(
        center, role.value, role, partners=() if everything else ("P1",), everything=everything
    )
    answer = browser(center, person).get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []
    return answer.text


def text_of(page: str) -> str:
    return " ".join(read(page).text.split())


def test_plain_words_come_first(center: Center) -> None:
    write_backtest(center.backtests)
    text = text_of(page_of(center))
    assert "Of 100 customers in Act Now about 19 bought the product within 90 days" in text
    assert "of all customers, 5." in text
    assert "Judged: Apr 25, 2026, Jun 25, 2026." in text
    assert "Act Now 20.0% 19.0 18.0 to 20.0 3.5 38 of 200 9 5 4" in text


def test_a_product_is_told_by_its_name(center: Center) -> None:
    write_backtest(center.backtests)
    text = text_of(page_of(center, path="/evidence?product=Azure"))
    assert "Of 100 customers in Act Now about 25 bought Azure cloud within 90 days" in text


def test_a_product_with_too_few_outcomes_says_so(center: Center) -> None:
    write_backtest(center.backtests)
    assert "Too few customers bought to judge this product." in text_of(
        page_of(center, path="/evidence?product=M365")
    )


def test_what_does_not_hold_is_named(center: Center) -> None:
    write_backtest(center.backtests)
    text = text_of(page_of(center))
    assert "1 of 2 hold. Not kept: at least 8 of 10 bins hold the diagonal (All products)." in text


def test_the_chart_claims_no_more_than_the_figures_hold(center: Center) -> None:
    write_backtest(center.backtests, rates={**RATES, "M365": (0.1, 0.2, 0.0, 0.0)})
    assert "Not for every product does the stronger cluster buy more." in page_of(center)


def test_the_chart_has_a_row_a_product_and_its_intervals(center: Center) -> None:
    write_backtest(center.backtests)
    client = browser(center, add_person(center, "viewer", partners=("P1",)))
    spec = client.get("/evidence/win-rates.json").json()
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert {(row["product"], row["rate"]) for row in rows if row["cluster"] == "Act Now"} == {
        ("Azure cloud", 25.0),
        ("M365", 30.0),
        ("all", 19.0),
    }
    assert all(row["low"] < row["rate"] < row["high"] for row in rows)


def test_without_a_backtest_the_page_says_how_to_get_one(center: Center) -> None:
    assert "ascent backtest --as-of DATE" in page_of(center)
    client = browser(center, add_person(center, "other", partners=("P1",)))
    assert client.get("/evidence/win-rates.json").status_code == 404


def test_a_backtest_of_another_version_says_what_to_do(center: Center) -> None:
    (write_backtest(center.backtests) / "backtest_clusters.csv").write_text(
        "as_of,grouping\npooled,cluster\n"
    )
    assert "run `ascent backtest` again" in page_of(center)


def test_a_product_that_was_not_judged_is_not_found(center: Center) -> None:
    write_backtest(center.backtests)
    client = browser(center, add_person(center, "viewer", partners=("P1",)))
    assert client.get("/evidence?product=Nothing").status_code == 404


def test_a_model_card_is_shown_as_text(center: Center) -> None:
    page = page_of(center)
    assert "Why: &lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_row_counts_and_the_run_are_for_who_sees_all_partners(center: Center) -> None:
    viewer, admin = text_of(page_of(center)), text_of(page_of(center, Role.GLOBAL_ADMIN))
    assert "orders 99.00%" in viewer
    assert "7,654" not in viewer
    assert "Azure has nobody in High" not in viewer
    assert "5,406" not in viewer
    assert "orders 99.00% 7,654 1 0" in admin
    assert "Azure has nobody in High" in admin
    assert "5,406" in admin


def test_an_administrator_of_one_partner_sees_no_rows_of_others_as_examples(center: Center) -> None:
    admin = browser(center, add_person(center, "adm", Role.GLOBAL_ADMIN, partners=("P1",)))
    page = text_of(admin.get("/evidence").text)
    assert "orders 99.00%" in page
    assert "7,654" not in page
    assert "Azure has nobody in High" not in page


def test_who_manages_people_alone_sees_no_evidence(center: Center) -> None:
    write_backtest(center.backtests)
    client = browser(center, add_person(center, "ua", Role.USER_ADMIN, everything=True))
    assert client.get("/evidence").status_code == 404
    assert client.get("/evidence/win-rates.json").status_code == 404
