"""What a seller does in the download centre, in a real browser over a month that was really published."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from reports.center.delivery.run import run_due
from tests.end_to_end.accessibility import faults
from tests.end_to_end.browsing import drawn, sign_in
from tests.end_to_end.commands import rows
from tests.end_to_end.place import AZURE, Place, written

COLUMNS = ("CustomerID", "AccountName", "AzureCluster", "AzureExpectedRevenue")
MONEY = ("AzurePotentialRevenue", "AzureExpectedRevenue")


def downloaded(page: Page) -> bytes:
    """The bytes that the button gives."""
    with page.expect_download() as begun:
        page.click("#download")
    return Path(begun.value.path()).read_bytes()


def define(page: Page, columns: Sequence[str]) -> None:
    """Choose columns of the Azure report, and those in Act Now, with the mouse."""
    page.click("nav.side a[href='/downloads']")
    page.click("main a[href='/downloads/new']")
    page.click(f"a.choice[href$='{AZURE}']")
    page.click("[data-tick=none]")
    for name in columns:
        group = page.locator("details.group", has=page.locator(f"#c-{name}"))
        if group.get_attribute("open") is None:
            group.locator("summary").click()
        page.check(f"#c-{name}")
    page.click("[name=do][value=add]")
    page.select_option("#filter-1", "AzureCluster")
    page.fill("#value-1", "Act Now")
    page.press("#value-1", "Tab")


def told_rows(page: Page) -> list[list[str]]:
    return [row.locator("td").all_text_contents() for row in page.locator("#preview tbody tr").all()]


def test_a_seller_previews_and_downloads_the_money_of_its_own_customers(seller: Page, place: Place) -> None:
    define(seller, COLUMNS)
    kept = place.rows(AzureCluster="Act Now")
    assert 0 < len(kept) < len(place.rows()) < len(rows(place.home, AZURE))
    expect(seller.locator("#preview tbody tr")).to_have_count(min(len(kept), 15))
    assert told_rows(seller) == [[row[name] for name in COLUMNS] for row in kept[:15]]
    assert any(row["AzureExpectedRevenue"] for row in kept)
    assert downloaded(seller) == written(kept, COLUMNS)


def test_a_report_viewer_downloads_every_column_but_money(page: Page, place: Place) -> None:
    sign_in(page, "viewer")
    page.goto(f"/downloads/new?dataset={AZURE}")
    page.click("[data-tick=all]")
    header = list(rows(place.home, AZURE)[0])
    columns = [name for name in header if name not in MONEY]
    assert len(columns) == len(header) - len(MONEY)
    expect(page.locator("#preview thead th")).to_have_count(len(columns))
    assert downloaded(page) == written(place.rows(), columns)
    for path in ("/", "/customers", "/targets"):
        page.goto(path)
        assert not re.search(r"\$|USD|[Rr]evenue", page.inner_text("main"))


def test_a_schedule_runs_once_when_its_time_has_come(seller: Page, place: Place) -> None:
    define(seller, COLUMNS)
    seller.fill("#f-name", "Calls of the week")
    seller.click("#step-get ~ details > summary")
    seller.click("[formaction='/reports']")
    report = seller.locator("main tbody tr", has_text="Calls of the week")
    expect(report).to_contain_text("Scheduled")
    assert run_due(place.centre.center).completed == 0

    place.centre.clock.turn(hours=6)
    assert run_due(place.centre.center).completed == 1
    place.centre.clock.turn(hours=1)
    assert run_due(place.centre.center).completed == 0
    seller.reload()
    with seller.expect_download() as begun:
        report.get_by_role("link", name="Download").click()
    assert begun.value.suggested_filename.startswith("Calls")
    kept = place.rows(AzureCluster="Act Now")
    assert Path(begun.value.path()).read_bytes() == written(kept, COLUMNS)


def test_a_tag_is_put_on_a_customer_and_found_by(seller: Page) -> None:
    seller.goto("/customers")
    name = seller.locator("main tbody th a").first.inner_text()
    seller.click("main tbody th a >> nth=0")
    expect(seller.locator("h1")).to_have_text(name)
    seller.fill("#tag-", "Call on Monday")
    seller.press("#tag-", "Enter")
    expect(seller.locator(".marks")).to_contain_text("Call on Monday")
    seller.goto("/customers")
    seller.click("main details summary")
    seller.select_option("[name=tag]", "Call on Monday")
    expect(seller.locator("main tbody tr")).to_have_count(1)
    expect(seller.locator("main tbody th a").first).to_have_text(name)


@pytest.mark.parametrize(
    ("language", "month", "money"),
    [
        ("es", "octubre de 2026", r"\d[\d.]* US\$"),
        ("fr", "octobre 2026", r"\d[\d\u202f]* \$US"),
        ("tr", "Ekim 2026", r"\$\d[\d.]*"),
    ],
)
def test_a_language_changes_the_page_and_its_numbers(
    seller: Page, language: str, month: str, money: str
) -> None:
    assert seller.locator("h1").inner_text() == "October 2026"
    expected = seller.locator("td.strong").all_inner_texts()
    assert all(re.fullmatch(r"\$[\d,]+", one) for one in expected)
    try:
        choose_language(seller, language)
        assert seller.locator("h1").inner_text().lower() == month.lower()
        told = [one.replace("\xa0", " ") for one in seller.locator("td.strong").all_inner_texts()]
        assert all(re.fullmatch(money, one) for one in told), told
        digits = [[re.sub(r"\D", "", one) for one in some] for some in (told, expected)]
        assert digits[0] == digits[1]
        assert faults(seller, language) == []
    finally:
        choose_language(seller, "en")
    assert seller.locator("h1").inner_text() == "October 2026"


def choose_language(page: Page, language: str) -> None:
    page.goto("/account")
    page.select_option("#f-language", language)
    page.click("form[action='/account/language'] button")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto("/")


def test_meetings_and_calling_are_told_apart(seller: Page) -> None:
    seller.goto("/subscriptions")
    drawn(seller)
    switch = seller.locator(".switch")
    expect(switch.locator("[aria-current]")).to_have_text("Meetings")
    meetings = seller.inner_text("main")
    switch.get_by_text("Calling").click()
    expect(switch.locator("[aria-current]")).to_have_text("Calling")
    drawn(seller)
    assert seller.inner_text("main") != meetings


def test_a_crm_file_is_matched(seller: Page, place: Place) -> None:
    first, second, *_ = [row for row in place.rows() if row["Domain"]]
    text = f"Company;Website\n{first['AccountName']};https://www.{first['Domain']}/\nNobody;nobody.example\n"
    seller.goto("/crm")
    sent = FilePayload(name="accounts.csv", mimeType="text/csv", buffer=text.encode())
    seller.set_input_files("#f-file", files=sent)
    seller.click("[value=see]")
    expect(seller.locator("#result h2")).to_have_text("2 rows")
    expect(seller.locator("#result a").first).to_have_text(first["AccountName"])
    expect(seller.locator("#result")).to_contain_text("nobody.example")
    assert second["AccountName"] not in seller.inner_text("#result")
    with seller.expect_download() as begun:
        seller.click("[value=file]")
    back = Path(begun.value.path()).read_text("utf-8-sig")
    assert back.startswith("Company;Website;")
    assert first["CustomerID"] in back


def test_a_target_list_holds_the_calls_that_are_worth_most(seller: Page, place: Place) -> None:
    seller.goto("/targets?product=Azure")
    seller.fill("#f-calls", "5")
    seller.press("#f-calls", "Enter")
    calls = seller.locator("main tbody tr")
    expect(calls).to_have_count(5)
    best = sorted(place.rows(), key=lambda row: -float(row["AzureExpectedRevenue"] or 0))[:5]
    names = calls.locator("th a").all_inner_texts()
    assert names == [row["AccountName"] for row in best]


def test_whoever_has_signed_out_sees_nothing(seller: Page) -> None:
    seller.click(".who button")
    expect(seller.locator("#f-subject")).to_be_visible()
    seller.goto("/customers")
    assert "/sign-in?next=" in seller.url
    seller.go_back()
    assert seller.locator(".who").count() == 0
