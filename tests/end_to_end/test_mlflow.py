"""The same job as an MLflow project, in the environment that is on PATH."""

import os
import re
import subprocess
import sys
from pathlib import Path

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


def test_the_project_makes_the_month(world: Path, home: Path, tmp_path: Path) -> None:
    before = digests(home)
    assert "unchanged" in mlflow_run("monthly", world, home, tmp_path)
    assert digests(home) == before


def test_every_entry_point_is_the_command_of_its_name() -> None:
    project = (ROOT / "MLproject").read_text("utf-8")
    commands = dict(
        re.findall(r"^  (\w+):\n(?:    .*\n|      .*\n)*?    command: (.*)$", project, re.MULTILINE)
    )
    assert set(commands) == {"monthly", "train", "report"}
    for name, command in commands.items():
        assert command == f"python -m pipelines {name} --from {{from}} --month {{month}} --home {{home}}"
