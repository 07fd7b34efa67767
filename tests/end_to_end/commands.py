"""The real command line, as a process and in this one."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MONTH = "2026-10"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipelines", *(str(argument) for argument in arguments)]


def ascent(*arguments: object, **variables: str) -> Ended:
    """Run a command to its end, in a process of its own."""
    environment = {**os.environ, "COLUMNS": "200", "MLFLOW_DISABLE_TELEMETRY": "true", **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    run = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment, check=False)
    return Ended(run.returncode, run.stdout, run.stderr)


def monthly(place: Path, home: Path, *more: object, **variables: str) -> Ended:
    return ascent("monthly", "--from", place, "--month", MONTH, "--home", home, *more, **variables)


def digests(home: Path, month: str = MONTH) -> dict[str, str]:
    """The digest of every published CSV, read through the link as a reader would."""
    folder = home / "published" / month / "propensity"
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}


def is_whole(home: Path, month: str = MONTH) -> bool:
    """Whether every file of the published month is what its manifest says."""
    folder = home / "published" / month
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    files = manifest["files"]
    return bool(files) and all(
        hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"] for file in files
    )
