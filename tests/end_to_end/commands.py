"""The real command line, as a process and in this one, and what it leaves in a home."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from pipelines.__main__ import main

MONTH = "2026-10"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def here(*arguments: object, **variables: str) -> Ended:
    """Run a command to its end in this process, which spares it the imports."""
    out, err = io.StringIO(), io.StringIO()
    called = ["ascent", *(str(argument) for argument in arguments)]
    with (
        patch.object(sys, "argv", called),
        patch.dict(os.environ, {**QUIET, **variables}),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Ended(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def process(*arguments: object, typed: str = "", **variables: str) -> Ended:
    """Run a command to its end in a process of its own, as an operator does who types something."""
    called = command(*arguments)
    run = subprocess.run(
        called,
        input=typed,
        capture_output=True,
        text=True,
        env=environment(**variables),
        check=False,
        timeout=600,
    )
    return Ended(run.returncode, run.stdout, run.stderr)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pipelines", *(str(argument) for argument in arguments)]


def environment(**variables: str) -> dict[str, str]:
    """Without cached bytecode every start would compile its imports anew."""
    return {**os.environ, **QUIET, **variables, "PYTHONDONTWRITEBYTECODE": ""}


def of_month(world: Path, home: Path, month: str = MONTH) -> tuple[object, ...]:
    """The options of a command that makes a month of a home."""
    return "--from", world, "--month", month, "--home", home


def of_reseller(place: Path, home: Path, month: str = MONTH) -> tuple[object, ...]:
    """The same of the reseller's world, whose catalogue lies beside its tables."""
    return *of_month(place, home, month), "--catalogue", place / "catalogue.py"


def empty(home: Path) -> None:
    """Leave nothing in a home but its models."""
    for folder in ("published", "versions", "work", "runs", "quarantine"):
        shutil.rmtree(home / folder, ignore_errors=True)


def published(home: Path, month: str = MONTH) -> Path:
    return home / "published" / month


def digests(home: Path, month: str = MONTH) -> dict[str, str]:
    """The digest of every published CSV, read through the link as a reader would."""
    files = sorted((published(home, month) / "propensity").glob("*.csv"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest(home: Path, month: str = MONTH) -> Any:
    return json.loads((published(home, month) / "manifest.json").read_text("utf-8"))


def is_whole(home: Path, month: str = MONTH) -> bool:
    """Whether the published month has exactly the files of its manifest, each as it says."""
    folder = published(home, month)
    told = {file["path"]: file["sha256"] for file in manifest(home, month)["files"]}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return there == {*told, "manifest.json"} and all(
        hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest for path, digest in told.items()
    )


def run_report(home: Path, month: str = MONTH) -> Any:
    """The report of the last run of a month that was stopped."""
    return json.loads((home / "runs" / month / "run_report.json").read_text("utf-8"))


def report_of(home: Path, month: str = MONTH) -> Any:
    """The run report in the evidence of a published month."""
    return json.loads((published(home, month) / "evidence" / "run_report.json").read_text("utf-8"))


def rows(home: Path, report: str, month: str = MONTH) -> list[dict[str, str]]:
    """The rows of a published CSV."""
    path = published(home, month) / "propensity" / f"{report}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
