from pathlib import Path

import sqlalchemy as sa

from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.people import Role
from tests.reports.center.pages.markup import read
from tests.reports.center.pages.world import Small, empty
from tests.reports.center.signed import add_person, browser


def test_the_month_shows_counts_moves_and_money_of_ones_own_customers(world: Small) -> None:
    page = world.reader().get("/").text
    assert "October 2026" in page
    assert "+1 in" in page  # Cedar came to Act Now
    assert "\N{MINUS SIGN}1 out" in page  # Birch left it
    assert "$1,264" in page  # 1,234.50 and 30.00 of P1; nothing of P2
    assert "9,999" not in page
    with acting_for_all(world.center.database) as session:
        assert session.scalars(sa.select(AuditRow.detail)).all() == ["home of 2026-10"]


def test_a_report_viewer_sees_counts_and_no_money(world: Small) -> None:
    page = world.reader(Role.REPORT_VIEWER).get("/").text
    assert "/customers?product=Azure&amp;cluster=Act+Now" in page
    assert "$" not in page
    assert "Expected" not in read(page).text


def test_findings_count_rows_and_customers_of_the_scope_alone(world: Small) -> None:
    text = " ".join(read(world.reader().get("/").text).text.split())
    assert "2 Expiring within 90 days 1 customer . It ends unless" in text.replace("customer.", "customer .")
    assert "Calling: 1 · Meetings: 1" in text or "Meetings: 1 · Calling: 1" in text
    assert "Over the limit" not in text


def test_before_the_first_month_the_page_says_what_to_do(tmp_path: Path) -> None:
    center = empty(tmp_path / "home")
    page = browser(center, add_person(center, "ada", Role.GLOBAL_ADMIN, everything=True)).get("/").text
    assert "No month has been published yet" in page
    assert "ascent monthly" in page


def test_an_administrator_of_people_sees_no_customers(world: Small) -> None:
    client = world.reader(Role.USER_ADMIN)
    assert "Nothing to read here" in client.get("/").text
    assert "/customers" not in client.get("/").text
    assert client.get("/downloads").status_code == 403
