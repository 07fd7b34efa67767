"""Collections from the small internet, and what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from features.sources.web.collect import Report, collect
from features.sources.web.domains import sort_lines
from features.sources.web.plan import Limits, Network, Plan
from tests.features.sources.web.internet.clock import Clock
from tests.features.sources.web.internet.servers import Asked, Internet
from tests.features.sources.web.internet.site import Site

LIMITS = Limits(
    delay=0.02,
    pages=12,
    bytes=1_000_000,
    seconds=60.0,
    page_bytes=200_000,
    page_seconds=6.0,
    retries=2,
    backoff=0.05,
    depth=4,
)
CONTACT = "https://ascent.example/collector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A collection that ended: its report and what was asked of the servers meanwhile."""

    folder: Path
    report: Report
    asked: Sequence[Asked]
    files: dict[str, str]
    outcomes: dict[str, str]
    told: str

    def of(self, site: Site) -> list[Asked]:
        """Return what was asked of a site, in the order it came."""
        return [one for one in self.asked if f".{one.host}".endswith(f".{site.domain}")]


def plan_for(internet: Internet, sites: Sequence[Site], to: Path) -> Plan:
    """Return a plan for sites of the small internet."""
    return Plan(
        domains=tuple(sorted(site.domain for site in sites)),
        folder=to,
        contact=CONTACT,
        limits=LIMITS,
        network=Network(
            nameserver=f"127.0.0.1:{internet.dns_port}",
            private_allowed=True,
            ports=((80, internet.http_port), (443, internet.closed_port)),
            dns_seconds=6.0,
        ),
    )


def visit(internet: Internet, sites: Sequence[Site], to: Path, *, days: int = 0, processes: int = 1) -> Run:
    """Collect from sites on a day."""
    before = len(internet.asked)
    plan = plan_for(internet, sites, to)
    report = collect(plan, sort_lines("\n".join(plan.domains)), now=Clock(days), processes=processes)
    asked = sorted(internet.asked[before:], key=lambda one: one.began)
    lines = (to / "collection" / "hosts.csv").read_text("utf-8").splitlines()[1:]
    return Run(
        folder=to,
        report=report,
        asked=asked,
        files=digests(to),
        outcomes={line.split(",")[0]: line.split(",")[1] for line in lines},
        told=(to / "collection" / "report.json").read_text("utf-8"),
    )


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every table file, by its path."""
    paths = sorted([*folder.glob("signals/*"), *folder.glob("technologies/*")])
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in paths}


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table that was written."""
    return [
        row for path in sorted((folder / table).glob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]


def signals_of(folder: Path) -> set[tuple[str, str, str, str, datetime]]:
    """Return domain, address, kind, topic and instant of the signals that were written."""
    return {
        (row["domain"], row["url"], row["kind"], row["topic"], row["happened_at"])
        for row in rows(folder, "signals")
    }
