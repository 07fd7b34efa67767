from pathlib import Path

import pytest

from features.sources.sample.write import write
from tests.features.sources.sample.lives import THROUGH, Lived, live


@pytest.fixture(scope="session")
def lived() -> Lived:
    return live(accounts=3000, months=24, seed=7)


@pytest.fixture(scope="session")
def small() -> Lived:
    return live(accounts=600, months=15, seed=3)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same world as `small`, written."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, accounts=600, months=15, seed=3, through=THROUGH)
    return folder
