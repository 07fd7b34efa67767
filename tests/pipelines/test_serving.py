"""The commands of the download centre: who may sign in, and what the operator is told."""

from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from typer.testing import CliRunner

from features.errors import CallRefused
from pipelines.__main__ import app
from pipelines.serving import open_center
from pipelines.settings import Settings
from reports.center.access import manage
from reports.center.people import Reach, Role

PASSWORD = "correct horse battery"


def call(home: Path, *told: str, typed: str = "") -> str:
    """Call `ascent users`, with a home, and return what it says."""
    result = CliRunner().invoke(app, ["users", *told, "--home", str(home)], input=typed)
    if result.exception is not None:
        raise result.exception
    return result.output


def test_somebody_is_added_with_a_password_from_the_standard_input(tmp_path: Path) -> None:
    told = call(
        tmp_path, "add", "ana", "--role", "Sales agent", "--partner", "P1", "--partner", "P2", typed=PASSWORD
    )
    assert told == "ana may sign in as sales agent; sees partners P1, P2.\n"
    assert call(tmp_path, "list") == "ana | ana | sales agent | partners P1, P2 | password | active\n"


def test_a_password_is_no_argument(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        call(tmp_path, "add", "ana", "--role", "sales agent", "--password", PASSWORD)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (("add", "ana", "--role", "emperor"), "no role 'emperor'; there are: executive report viewer"),
        (("add", "ana", "--role", "sales agent"), "12 to 1,024 characters; this one has 5"),
        (("add", "ana", "--role", "sales agent", "--location", "L"), "Locations belong to a partner"),
        (("disable", "nobody"), "Nobody signs in as 'nobody'"),
        (("token", "nobody", "--name", "nightly"), "Nobody signs in as 'nobody'"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(tmp_path: Path, told: tuple[str, ...], refusal: str) -> None:
    with pytest.raises(CallRefused, match=refusal):
        call(tmp_path, *told, typed="short")


def test_role_reach_and_activity_are_changed(tmp_path: Path) -> None:
    call(tmp_path, "add", "ana@example.com", "--role", "sales agent", "--external")
    call(tmp_path, "role", "ana@example.com", "global admin")
    call(tmp_path, "reach", "ana@example.com", "--everything")
    call(tmp_path, "disable", "ana@example.com")
    center = open_center(tmp_path, Settings())
    (kept,) = manage.people_within(center, None)
    assert (kept.person.role, kept.person.reach) == (Role.GLOBAL_ADMIN, Reach(everything=True))
    assert (kept.is_active, kept.has_password) == (False, False)
    assert call(tmp_path, "enable", "ana@example.com") == "ana@example.com may sign in again.\n"


def test_a_token_is_all_that_is_printed(tmp_path: Path) -> None:
    call(tmp_path, "add", "ana", "--role", "sales agent", "--external")
    printed = call(tmp_path, "token", "ana", "--name", "nightly")
    assert printed.startswith("ascent_")
    assert len(printed.split()) == 1


def test_a_home_without_anything_is_opened_with_the_declared_settings(tmp_path: Path) -> None:
    center = open_center(tmp_path / "home", Settings(), listens_at="http://127.0.0.1:9000")
    assert center.policy.base_url == "http://127.0.0.1:9000"
    assert center.shelf.latest() is None
    assert center.now().tzinfo is not None
    assert isinstance(center.now(), datetime)
    assert (tmp_path / "home" / "center" / "center.db").exists()


def test_the_settings_reach_the_centre(tmp_path: Path) -> None:
    settings = Settings(
        center_base_url="https://ascent.example.com",
        center_database=f"sqlite:///{tmp_path}/elsewhere.db",
        center_session_hours=1,
        provider_issuer="https://login.example.com",
        provider_client_id="ascent",
        provider_client_secret="hidden",
    )
    center = open_center(tmp_path / "home", settings, listens_at="http://127.0.0.1:8000")
    assert (center.policy.base_url, center.policy.session_hours) == ("https://ascent.example.com", 1)
    assert center.policy.provider is not None
    assert "hidden" not in repr(center.policy)
    assert (tmp_path / "elsewhere.db").exists()


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    settings = Settings(center_database="postgresql://me:pw@127.0.0.1:9/center")
    with pytest.raises(CallRefused, match="cannot be opened") as refused:
        open_center(tmp_path, settings)
    assert "pw" not in str(refused.value)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(CallRefused, match="is a file"):
        open_center(tmp_path / "home", Settings())


def test_a_centre_that_others_reach_must_know_its_address(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--home", str(tmp_path), "--host", "0.0.0.0"])
    assert isinstance(result.exception, CallRefused)
    assert "set center_base_url" in str(result.exception)


def test_the_first_start_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, int]] = []

    def run(_: FastAPI, *, host: str, port: int, **__: object) -> None:
        served.append((host, port))

    monkeypatch.setattr(uvicorn, "run", run)
    result = CliRunner().invoke(app, ["serve", "--home", str(tmp_path), "--port", "8123"])
    assert served == [("127.0.0.1", 8123)]
    assert "No month is published" in result.output
    assert "make run" in result.output
    assert "ascent users add NAME" in result.output
    assert "at http://127.0.0.1:8123" in result.output
