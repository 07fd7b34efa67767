"""How a month becomes visible: whole or not at all."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from features.errors import PublicationRefused
from reports import disk, manifest, publish
from reports.manifest import Manifest, files_of
from reports.publish import Published

MONTH = "2026-10"


def stage(home: Path, text: str = "a", evidence: str = "") -> tuple[Path, Manifest]:
    """A staged month of one CSV and one page of evidence."""
    folder = home / "work" / "staged"
    for name, content in (("propensity/A.csv", text), ("evidence/run.json", evidence)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder, Manifest(
        month=MONTH,
        as_of="2026-10-25",
        contract_version="c",
        code_version="1",
        files=files_of(folder, {"propensity/A.csv": 1}),
        models={},
        inputs={},
        settings={},
    )


def put(home: Path, text: str = "a", evidence: str = "", accept: str | None = None) -> Published:
    folder, told = stage(home, text, evidence)
    return publish.publish(home, MONTH, folder, told, accept=accept)


def seen(home: Path) -> str:
    return (home / "published" / MONTH / "propensity" / "A.csv").read_text(encoding="utf-8")


def test_a_month_is_published_as_a_relative_link_to_its_version(tmp_path: Path) -> None:
    done = put(tmp_path)
    link = tmp_path / "published" / MONTH
    assert link.readlink() == Path("..", "versions", MONTH, done.version)
    assert (done.is_new, done.folder, seen(tmp_path)) == (True, link, "a")
    assert manifest.read(link).files[-1].rows == 1


def test_the_same_csvs_again_are_nothing_new(tmp_path: Path) -> None:
    first = put(tmp_path, evidence="took 3 s")
    again = put(tmp_path, evidence="took 4 s")
    assert (again.is_new, again.version) == (False, first.version)
    assert len(list((tmp_path / "versions" / MONTH).iterdir())) == 1


def test_other_csvs_are_refused_and_the_month_stays(tmp_path: Path) -> None:
    put(tmp_path)
    with pytest.raises(
        PublicationRefused, match=r"other bytes in 1 of 1 files: propensity/A\.csv"
    ) as refused:
        put(tmp_path, "b")
    assert "--accept" in str(refused.value)
    assert refused.value.exit_code == 4
    assert seen(tmp_path) == "a"


def test_with_a_reason_other_csvs_are_a_further_version_and_the_earlier_is_kept(tmp_path: Path) -> None:
    first = put(tmp_path)
    second = put(tmp_path, "b", accept="orders came late")
    told = manifest.read(tmp_path / "published" / MONTH)
    assert (told.accepted, told.replaces) == (("orders came late",), first.version)
    assert seen(tmp_path) == "b"
    kept = tmp_path / "versions" / MONTH / first.version / "propensity" / "A.csv"
    assert (kept.read_text(encoding="utf-8"), second.is_new) == ("a", True)


def test_going_back_to_an_earlier_content_is_a_version_with_its_own_reason(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, "b", accept="orders came late")
    put(tmp_path, "a", accept="they were wrong")
    assert seen(tmp_path) == "a"
    assert manifest.read(tmp_path / "published" / MONTH).accepted == ("they were wrong",)
    assert len(list((tmp_path / "versions" / MONTH).iterdir())) == 3


class Killed(BaseException):
    """The process ends here."""


STEPS: tuple[tuple[object, str], ...] = (
    (shutil, "move"),
    (publish, "sync_tree"),
    (Path, "rename"),
    (publish, "sync"),
    (publish, "point"),
    (Path, "symlink_to"),
    (Path, "replace"),
    (disk, "sync"),
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[step[1] for step in STEPS])
def test_a_killed_publication_leaves_whole_months_and_can_be_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: bool
) -> None:
    put(tmp_path)
    monkeypatch.setattr(owner, name, killing(getattr(owner, name), after=after))
    with pytest.raises(Killed):
        put(tmp_path, "b", accept="late")
    monkeypatch.undo()
    assert seen(tmp_path) in ("a", "b")
    assert manifest.read(tmp_path / "published" / MONTH)
    put(tmp_path, "b", accept="late")
    assert seen(tmp_path) == "b"
    names = [path.name for path in (tmp_path / "versions" / MONTH).iterdir()]
    assert len(names) == 2
    assert not [name for name in names if name.endswith(".partial")]
    assert [path.name for path in (tmp_path / "published").iterdir()] == [MONTH]


def killing(step: Callable[..., object], *, after: bool) -> Callable[..., object]:
    """The step, at whose beginning or end the process is killed."""

    def run(*arguments: object, **named: object) -> object:
        if after:
            step(*arguments, **named)
        raise Killed

    return run


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    put(tmp_path)

    def full(_: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(publish, "sync_tree", full)
    with pytest.raises(PublicationRefused, match="is full, so nothing was published"):
        put(tmp_path, "b", accept="late")
    assert seen(tmp_path) == "a"
    assert len(list((tmp_path / "versions" / MONTH).iterdir())) == 1


def test_another_fault_of_the_disk_is_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="worn out"), disk.full_disk_refused(tmp_path):
        raise OSError(errno.EIO, "worn out")


def test_a_full_scratch_disk_of_the_engine_is_a_full_disk(tmp_path: Path) -> None:
    reason = f"Could not write: {os.strerror(errno.ENOSPC)}"
    with pytest.raises(PublicationRefused), disk.full_disk_refused(tmp_path):
        raise duckdb.IOException(reason)


def test_the_last_month_before_is_found(tmp_path: Path) -> None:
    for month in ("2026-07", "2026-09", "2026-10"):
        (tmp_path / "published" / month).mkdir(parents=True)
    assert publish.last_before(tmp_path, "2026-10") == tmp_path / "published" / "2026-09"
    assert publish.last_before(tmp_path, "2026-07") is None
