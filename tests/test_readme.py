"""The README promises only what exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def commands(program: str) -> set[str]:
    """The sub-commands of a program that the README calls, in code blocks or between backticks."""
    return set(re.findall(rf"(?:^|`){program} ([a-z]+)", README, re.MULTILINE))


def test_every_make_call_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE))
    assert commands("make") - targets == set()


def test_the_two_commands_are_told() -> None:
    assert {"run", "test"} <= commands("make")


def test_every_ascent_call_is_a_command() -> None:
    called = [sys.executable, "-m", "pipelines", "--help"]
    shown = subprocess.run(called, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert shown.returncode == 0, shown.stderr
    known = set(re.findall(r"[a-z]+", shown.stdout))
    assert commands("ascent")
    assert commands("ascent") - known == set()


def test_every_file_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
