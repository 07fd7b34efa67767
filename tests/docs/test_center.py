"""The page on the download centre tells every setting and command that there is, and no other."""

import re
import time
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command_name

from pipelines.serving import users
from pipelines.settings import Settings
from reports.center.access.manage import person_called
from reports.center.access.tokens import make_token
from reports.center.delivery.run import run_due
from reports.center.pages.render import NAVIGATION
from reports.center.people import Role
from tests.end_to_end.browsing import served
from tests.reports.center.published import publish_month

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "center.md").read_text(encoding="utf-8")
LARGEST_PICTURE = 150_000
AZURE = """
    GlobalID | CustomerID | AccountName | AzureCluster | AzureExpectedRevenue
    P1       | C1         | Alder       | Act Now      | 1234.50
    P1       | C2         | Birch       | Nurture      | 200.25
    P2       | C3         | Cedar       | Act Now      | 9999.00
"""


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


def test_every_page_is_told() -> None:
    labels = {entry.label for section in NAVIGATION for entry in section.entries}
    assert {label for label in labels if not re.search(rf"\b{label}\b", PAGE)} == set()


def test_every_picture_exists_and_is_small() -> None:
    shown = re.findall(r"\]\((images/center/[a-z-]+\.png)\)", PAGE)
    assert len(shown) > 5
    assert [name for name in shown if not (DOCS / name).is_file()] == []
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images" / "center").iterdir()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PICTURE} == {}


def test_the_example_fetches_what_its_owner_may_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_month(tmp_path, "2026-10", {"CLASAzurePropensity": AZURE})
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with served(tmp_path) as centre:
        centre.add("ada", Role.SALES_AGENT, "P1")
        ada = person_called(centre.center, "ada")
        monkeypatch.setenv("ASCENT_URL", centre.base)
        monkeypatch.setenv("ASCENT_TOKEN", make_token(centre.center, ada, "example", 30))
        monkeypatch.setattr(time, "sleep", lambda _: run_due(centre.center))
        exec(example, {})
    assert capsys.readouterr().out == "AccountName,AzureExpectedRevenue\r\nAlder,1234.50\r\n\n"
