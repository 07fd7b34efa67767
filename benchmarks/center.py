"""The download centre under load: 200 people download 100,000-row reports while schedules run.

`python -m benchmarks.center [--people 200] [--rows 100000]` serves a home of its own and prints the 95th
percentile of page views under load beside that of an idle centre, the memory of the server as files stream,
and what failed; it ends with exit code 1 if anything did. Client and server share the machine, so seconds
say little; the ratios do.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import numpy as np

from features.products import Catalogue
from features.sources.world import connect
from pipelines.serving import open_center
from pipelines.settings import Settings
from reports import dialect
from reports.center.access.cookies import SESSION
from reports.center.access.manage import add_person
from reports.center.access.sessions import begin_session
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.datasets import Dataset, datasets_of
from reports.center.delivery.plan import ReportPlan
from reports.center.delivery.queries import system_id
from reports.center.delivery.reports import create_report
from reports.center.formats import Format
from reports.center.people import Person, Reach, Role
from reports.field import Field, Form
from reports.manifest import Manifest, files_of
from reports.publish import publish

ROOT = Path(__file__).parents[1]
WORK = ROOT / "ascent-home" / "center-load"
MONTH, PORT, PARTNERS = "2026-10", 8123, 20
BASE = f"http://127.0.0.1:{PORT}"
PAGES = ("/", "/downloads", "/customers", "/downloads/new?dataset=CLASAzurePropensity")
VIEWERS, SCHEDULES, IDLE_VIEWS = 4, 10, 60
COLUMNS = 12
PATIENCE = 1_800.0


@dataclass(slots=True)
class Seen:
    """What the clients saw: seconds of page views, bytes and rows of downloads, memory, and failures."""

    idle: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    downloads: int = 0
    rows: list[int] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main() -> None:
    """Publish a month, serve it, load it, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    chosen = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    dataset = datasets_of(Catalogue())["CLASAzurePropensity"]
    publish_rows(dataset, chosen.rows)
    center = open_center(WORK, Settings(), listens_at=BASE)
    cookies = [signed_in(center, number) for number in range(chosen.people + VIEWERS)]
    server = started()
    try:
        seen = asyncio.run(loaded(center, dataset, cookies, server.pid))
    finally:
        server.terminate()
        server.wait()
    told(seen, chosen.people, chosen.rows)
    sys.exit(1 if seen.failures or set(seen.rows) != {chosen.rows} else 0)


def publish_rows(dataset: Dataset, rows: int) -> None:
    """Publish a month with one report of so many rows, told apart by the customer's id."""
    staged = WORK / "staged"
    path = staged / dataset.path
    path.parent.mkdir(parents=True)
    values = ", ".join(f'{_value(one)} AS "{one.name}"' for one in dataset.report.fields)
    with connect(memory="1GB", scratch=WORK / "spill") as engine:
        relation = f"(SELECT {values} FROM range({rows}) r(i))"
        written = dialect.write(engine, relation, dataset.report.fields, path)
    manifest = Manifest(
        month=MONTH,
        as_of=f"{MONTH}-25",
        contract_version="1",
        code_version="benchmark",
        files=files_of(staged, {dataset.path: written.rows}),
        models={},
        inputs={},
        settings={},
    )
    publish(WORK, MONTH, staged, manifest)


def _value(declared: Field) -> str:
    """SQL: something plausible for a column of row `i`."""
    match declared.form:
        case Form.INTEGER:
            return "i % 101"
        case Form.MONEY | Form.HUNDREDTHS:
            return "(i * 7919) % 10000000"
        case Form.PROBABILITY:
            return "(i % 1000) / 1000.0"
        case Form.FLAG:
            return "i % 3 = 0"
        case Form.DATE:
            return f"DATE '{MONTH}-25'"
        case Form.ENUM:
            allowed = declared.column.allowed
            return f"{list(allowed)}[1 + i % {len(allowed)}]" if allowed else "'one of a list'"
        case _:
            return _text(declared.name)


def _text(name: str) -> str:
    texts = {
        "GlobalID": f"'P' || (i % {PARTNERS})",
        "CustomerID": "'C' || lpad(i::VARCHAR, 7, '0')",
        "AccountName": "'Customer, number ' || i",
        "AzureSignalExplanation": "'12 visits to pages in 30 days, 4 the month before; works in ' || i % 9",
    }
    return texts.get(name, f"'{name} ' || (i % 50)")


def signed_in(center: Center, number: int) -> str:
    """Add somebody who sees everything and return its cookie."""
    person = add_person(
        center,
        None,
        subject=f"person-{number}",
        name=f"Person {number}",
        role=Role.EXECUTIVE_VIEWER,
        reach=Reach(everything=True),
        password=None,
    )
    if number < SCHEDULES:
        scheduled(center, person)
    with acting(center.database, person) as session:
        return begin_session(center, session, person)


