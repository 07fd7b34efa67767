"""A small world of two partners over two months, published once."""

from pathlib import Path

import pytest

from tests.reports.center.customers.world import publish_world


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    publish_world(folder)
    return folder
