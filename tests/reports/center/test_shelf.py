"""What is on the shelf: whole months by their manifests, and copies by what they are a copy of."""

from pathlib import Path

import duckdb
import pytest

from reports import dialect
from reports.center.shelf import Shelf, ShelfBroken
from reports.manifest import NAME
from tests.reports.center.published import DATASETS, publish_month

AZURE = DATASETS["CLASAzurePropensity"]
ROWS = """
GlobalID | CustomerID
P1       | C1
"""
MORE = ROWS + "P1 | C2\n"


def shelf_of(home: Path) -> Shelf:
    return Shelf(published=home / "published", copies=home / "copies")


def test_months_are_listed_oldest_first_and_the_latest_is_the_last(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    assert shelf.latest() is None
    for month in ("2026-10", "2026-09"):
        publish_month(tmp_path, month, {AZURE.name: ROWS})
    assert [month.name for month in shelf.months()] == ["2026-09", "2026-10"]
    latest = shelf.latest()
    assert latest is not None
    assert latest.as_of.isoformat() == "2026-10-25"


def test_a_file_that_is_in_no_manifest_is_not_there(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    folder = publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    other = DATASETS["CLASM365Propensity"]
    (folder / other.path).write_bytes((folder / AZURE.path).read_bytes())
    (month,) = shelf.months()
    assert shelf.copy(month, other) is None
    assert shelf.copy(month, AZURE) is not None


def test_a_month_published_again_is_read_anew_and_the_earlier_one_while_it_is_held(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    (before,) = shelf.months()
    publish_month(tmp_path, "2026-10", {AZURE.name: MORE}, accept="a late customer")
    (after,) = shelf.months()
    assert (_rows(shelf, shelf.copy(before, AZURE)), _rows(shelf, shelf.copy(after, AZURE))) == (1, 2)


def test_a_copy_is_made_once(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    (month,) = shelf.months()
    first = shelf.copy(month, AZURE)
    assert first is not None
    made = first.stat().st_mtime_ns
    again = shelf.copy(month, AZURE)
    assert again == first
    assert again.stat().st_mtime_ns == made
    assert [path.suffix for path in (tmp_path / "copies").iterdir() if path.is_file()] == [".parquet"]


def test_readers_at_once_share_one_engine(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    with shelf.reading() as one, shelf.reading() as other:
        one.execute("CREATE TABLE shared AS SELECT 1")
        assert other.execute("SELECT count(*) FROM shared").fetchone() == (1,)


def test_a_shelf_that_was_closed_reads_nothing(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    shelf.close()
    with pytest.raises(duckdb.ConnectionException), shelf.reading():
        pass


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (None, "No such file"),
        (b"", "JSONDecodeError"),
        (b"[]", "TypeError"),
        (b"\xff", "UnicodeDecodeError"),
        (b'{"month": "2026-10"}', "KeyError: 'as_of'"),
    ],
)
def test_a_month_whose_manifest_is_broken_is_told_with_its_place_and_a_way_out(
    tmp_path: Path, manifest: bytes | None, told: str
) -> None:
    folder = publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    if manifest is None:
        (folder / NAME).unlink()
    else:
        (folder / NAME).write_bytes(manifest)
    with pytest.raises(ShelfBroken) as broken:
        shelf_of(tmp_path).months()
    for part in (told, "2026-10 is damaged", str(folder.resolve() / NAME), "run `ascent monthly`"):
        assert part in str(broken.value)


def test_a_file_that_was_changed_after_its_month_was_published_is_not_read(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    folder = publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    (month,) = shelf.months()
    with (folder / AZURE.path).open("ab") as file:
        file.write(b"P1,C9\r\n")
    with pytest.raises(ShelfBroken, match="not the file that its manifest lists"):
        shelf.copy(month, AZURE)
    (folder / AZURE.path).unlink()
    with pytest.raises(ShelfBroken, match="cannot be read: No such file"):
        shelf.copy(month, AZURE)


def test_a_copy_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelf_of(tmp_path)
    publish_month(tmp_path, "2026-10", {AZURE.name: ROWS})
    (month,) = shelf.months()
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "published", lambda path: f"read_parquet('{path}.missing')")
        with pytest.raises(duckdb.IOException):
            shelf.copy(month, AZURE)
    assert list((tmp_path / "copies").glob("*.p*")) == []
    assert _rows(shelf, shelf.copy(month, AZURE)) == 1


def _rows(shelf: Shelf, copy: Path | None) -> int:
    with shelf.reading() as engine:
        return len(engine.read_parquet(str(copy)).fetchall())
