"""docs/licenses.md names every file, and its excerpts have the columns that are published."""

import re
from pathlib import Path

from reports.licenses.contracts import LICENSE_REPORTS

PAGE = (Path(__file__).parents[2] / "docs" / "licenses.md").read_text("utf-8")
EXCERPTS = re.findall(r"```csv (\S+)\n(.*?)```", PAGE, re.DOTALL)
HEADERS = {declared.name: declared.report.header for declared in LICENSE_REPORTS}


def test_every_file_is_named() -> None:
    assert [name for name in HEADERS if f"`{name}.csv`" not in PAGE] == []


def test_every_excerpt_has_columns_of_its_file_in_their_order() -> None:
    assert EXCERPTS
    for name, text in EXCERPTS:
        header, *rows = (line.split(",") for line in text.splitlines())
        assert header == [column for column in HEADERS[name] if column in header]
        assert [row for row in rows if len(row) != len(header)] == []


def test_every_named_file_is_published() -> None:
    named = set(re.findall(r"`(\w+)\.csv`", PAGE))
    assert named <= set(HEADERS)
