"""Sums up what selections hold, where a page shows figures instead of rows."""

from collections.abc import Mapping
from typing import Any

from reports.center.select import Selection


def summarize(relations: Mapping[str, Selection], sql: str) -> list[dict[str, Any]]:
    """Run SQL of ours over selections, each a relation of its name whose cells are texts or null.

    Nothing of a reader may stand in the SQL: conditions belong into the query of a selection.
    """
    named = ", ".join(f"{name} AS ({selection.sql})" for name, selection in relations.items())
    values = [value for selection in relations.values() for value in selection.values]
    shelf = next(iter(relations.values())).shelf
    with shelf.reading() as engine:
        found = engine.execute(f"WITH {named} {sql}", values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
