"""The page on the download centre tells every setting and command that there is, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from typer.main import get_command_name

from pipelines.serving import users
from pipelines.settings import Settings
from reports.center.people import Role

PAGE = (Path(__file__).parents[2] / "docs" / "download-center.md").read_text(encoding="utf-8")


def test_every_setting_of_the_centre_is_told() -> None:
    declared = {one.name for one in fields(Settings) if one.name.startswith(("center_", "provider_"))}
    assert set(re.findall(r"`((?:center|provider)_[a-z_]+)`", PAGE)) == declared


def test_every_command_is_told() -> None:
    declared = {
        one.name or get_command_name(one.callback.__name__)
        for one in users.registered_commands
        if one.callback is not None
    }
    told = set(re.findall(r"ascent users ([a-z]+)", PAGE)) | set(re.findall(r"`([a-z]+)(?: NAME)?`", PAGE))
    assert declared - told == set()
    assert set(re.findall(r"ascent users ([a-z]+)", PAGE)) - declared == set()


def test_every_role_is_told() -> None:
    assert [role for role in Role if role.value not in PAGE] == []
