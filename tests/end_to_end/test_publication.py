"""When a month cannot be published as it is: a full disk, another run, drift, other bytes, a strange move."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.lock import locked
from tests.end_to_end.commands import (
    digests,
    empty,
    here,
    is_whole,
    manifest,
    of_month,
    of_reseller,
    published,
    report_of,
    run_report,
)

SHARES = (0.0, 0.4, 0.8, 0.97)
"""Of the space that a run takes, what is left when it starts."""


def copied(home: Path, to: Path) -> Path:
    return Path(shutil.copytree(home, to, symlinks=True))


def versions(home: Path) -> set[str]:
    return {path.name for path in (home / "versions" / "2026-10").iterdir()}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk can be mounted by root only, and not in every container")
    try:
        yield folder
    finally:
        # Lazily: the database of the models may still be open in this process.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_stops_the_run_and_once_there_is_space_it_gives_the_same_bytes(
    reseller: Path, resold: Path, disk: Path
) -> None:
    there = disk / "home"
    there.mkdir()
    shutil.copy(resold / "mlflow.db", there)
    taken = bytes_of_a_run(reseller, there)
    for share in SHARES:
        empty(there)
        leave(disk, int(share * taken))
        ended = here("monthly", *of_reseller(reseller, there))
        assert (ended.code, "is full, so nothing was published" in ended.err) == (4, True), ended.err
        assert not published(there).exists()
    (disk / "ballast").unlink()
    ended = here("monthly", *of_reseller(reseller, there))
    assert ended.code == 0, ended.err
    assert digests(there) == digests(resold)


def bytes_of_a_run(place: Path, home: Path) -> int:
    before = free(home)
    ended = here("monthly", *of_reseller(place, home))
    assert ended.code == 0, ended.err
    return before - free(home)


def free(disk: Path) -> int:
    there = os.statvfs(disk)
    return there.f_bavail * there.f_frsize


def leave(disk: Path, room: int) -> None:
    """Fill a disk but for so many bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free(disk) - room)


def test_a_second_run_at_the_same_time_is_refused(world: Path, tmp_path: Path) -> None:
    there = tmp_path / "home"
    with locked(there):
        ended = here("monthly", *of_month(world, there))
    assert ended.code == 4
    assert f"Another run is working in {there}. One run per home was expected" in ended.err
    assert [path.name for path in there.iterdir()] == ["run.lock"]


def test_models_that_missed_what_happened_are_published_only_with_a_reason(
    reseller: Path, resold: Path, tmp_path: Path
) -> None:
    there = copied(resold, tmp_path / "home")
    empty(there)
    let_drift(there)
    ended = here("monthly", *of_reseller(reseller, there))
    assert ended.code == 4
    assert "models missed what happened on the newest closed date; observed over expected" in ended.err
    assert run_report(there)["ended"] == "refused"
    assert not published(there).exists()
    ended = here("monthly", *of_reseller(reseller, there), "--accept", "the price rise of July")
    assert ended.code == 0, ended.err
    assert manifest(there)["accepted"] == ["the price rise of July"]
    (told,) = [one for one in report_of(there)["warnings"] if "newest closed date" in one]
    assert told.endswith("Published all the same: the price rise of July")


def let_drift(home: Path) -> None:
    """Let every model that was judged say that it missed what happened."""
    with sqlite3.connect(home / "mlflow.db") as store:
        told = "SELECT rowid, value FROM model_version_tags WHERE key = 'ascent.figures'"
        for row, value in store.execute(told).fetchall():
            if (figures := json.loads(value))["measures"]:
                changed = json.dumps({**figures, "drift": {"ratio": 2.0, "log_error": 0.1}})
                store.execute("UPDATE model_version_tags SET value = ? WHERE rowid = ?", (changed, row))
    store.close()


def test_other_bytes_for_a_published_month_need_a_reason_and_keep_the_earlier_version(
    reseller: Path, resold: Path, tmp_path: Path
) -> None:
    there = copied(resold, tmp_path / "home")
    before = manifest(there)
    place = copied(reseller, tmp_path / "in")
    take_away(place, "transactions", 100)
    ended = here("monthly", *of_reseller(place, there))
    assert ended.code == 4
    assert "2026-10 is published as version" in ended.err
    assert "ResellerCloud.csv" in ended.err
    assert digests(there) == digests(resold)
    ended = here("monthly", *of_reseller(place, there), "--accept", "a hundred orders were void")
    assert ended.code == 0, ended.err
    assert is_whole(there)
    assert manifest(there)["accepted"] == ["a hundred orders were void"]
    assert versions(there) > versions(resold)
    assert manifest(there)["replaces"] in versions(resold)
    assert manifest(there)["models"] == before["models"]


def take_away(place: Path, table: str, rows: int) -> None:
    path = place / f"{table}.parquet"
    pq.write_table(pq.read_table(path).slice(rows), path)


def test_a_month_that_moved_further_than_is_normal_is_refused_with_a_table(
    world: Path, home: Path, tmp_path: Path
) -> None:
    there = copied(home, tmp_path / "home")
    place = copied(world, tmp_path / "in")
    (place / "technologies.parquet").unlink()
    ended = here("report", *of_month(place, there, "2026-11"))
    assert ended.code == 4
    assert "figures moved further from 2026-10 than is declared as normal" in ended.err
    assert "share of empty cells HasAWS" in ended.err
    assert run_report(there, "2026-11")["ended"] == "refused"
    assert not published(there, "2026-11").exists()
