from pathlib import Path

import duckdb
import pytest

from tests.reports.licenses.written import licensed, reports
from tests.spec.licenses.specs import read

SPECS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", SPECS, ids=[path.stem for path in SPECS])
def test_what_is_written_in_a_spec_comes_out(
    path: Path, tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    spec = read(path)
    found = reports(engine, licensed(tmp_path / "world", **spec.given), as_of=spec.as_of)
    for expected in spec.expected:
        rows = [
            tuple((name, row[name]) for name, _ in expected.rows[0]) if expected.rows else ()
            for row in found[expected.name]
        ]
        if expected.alone:
            assert sorted(rows) == sorted(expected.rows), spec.shows
        else:
            assert set(expected.rows) - set(rows) == set(), spec.shows
