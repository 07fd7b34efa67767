"""The same job as an MLflow project, in the environment that is on PATH."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.commands import MONTH, QUIET, digests

ROOT = Path(__file__).parent.parent.parent


def mlflow_run(entry: str, world: Path, home: Path, folder: Path) -> str:
    """Run an entry point of the repository's MLproject; MLflow's own record of it goes to the folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'projects.db'}"}
    given = (f"from={world}", f"month={MONTH}", f"home={home}")
    called = ["mlflow", "run", str(ROOT), "--env-manager=local", "-e", entry]
    called += [part for parameter in given for part in ("-P", parameter)]
    environment = {**os.environ, **QUIET, **own}
    run = subprocess.run(
        called, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("entry", ["monthly", "report"])
def test_an_entry_point_makes_the_month(entry: str, world: Path, home: Path, tmp_path: Path) -> None:
    before = digests(home)
    assert "unchanged" in mlflow_run(entry, world, home, tmp_path)
    assert digests(home) == before
