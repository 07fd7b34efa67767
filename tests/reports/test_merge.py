"""Sorted parts put together: every row once, in the order of the keys, whatever the parts are."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import merge
from reports.merge import merged, write_merged, write_part

KEYS = ("who", "what")
TEXT = st.text(alphabet="aBz-é\uffff😀", max_size=3)
ROWS = st.lists(st.tuples(TEXT, TEXT), unique=True, max_size=80)


def table(rows: list[tuple[str, str]]) -> pa.Table:
    who, what = [row[0] for row in rows], [row[1] for row in rows]
    return pa.table({"who": pa.array(who, pa.string()), "what": pa.array(what, pa.string())})


def write_parts(rows: list[tuple[str, str]], places: list[int], folder: Path) -> list[Path]:
    """Write each row to the part that its place tells, in row groups of three rows."""
    paths = [folder / f"{part}.parquet" for part in range(4)]
    for part, path in enumerate(paths):
        mine = sorted(row for row, place in zip(rows, places, strict=True) if place == part)
        pq.write_table(table(mine), path, row_group_size=3)
    return paths


@settings(deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_parts_give_all_rows_in_order(rows: list[tuple[str, str]], draw: Random) -> None:
    places = [draw.randrange(4) for _ in rows]
    with TemporaryDirectory() as folder:
        paths = write_parts(rows, places, Path(folder))
        found = [(row["who"], row["what"]) for some in merged(paths, KEYS) for row in some.to_pylist()]
    assert found == sorted(rows, key=lambda row: (row[0].encode(), row[1].encode()))


@settings(deadline=None, max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_file_of_all_parts_is_the_same_bytes_whatever_the_parts(
    rows: list[tuple[str, str]], draw: Random
) -> None:
    found = []
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge, "ROWS_IN_GROUP", 7)
        for name, places in (("one", [0] * len(rows)), ("four", [draw.randrange(4) for _ in rows])):
            folder = Path(place) / name
            folder.mkdir()
            write_merged(write_parts(rows, places, folder), KEYS, folder / "all")
            assert [path.name for path in folder.iterdir()] == ["all"]
            found.append((folder / "all").read_bytes())
        groups = pq.read_metadata(Path(place) / "four" / "all")
    assert found[0] == found[1]
    assert {groups.row_group(number).num_rows for number in range(groups.num_row_groups - 1)} <= {7}


def test_no_rows_at_all_give_an_empty_file(tmp_path: Path) -> None:
    write_part(table([]), tmp_path / "a.parquet", parts=2)
    write_part(table([]), tmp_path / "b.parquet", parts=2)
    write_merged([tmp_path / "a.parquet", tmp_path / "b.parquet"], KEYS, tmp_path / "all")
    assert pq.read_table(tmp_path / "all").equals(table([]))


def test_what_is_read_at_once_does_not_grow_with_the_parts(tmp_path: Path) -> None:
    rows = table([(f"{number:06d}", "x") for number in range(1_000)])
    for parts, groups in ((10, 1), (200, 7)):
        write_part(rows, tmp_path / "part", parts=parts)
        assert pq.read_metadata(tmp_path / "part").num_row_groups == groups
