"""Two small worlds, each with a published month, made once for all tests of the folder.

The reseller's month takes a third of the time: for tests of how a month comes about, not of what is in it.
"""

import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from features.sources.sample.write import write
from tests.end_to_end.commands import here, of_month, of_reseller, process

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
