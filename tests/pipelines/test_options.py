"""Every command has the options that it is documented with, and gets those that go together as a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from features.errors import CallRefused
from pipelines.__main__ import app
from pipelines.options import Given, Month, spread

READING = {"--from", "--tables", "--home", "--memory"}
OPTIONS: Mapping[str, set[str]] = {
    "sample": {"--accounts", "--months", "--seed", "--through"},
    "validate": {*READING, "--month"},
    "monthly": {*READING, "--month", "--catalogue", "--accept", "--cluster"},
    "train": {*READING, "--month", "--catalogue"},
    "score": {*READING, "--month", "--catalogue", "--cluster"},
    "report": {*READING, "--month", "--catalogue", "--accept", "--cluster"},
    "kpis": {*READING, "--as-of", "--to"},
    "backtest": {*READING, "--as-of", "--to", "--catalogue"},
    "collect": {
        "--domains",
        "--to",
        "--home",
        "--share",
        "--processes",
        "--cluster",
        "--export",
        "--networks",
    },
    "describe": {"--catalogue"},
    "docs": {"--check", "--path"},
    "serve": {"--home", "--host", "--port", "--catalogue"},
    "users": set(),  # commands of its own
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Some options that go together."""

    by: Annotated[str, typer.Option(help="The column.")]
    down: Annotated[bool, typer.Option("--down")] = False


def test_every_command_has_its_options_each_with_a_sentence() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    told = {
        name: {one.opts[0]: one.help for one in command.params if isinstance(one, typer.core.TyperOption)}
        for name, command in group.commands.items()
    }
    assert {name: set(options) for name, options in told.items()} == OPTIONS
    assert all(all(options.values()) for options in told.values())


def test_a_row_of_options_reaches_its_command_whole() -> None:
    got = []
    listing = typer.Typer()

    @listing.command()
    @spread
    def show(name: str, given: Sort, most: int = 5) -> None:
        got.append((name, given, most))

    ended = CliRunner().invoke(listing, ["visits", "--by", "day", "--down"])
    assert (ended.exit_code, ended.output) == (0, "")
    assert got == [("visits", Sort(by="day", down=True), 5)]


def test_the_home_of_the_environment_is_used_where_none_is_told(tmp_path: Path) -> None:
    got = []
    listing = typer.Typer()

    @listing.command()
    @spread
    def show(month: Month, given: Given) -> None:
        got.append((month, given))

    called = ["--month", "2026-10", "--from", "in"]
    CliRunner().invoke(listing, called, env={"ASCENT_HOME": str(tmp_path)})
    assert got == [("2026-10", Given(place=Path("in"), home=tmp_path))]


def test_a_call_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match="Say where the tables are: --from DIR, or --tables FILE"):
        Given(home=tmp_path).job("2026-10")
