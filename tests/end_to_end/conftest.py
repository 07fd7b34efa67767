"""Two small worlds, each with a published month, made once for all tests of the folder; browsers.

The reseller's month takes a third of the time: for tests of how a month comes about, not of what is in it.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page

from features.sources.sample.write import write
from tests.end_to_end.browsing import CHROMIUM, chromium, copy_of, looking, served, sign_in
from tests.end_to_end.commands import here, of_month, of_reseller, process, rows
from tests.end_to_end.place import AZURE, PEOPLE, Place

ACCOUNTS, MONTHS = 300, 15

CATALOGUE = """
from features.products import Product

PRODUCTS = (
    Product(prefix="Cloud", name="Cloud hosting", report="ResellerCloud", sold_as=("Azure",)),
    Product(prefix="Office", name="Office suites", report="ResellerOffice", sold_as=("M365",)),
    Product(prefix="Boats", name="Boats", report="ResellerBoats", sold_as=("Boats",)),
)
"""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write(folder, accounts=ACCOUNTS, months=MONTHS, seed=5, through=date(2026, 10, 25))
    return folder


@pytest.fixture(scope="session")
def home(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the month is trained, and then published; tests only read it, or copy it."""
    home = tmp_path_factory.mktemp("published") / "home"
    ended = process("train", *of_month(world, home))
    assert ended.code == 0, ended.err
    assert "Models of 2026-10" in ended.out
    assert not (home / "published").exists()
    ended = here("monthly", *of_month(world, home))
    assert ended.code == 0, ended.err
    return home


@pytest.fixture(scope="session")
def reseller(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world of a company that has customers, order lines and a table without rows, and no more."""
    folder = tmp_path_factory.mktemp("reseller")
    for name in ("accounts", "transactions"):
        shutil.copy(world / f"{name}.parquet", folder)
    nothing = pq.read_table(world / "technologies.parquet").slice(0, 0)
    pq.write_table(nothing, folder / "technologies.parquet")
    (folder / "catalogue.py").write_text(CATALOGUE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def resold(reseller: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the reseller's month is published; tests only read it."""
    home = tmp_path_factory.mktemp("resold") / "home"
    ended = here("monthly", *of_reseller(reseller, home))
    assert ended.code == 0, ended.err
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        told = f"needs a browser at {CHROMIUM}; ASCENT_CHROMIUM says where another one is"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def place(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    copy = copy_of(home, tmp_path_factory.mktemp("centre") / "home")
    partner = Counter(row["GlobalID"] for row in rows(copy, AZURE)).most_common(1)[0][0]
    with served(copy) as centre:
        centre.add("admin", PEOPLE["admin"])
        centre.add("seller", PEOPLE["seller"], partner)
        centre.add("viewer", PEOPLE["viewer"], partner)
        yield Place(centre, copy, partner)


@pytest.fixture
def page(place: Place, browser: Browser) -> Iterator[Page]:
    """A browser that is not signed in; afterwards nothing has gone wrong in it, and nothing was fetched from
    anywhere but the centre."""
    with looking(browser, place.centre.base) as (opened, seen):
        yield opened
        assert seen.errors == []
        assert seen.strangers(place.centre.base) == []
        assert seen.requests
        assert [url for url, status in seen.statuses.items() if status >= 500] == []


@pytest.fixture
def seller(page: Page) -> Page:
    sign_in(page, "seller")
    return page
