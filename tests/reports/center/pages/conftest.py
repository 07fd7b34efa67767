"""The world of the pages' tests; a month is published once, each test has its own database."""

import shutil
from pathlib import Path

import pytest

from reports.center.center import Center
from tests.reports.center.pages.licensed import open_center, publish_licences
from tests.reports.center.pages.world import Small, empty, small


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("published")).home


@pytest.fixture
def world(published_once: Path, tmp_path: Path) -> Small:
    home = tmp_path / "home"
    shutil.copytree(published_once, home, symlinks=True)
    return Small(center=empty(home), home=home)


@pytest.fixture(scope="session")
def licences_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_licences(tmp_path_factory.mktemp("licences"))


@pytest.fixture
def licensed(licences_once: Path, tmp_path: Path) -> Center:
    """Return a centre over licence figures, with a database of its own."""
    home = tmp_path / "licensed"
    shutil.copytree(licences_once, home, symlinks=True)
    return open_center(home)
