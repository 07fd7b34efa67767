"""What is the same for many tests of the centre is made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.center.center import Center
from reports.center.database.engine import open_database
from tests.reports.center.customers.world import publish_world
from tests.reports.center.delivery.small import Small, publish_both, small_center
from tests.reports.center.doors import Street
from tests.reports.center.published import center_over
from tests.reports.center.signed import QUICK


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the two months of the small centre; nobody writes in it."""
    return publish_both(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at its newest version, to be copied."""
    path = tmp_path_factory.mktemp("database") / "center.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def url(tmp_path: Path, empty_database: Path) -> str:
    shutil.copy(empty_database, tmp_path / "center.db")
    return f"sqlite:///{tmp_path}/center.db"


@pytest.fixture
def small(published: Path, tmp_path: Path, url: str) -> Iterator[Small]:
    found = small_center(published, tmp_path, url)
    yield found
    found.center.database.dispose()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Street]:
    """The walled world and its twins, each built when it is first asked for."""
    found = Street(tmp_path_factory.mktemp("street"), empty_database)
    yield found
    for house in found.houses.values():
        house.center.database.dispose()


@pytest.fixture(scope="session")
def customers_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small world of customers; nobody writes in it but copies of what is published."""
    folder = tmp_path_factory.mktemp("customers")
    publish_world(folder)
    return folder


@pytest.fixture
def customers_center(customers_home: Path, url: str) -> Iterator[Center]:
    """A centre over the small world of customers, with a database of its own."""
    engine = open_database(url)
    yield center_over(customers_home, engine, policy=QUICK)
    engine.dispose()
