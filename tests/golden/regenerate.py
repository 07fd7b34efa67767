"""Write the header lines anew after a contract was changed: `python -m tests.golden.regenerate`."""

from pathlib import Path

from reports import dialect
from reports.contracts import REPORTS
from reports.licenses.contracts import CONTRACT_REPORTS

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for report in REPORTS:
        (FOLDER / f"{report.name}.csv").write_bytes(dialect.header(report.header))
    columns = {declared.name: ", ".join(declared.report.header) for declared in CONTRACT_REPORTS}
    lines = (f"{name}: {header}\n" for name, header in sorted(columns.items()))
    (FOLDER / "licenses.txt").write_text("".join(lines), encoding="utf-8")
