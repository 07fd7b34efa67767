"""One small world and one published month, made once for all tests of the folder."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from features.sources.sample.write import write
from tests.end_to_end.commands import ascent, monthly

ACCOUNTS, MONTHS = 500, 18


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write(folder, accounts=ACCOUNTS, months=MONTHS, seed=5, through=date(2026, 10, 25))
    return folder


@pytest.fixture(scope="session")
def trained(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose models are trained and nothing is published; tests copy it."""
    home = tmp_path_factory.mktemp("trained") / "home"
    ended = ascent("train", "--from", world, "--month", "2026-10", "--home", home)
    assert ended.code == 0, ended.err
    return home


@pytest.fixture(scope="session")
def home(world: Path, trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the month is published; tests only read it."""
    folder = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(trained, folder, symlinks=True)
    ended = monthly(world, folder)
    assert ended.code == 0, ended.err
    return folder
