"""What a hundred million customers need, from what one and ten million cost: writes `docs/scale.md`.

    python -m benchmarks.bench 1000000 --only job --runs 1 --record benchmarks/scale.json    (and 10000000)
    python -m benchmarks.bench 1000000 --density issue --only job --runs 1 --record benchmarks/scale.json
    python -m benchmarks.scale

One and ten million customers of few rows tell what a customer costs, one million of many rows what a row
costs. What is asked for lies on the plane through the three.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.worlds import ISSUE, REDUCED

MEASURED = Path(__file__).parent / "scale.json"
PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
MILLION = 1_000_000
CUSTOMERS, SIGNALS = 100 * MILLION, 10_000 * MILLION
"""What is asked for."""
OVER_BUCKETS = ("customers",)
"""Stages that are done bucket by bucket, on any machine; all others are done by one."""
NIGHT, CORES = 8, 16
"""Hours, and cores of a machine, that machines are counted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that was measured: seconds and CPU seconds by stage, highest memory and disk in MB."""

    customers: int
    density: str
    rows: int
    signals: int
    input_bytes: int
    seconds: Mapping[str, float]
    cpu: Mapping[str, float]
    megabytes: float
    disk_megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Three months: of few customers with few rows, of more customers, of more rows."""

    few: Month
    customers: Month
    rows: Month

    def at(self, value: Callable[[Month], float], customers: int, rows: float) -> float:
        """Return a value for so many customers and rows in all; what falls with rows is taken as constant."""
        first, more = self.few, self.customers
        customer = (value(more) - value(first)) / (more.customers - first.customers)
        row = max(0.0, value(self.rows) - value(first)) / (self.rows.rows - first.rows)
        extra = rows - first.rows / first.customers * customers
        return value(first) + (customers - first.customers) * customer + extra * row


def read(path: Path = MEASURED) -> tuple[Month, ...]:
    """Read the measured months."""
    return tuple(_month(one) for one in json.loads(path.read_text("utf-8")))


def _month(one: dict[str, object]) -> Month:
    rows, parts = one["input_rows"], one["parts"]
    assert isinstance(rows, dict)
    assert isinstance(parts, dict)
    costs = [cost for cost in parts["job"] if not cost["within"]]
    return Month(
        customers=int(str(one["customers"])),
        density=str(one["density"]),
        rows=sum(rows.values()),
        signals=rows["signals"],
        input_bytes=int(str(one["input_bytes"])),
        seconds={cost["stage"]: cost["seconds"] for cost in costs},
        cpu={cost["stage"]: cost["cpu"] for cost in costs},
        megabytes=max(cost["megabytes"] for cost in costs),
        disk_megabytes=max(cost["disk_megabytes"] for cost in costs),
    )


def plane(months: Sequence[Month]) -> Plane:
    """Return the months that a plane goes through."""
    reduced = sorted((one for one in months if one.density == REDUCED.name), key=lambda one: one.customers)
    (rich,) = (one for one in months if one.density == ISSUE.name and one.customers == reduced[0].customers)
    return Plane(few=reduced[0], customers=reduced[-1], rows=rich)


def part(months: Sequence[Month]) -> str:
    """Return the generated part of the page."""
    through = plane(months)
    return "\n".join((*_measured(months), "", *_linear(through), "", *_asked(through)))


def _measured(months: Sequence[Month]) -> Iterator[str]:
    stages = list(dict.fromkeys(stage for month in months for stage in month.cpu))
    yield "### Measured"
    yield ""
    heads = (f"{one.customers:,} customers, {one.rows / MILLION:,.0f} million rows" for one in months)
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'---:|' * len(months)}"
    for stage in stages:
        told = (f"{one.cpu.get(stage, 0):,.0f} / {one.seconds.get(stage, 0):,.0f}" for one in months)
        yield f"| {stage}, CPU s / s | {' | '.join(told)} |"
    for name, value in (
        ("all, CPU s / s", lambda one: f"{sum(one.cpu.values()):,.0f} / {sum(one.seconds.values()):,.0f}"),
        ("highest memory, GB", lambda one: f"{one.megabytes / 1024:.2f}"),
        ("highest disk, GB", lambda one: f"{one.disk_megabytes / 1024:.1f}"),
    ):
        yield f"| {name} | {' | '.join(map(value, months))} |"


def _linear(through: Plane) -> Iterator[str]:
    few, more = through.few, through.customers
    times = more.customers / few.customers
    yield (
        f"From {few.customers:,} to {more.customers:,} customers of the same few rows, CPU grows"
        f" {_all(more) / _all(few) / times:.2f} times as fast as customers, disk"
        f" {more.disk_megabytes / few.disk_megabytes / times:.2f} times, and memory goes from"
        f" {few.megabytes / 1024:.2f} to {more.megabytes / 1024:.2f} GB."
    )


def _asked(through: Plane) -> Iterator[str]:
    rich = through.rows
    rows = CUSTOMERS * (rich.rows - rich.signals) / rich.customers + SIGNALS
    asked = (CUSTOMERS, "customers"), (SIGNALS, "signals"), (rows, "rows in all")
    yield f"### {', '.join(f'{count / MILLION:,.0f} million {name}' for count, name in asked)}"
    yield ""
    yield "| stage | CPU hours | where | hours |"
    yield "|---|---:|---|---:|"
    machines = ceil(_hours(through, OVER_BUCKETS[0], rows) / (NIGHT * CORES))
    for stage in through.few.cpu:
        hours = _hours(through, stage, rows)
        if stage in OVER_BUCKETS:
            where, wall = f"{machines} machines of {CORES} cores", hours / (machines * CORES)
        else:
            where, wall = "one machine", hours / max(1.0, _busy(through.customers, stage))
        yield f"| {stage} | {hours:,.1f} | {where} | {wall:,.1f} |"
    disk = through.at(lambda one: one.disk_megabytes, CUSTOMERS, rows) / 1024 / 1024
    yield ""
    yield f"Disk at its highest, inputs and published month included: {disk:,.1f} TB."


def _hours(through: Plane, stage: str, rows: float) -> float:
    return max(0.0, through.at(lambda one: one.cpu.get(stage, 0.0), CUSTOMERS, rows)) / 3600


def _busy(month: Month, stage: str) -> float:
    """Return how many cores the stage kept busy."""
    return month.cpu[stage] / max(month.seconds[stage], 0.1)


def _all(month: Month) -> float:
    return sum(month.cpu.values())


def written_in(page: str, generated: str) -> str:
    """Return the page with its generated part replaced."""
    begin, end = "<!-- written by benchmarks/scale.py -->", "<!-- end -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(page):
        raise ValueError(f"{PAGE} has no part between {begin} and {end}.")
    return found.sub(lambda _: f"{begin}\n{generated}\n{end}", page)


if __name__ == "__main__":
    PAGE.write_text(written_in(PAGE.read_text("utf-8"), part(read())), "utf-8")
