"""The download centre for every role, by keyboard alone, on a phone, and from the command line."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reports.center.pages.render import NAVIGATION
from reports.center.people import RIGHTS
from tests.end_to_end.accessibility import faults
from tests.end_to_end.browsing import PASSWORD, PHONE, copy_of, drawn, looking, serving, sign_in
from tests.end_to_end.commands import process
from tests.end_to_end.place import AZURE, PEOPLE, Place, written


def test_the_keyboard_alone_gets_a_report(page: Page, place: Place) -> None:
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    to(page, "#f-subject")
    page.keyboard.type("seller")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_be_visible()

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Create a report"
    page.keyboard.press("Enter")
    expect(page.locator("a.choice").first).to_be_visible()
    to(page, f"a.choice[href$='{AZURE}']")
    page.keyboard.press("Enter")
    expect(page.locator("#download")).to_be_visible()
    to(page, "[data-tick=none]")
    page.keyboard.press("Enter")
    to(page, "#c-CustomerID")
    page.keyboard.press("Space")
    expect(page.locator("#preview thead th")).to_have_text(["CustomerID"])
    to(page, "#download")
    with page.expect_download() as begun:
        page.keyboard.press("Enter")
    assert Path(begun.value.path()).read_bytes() == written(place.rows(), ["CustomerID"])


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def to(page: Page, wanted: str) -> None:
    """Press Tab until something has the focus; each step on the way can be seen, and is further down."""
    for _ in range(150):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """(wanted) => {
                const one = document.activeElement, box = one.getBoundingClientRect();
                const isSeen = box.bottom > 0 && box.top < innerHeight && box.width > 1;
                const before = window.lastFocused;
                const follows = !before || before === one
                    || Boolean(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
                window.lastFocused = one;
                return [isSeen, follows, one.matches(wanted), one.outerHTML.slice(0, 120)];
            }""",
            wanted,
        )
        is_seen, follows, is_wanted, told = state
        assert is_seen, f"the focus cannot be seen: {told}"
        assert follows, f"the focus goes back: {told}"
        if is_wanted:
            return
    raise AssertionError(f"{wanted} is never reached")


PLANTED = """
<html lang="en"><body><h1>One</h1><h3>Three</h3><input name="a"><a href="/"></a><img src="data:,">
<p style="color: #888; background: #fff">pale</p><p style="color: #666">plain</p>
<div aria-labelledby="x"></div>
"""


def test_the_checks_of_a_page_find_what_is_planted(browser: Browser) -> None:
    with looking(browser, "http://127.0.0.1") as (page, _):
        page.set_content(PLANTED)
        assert faults(page, "fr") == [
            "the language is en",
            "h3 follows h1",
            "no label: a",
            'no name: <a href="/"></a>',
            "no alt: data:,",
            "aria-labelledby names x, which is not there",
            "contrast 3.54: <p> pale",
        ]


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_of_the_navigation_is_sound(page: Page, who: str) -> None:
    sign_in(page, who)
    told = [link.get_attribute("href") or "" for link in page.locator("nav.side a").all()]
    rights = RIGHTS[PEOPLE[who]]
    entries = [entry for section in NAVIGATION for entry in section.entries]
    assert told == [one.href for one in entries if not one.right or getattr(rights, one.right)]
    found = {}
    for path in [
        *told,
        "/account",
        "/downloads/new",
        f"/downloads/new?dataset={AZURE}",
        f"/dictionary/{AZURE}",
    ]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        drawn(page)
        if wrong := faults(page, "en"):
            found[path] = wrong
    assert found == {}


def test_every_page_fits_a_phone(place: Place, browser: Browser) -> None:
    with looking(browser, place.centre.base, size=PHONE) as (page, seen):
        sign_in(page, "admin")
        too_wide = {}
        for entry in [entry for section in NAVIGATION for entry in section.entries]:
            page.click(".nav-phone summary")
            page.click(f".nav-phone a[href='{entry.href}']")
            page.wait_for_load_state()
            drawn(page)
            if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE[0]:
                too_wide[entry.href] = width
        assert too_wide == {}
        assert seen.errors == []
        assert seen.strangers(place.centre.base) == []


def test_the_real_command_serves_who_was_added_with_users_add(
    home: Path, browser: Browser, tmp_path: Path
) -> None:
    copy = copy_of(home, tmp_path / "home")
    added = process(
        "users", "add", "ada", "--role", "global admin", "--everything", "--home", copy, typed=PASSWORD
    )
    assert added.code == 0, added.err
    assert added.out == "ada may sign in as global admin; sees everything.\n"
    with serving(copy) as base, looking(browser, base) as (page, seen):
        sign_in(page, "ada")
        expect(page.locator("h1")).to_have_text("October 2026")
        assert seen.errors == []
        assert seen.strangers(base) == []
