"""The guard: is anything dearer than it was? `make bench`, a few minutes on two cores.

    python -m benchmarks.guard [--record] [--folder DIR]

It compares ratios of CPU seconds with `baseline.json`: what the product does over the plain way to do the
same, both measured here, one after the other, so that neither the machine nor its load matters. A ratio is
the median of its runs. One that is beyond its tolerance is measured once more before it counts; exit code 1
says which were beyond it twice. `--record` writes what was found as the new baseline.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks import licenses, patterns
from benchmarks.bench import JOB, RAW, in_ratio, measure
from benchmarks.prepare import Bench, prepare
from benchmarks.worlds import REDUCED
from features.sources.world import connect

BASELINE = Path(__file__).parent / "baseline.json"
TOLERANCE = 0.25
RUNS = 3
CUSTOMERS, SAMPLE = 20_000, 2_000
LICENSE_ROWS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A ratio as it was recorded, and by which share it may be higher."""

    name: str
    ratio: float
    tolerance: float = TOLERANCE

    @property
    def at_most(self) -> float:
        """The highest ratio that passes."""
        return self.ratio * (1 + self.tolerance)


def whole_job(folder: Path) -> float:
    """Return the CPU of a month over that of its raw parts."""
    bench = Bench(
        customers=CUSTOMERS, density=REDUCED, folder=folder, memory="2GB", jobs=2, sample=SAMPLE, quiet=True
    )
    prepare(bench)
    found = measure(bench, (JOB, RAW)).parts
    return in_ratio(found[JOB]).cpu / in_ratio(found[RAW]).cpu


def license_reports(folder: Path) -> float:
    """Return the CPU of all licence reports over that of a plain scan and group-by of the same usage."""
    if not (folder / "world").exists():
        with connect(scratch=folder / "spill") as engine:
            licenses.write_world(engine, folder / "world", LICENSE_ROWS / licenses.ROWS)
    plain, reports = (licenses.alone(work, folder, "2GB").cpu for work in (licenses.scan, licenses.report))
    return reports / plain


def pattern_tables(_: Path) -> float:
    """Return the CPU of margins and contributions from pattern tables over that of `predict`."""
    with redirect_stdout(StringIO()):
        return patterns.measure(patterns.drawn(), rounds=1)


RATIOS: Mapping[str, Callable[[Path], float]] = {
    "pattern tables / predict": pattern_tables,
    "whole month / raw parts": whole_job,
    "licence reports / scan": license_reports,
}


def measured(name: str, folder: Path) -> float:
    """Return the median of a ratio's runs."""
    place = folder / name.replace(" / ", "-over-").replace(" ", "-")
    place.mkdir(exist_ok=True)
    return median(RATIOS[name](place) for _ in range(RUNS))


def beyond(
    baseline: Sequence[Guarded], measure: Callable[[str], float], tell: Callable[[Guarded, float], None]
) -> tuple[str, ...]:
    """Measure every ratio of the baseline, and once more where it is beyond; return those that stay so."""
    found = []
    for one in baseline:
        ratio = measure(one.name)
        if ratio > one.at_most:
            ratio = min(ratio, measure(one.name))
        tell(one, ratio)
        if ratio > one.at_most:
            found.append(one.name)
    return tuple(found)


def read(path: Path = BASELINE) -> tuple[Guarded, ...]:
    """Read the recorded ratios."""
    return tuple(Guarded(**row) for row in json.loads(path.read_text("utf-8")))


def record(ratios: Mapping[str, float], path: Path = BASELINE) -> None:
    """Write ratios as the new baseline; a tolerance that was changed by hand stays."""
    kept = {one.name: one.tolerance for one in read(path)} if path.exists() else {}
    rows = [
        Guarded(name=name, ratio=round(ratio, 3), tolerance=kept.get(name, TOLERANCE))
        for name, ratio in ratios.items()
    ]
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")


def main() -> int:
    """Measure, tell, and return the exit code."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--record", action="store_true", help="write the baseline anew")
    options.add_argument("--folder", type=Path, help="where worlds are made and removed again")
    chosen = options.parse_args()
    out = Console()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        if chosen.record:
            record({name: measured(name, Path(place)) for name in RATIOS})
            out.print(f"{len(RATIOS)} ratios are recorded in {BASELINE}.")
            return 0
        told = Table(title="CPU of the product over the plain way", title_justify="left")
        told.add_column("Ratio")
        for name in ("Recorded", "At most", "Now"):
            told.add_column(name, justify="right")
        slower = beyond(
            read(),
            lambda name: measured(name, Path(place)),
            lambda one, ratio: told.add_row(
                one.name, f"{one.ratio:.2f}", f"{one.at_most:.2f}", f"{ratio:.2f}"
            ),
        )
    out.print(told)
    if slower:
        out.print(f"{len(slower)} of {len(RATIOS)} ratios are beyond: {', '.join(slower)}.")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
