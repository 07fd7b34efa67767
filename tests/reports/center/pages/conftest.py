"""The world of the pages' tests; a month is published once, each test has its own database."""

import shutil
from pathlib import Path

import pytest

from tests.reports.center.pages.world import Small, empty, small


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("published")).home


@pytest.fixture
def world(published_once: Path, tmp_path: Path) -> Small:
    home = tmp_path / "home"
    shutil.copytree(published_once, home, symlinks=True)
    (home / "center.db").unlink()
    return Small(center=empty(home), home=home)
