"""Where browsers look: a served home, the people in it, and its files filtered by hand."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.center.people import Role
from reports.dialect import BOM
from tests.end_to_end.browsing import Served
from tests.end_to_end.commands import rows

AZURE = "CLASAzurePropensity"
PEOPLE = {"admin": Role.GLOBAL_ADMIN, "seller": Role.SALES_AGENT, "viewer": Role.REPORT_VIEWER}


@dataclass(frozen=True)
class Place:
    """A served home, and the partner whose customers the seller and the viewer see."""

    centre: Served
    home: Path
    partner: str

    def rows(self, **wanted: str) -> list[dict[str, str]]:
        """The partner's rows of the published file, filtered by hand."""
        return [
            row
            for row in rows(self.home, AZURE)
            if row["GlobalID"] == self.partner and all(row[key] == value for key, value in wanted.items())
        ]


def written(kept: Sequence[dict[str, str]], columns: Sequence[str]) -> bytes:
    """A file of some rows and columns as Python's own writer would have it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in kept)
    return BOM + text.getvalue().encode()
