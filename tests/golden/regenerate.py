"""Write the header lines anew after a contract was changed: `python -m tests.golden.regenerate`."""

from pathlib import Path

from reports import dialect
from reports.contracts import REPORTS

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for report in REPORTS:
        (FOLDER / f"{report.name}.csv").write_bytes(dialect.header(report.header))