def scheduled(center: Center, person: Person) -> None:
    """Ask for a report that the server makes by itself."""
    now = datetime.now(UTC)
    plan = ReportPlan(
        name="All customers",
        query_id=system_id("CLASAzurePropensity"),
        start_at=now + timedelta(hours=5),
        execute_now=True,
        format=Format.CSV,
    )
    create_report(center, person, plan)


def started() -> subprocess.Popen[bytes]:
    """Start the server as an operator does."""
    call = [sys.executable, "-m", "pipelines", "serve", "--home", str(WORK), "--port", str(PORT)]
    environment = {**os.environ, "ASCENT_CENTER_SECONDS_BETWEEN_SCHEDULES": "2"}
    server = subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"{BASE}/sign-in")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return server
    server.kill()
    raise TimeoutError("The server did not answer in a minute.")


async def loaded(center: Center, dataset: Dataset, cookies: Sequence[str], pid: int) -> Seen:
    """View pages while nobody else is there, then while everybody downloads."""
    seen = Seen()
    people, viewers = cookies[:-VIEWERS], cookies[-VIEWERS:]
    async with visiting(center) as client:
        for number in range(IDLE_VIEWS):
            await view(client, seen, viewers[0], number, seen.idle)
        done = asyncio.Event()
        watching = [asyncio.create_task(keep_viewing(client, seen, one, done)) for one in viewers]
        watching.append(asyncio.create_task(keep_weighing(seen, pid, done)))
        await asyncio.gather(*(download(client, dataset, seen, one) for one in people))
        done.set()
        await asyncio.gather(*watching)
    return seen


@asynccontextmanager
async def visiting(center: Center) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client that opens as many connections as there are people."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx2.AsyncClient(base_url=center.policy.base_url, timeout=PATIENCE, limits=limits) as client:
        yield client


async def view(
    client: httpx2.AsyncClient, seen: Seen, cookie: str, number: int, seconds: list[float]
) -> None:
    """View a page and write down how long it took."""
    page, began = PAGES[number % len(PAGES)], time.perf_counter()
    answer = await client.get(page, headers={"Cookie": f"{SESSION}={cookie}"})
    seconds.append(time.perf_counter() - began)
    if answer.status_code != 200:
        seen.failures.append(f"{page}: {answer.status_code}")


async def keep_viewing(client: httpx2.AsyncClient, seen: Seen, cookie: str, done: asyncio.Event) -> None:
    """View page after page, with a moment to read each, until the downloads are done."""
    number = 0
    while not done.is_set():
        await view(client, seen, cookie, number, seen.loaded)
        number += 1
        await asyncio.sleep(0.5)


async def keep_weighing(seen: Seen, pid: int, done: asyncio.Event) -> None:
    """Write down the server's memory twice a second."""
    while not done.is_set():
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        seen.megabytes.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
        await asyncio.sleep(0.5)


async def download(client: httpx2.AsyncClient, dataset: Dataset, seen: Seen, cookie: str) -> None:
    """Download all rows of some columns and count them as they come."""
    columns = [("column", name) for name in dataset.report.header[:COLUMNS]]
    asked = httpx2.QueryParams([("dataset", dataset.name), *columns, ("format", "CSV")])
    lines = 0
    try:
        call = client.stream(
            "GET", "/downloads/file", params=asked, headers={"Cookie": f"{SESSION}={cookie}"}
        )
        async with call as answer:
            if answer.status_code != 200:
                seen.failures.append(f"download: {answer.status_code}")
            async for chunk in answer.aiter_bytes():
                lines += chunk.count(b"\n")
    except httpx2.TransportError as error:
        seen.failures.append(f"download: {error!r}")
    seen.downloads += 1
    seen.rows.append(lines - 1)


def told(seen: Seen, people: int, rows: int) -> None:
    """Print what was seen."""
    idle, under_load = (float(np.quantile(one, 0.95)) for one in (seen.idle, seen.loaded))
    quarter = max(1, len(seen.megabytes) // 4)
    early, late = max(seen.megabytes[:quarter]), max(seen.megabytes[-quarter:])
    print(f"downloads             {seen.downloads} of {people}, {rows:,} rows each; {SCHEDULES} reports made")
    print(f"pages, idle           {idle:8.3f} s at the 95th percentile of {len(seen.idle)} views")
    print(f"pages, under load     {under_load:8.3f} s at the 95th percentile of {len(seen.loaded)} views")
    print(f"ratio                 {under_load / idle:8.1f}")
    print(f"memory                {early:8.0f} MB at most in the first quarter, {late:,.0f} in the last,")
    print(f"                      {max(seen.megabytes):8.0f} at its highest")
    print(f"failures              {len(seen.failures)}")
    for failure in seen.failures[:5]:
        print(f"  {failure}")


if __name__ == "__main__":
    main()
