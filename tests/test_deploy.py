"""The units are valid, the month is the one due, and the failure hook really runs."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = ("ascent.service", "ascent.timer", "ascent-failure@.service")


def run(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {"PATH": os.environ["PATH"], **variables}
    called = [str(DEPLOY / script), *arguments]
    return subprocess.run(called, env=environment, capture_output=True, text=True, check=False, timeout=60)


def command_that_writes_its_arguments(folder: Path) -> Path:
    command = folder / "a command"
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/arguments"\n', encoding="utf-8")
    command.chmod(0o755)
    return command


def arguments_written(folder: Path) -> list[str]:
    return (folder / "arguments").read_text(encoding="utf-8").splitlines()


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    for unit in UNITS:
        name = unit.replace("@.", "@ascent.")
        shutil.copy(DEPLOY / unit, tmp_path / name)
    names = sorted(str(path) for path in tmp_path.iterdir())
    verdict = subprocess.run(
        [analyze, "verify", *names], capture_output=True, text=True, check=False, timeout=60
    )
    about_ours = [line for line in verdict.stderr.splitlines() if "ascent" in line]
    assert about_ours == []
    assert verdict.returncode == 0, verdict.stderr


def test_the_timer_catches_up_and_runs_after_the_as_of_instant() -> None:
    timer = (DEPLOY / "ascent.timer").read_text(encoding="utf-8").splitlines()
    assert "Persistent=true" in timer
    assert "OnCalendar=*-*-25 04:00:00 UTC" in timer


def test_cron_and_systemd_run_the_same_job_at_the_same_time() -> None:
    (line,) = [
        x for x in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if not x.startswith("#")
    ]
    assert line.startswith("0 4 25 * * ")
    assert "%" not in line  # cron reads it as a line break
    service = (DEPLOY / "ascent.service").read_text(encoding="utf-8")
    for script in ("monthly.sh", "on-failure.sh"):
        assert script in line
    assert "ExecStart=/bin/sh deploy/monthly.sh" in service
    assert "OnFailure=ascent-failure@" in service


@pytest.mark.parametrize(
    ("today", "month"),
    [
        ("2026-10-25 04:00", "2026-10"),
        ("2026-10-31 04:00", "2026-10"),
        ("2026-11-03 09:00", "2026-10"),
        ("2026-11-24 23:59", "2026-10"),
        ("2026-11-25 00:00", "2026-11"),
        ("2027-01-10 04:00", "2026-12"),
        ("2027-03-24 04:00", "2027-02"),
    ],
)
def test_a_late_run_makes_the_month_that_is_due(tmp_path: Path, today: str, month: str) -> None:
    command = command_that_writes_its_arguments(tmp_path)
    done = run(
        "monthly.sh",
        ASCENT_INPUTS="in",
        ASCENT_HOME="home",
        ASCENT_TODAY=today,
        ASCENT_COMMAND=str(command),
    )
    assert done.returncode == 0, done.stderr
    assert arguments_written(tmp_path) == ["monthly", "--from", "in", "--month", month, "--home", "home"]


def test_the_job_says_which_variable_is_missing() -> None:
    done = run("monthly.sh", ASCENT_HOME="home")
    assert done.returncode != 0
    assert "ASCENT_INPUTS" in done.stderr


def test_the_hook_runs_the_command_with_the_newest_report(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    older, newer = home / "runs" / "1" / "run_report.md", home / "runs" / "2" / "run_report.md"
    for age, report in ((600, older), (60, newer)):
        report.parent.mkdir(parents=True)
        report.write_text("what happened", encoding="utf-8")
        then = report.stat().st_mtime - age
        os.utime(report, (then, then))
    command = command_that_writes_its_arguments(tmp_path)
    done = run("on-failure.sh", ASCENT_HOME=str(home), ASCENT_ON_FAILURE=f"'{command}' --urgent")
    assert done.returncode == 0, done.stderr
    assert arguments_written(tmp_path) == ["--urgent", str(newer)]


def test_the_hook_never_hands_out_last_months_report(tmp_path: Path) -> None:
    report = tmp_path / "run_report.md"
    report.write_text("last month", encoding="utf-8")
    then = report.stat().st_mtime - 30 * 86_400
    os.utime(report, (then, then))
    command = command_that_writes_its_arguments(tmp_path)
    assert run("on-failure.sh", ASCENT_HOME=str(tmp_path), ASCENT_ON_FAILURE=f"'{command}'").returncode == 0
    assert arguments_written(tmp_path) == [""]


def test_the_hook_passes_on_that_its_command_failed(tmp_path: Path) -> None:
    assert run("on-failure.sh", ASCENT_HOME=str(tmp_path), ASCENT_ON_FAILURE="exit 7;").returncode == 7


def test_without_a_command_the_hook_says_so(tmp_path: Path) -> None:
    done = run("on-failure.sh", ASCENT_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "ASCENT_ON_FAILURE" in done.stderr
