"""Measure the collector on loopback: pages a second, what a further process adds, whether memory stays flat.

Sites are served by a process apart: a home page, a feed, a blog and posts of about five kilobytes on each of
many hosts. They are collected as any others are: DNS, robots.txt, reading, classifying, state; but without a
delay, for that is what keeps a real crawl slow. Pages are told by the second and by the second of CPU, which
other work on the machine does not lower as much.

    python benchmarks/collect.py [--hosts 500] [--pages 20] [--processes 1] [--folder DIR]
"""

import argparse
import asyncio
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from features.sources.web.collect import collect
from features.sources.web.domains import sort_lines
from features.sources.web.page import Fetched
from features.sources.web.plan import Limits, Network, Plan
from features.sources.web.signals import Passage
from pipelines.collecting import now

AT_LEAST = 200.0
"""Pages a second of one process."""
FLAT = 1.25
"""How much larger the memory at the end may be than after a fifth of the hosts."""
TELLING = (
    "We are moving our servers to Microsoft Azure and close the data centre after the migration.",
    "The sales team asks for a CRM that shows every lead and its next step in one place.",
    "After a phishing attack multi-factor authentication was switched on for everybody.",
    "Our ERP holds finance, purchasing and the warehouse; its maker ends the support next year.",
)
SAYINGS = (
    "The canteen has a new menu, and the terrace is open again until October.",
    "On Friday there will be cake for all who helped with the summer party at the lake.",
    "A delegation of the town council came to see the new bridge and stayed for coffee.",
    "Who wants to join the choir may come to the small hall on Tuesday after work.",
    "The anniversary book is printed, and two copies of it are in the reading corner.",
    "Rain or shine, the run around the mill pond starts at nine in the morning.",
)
TELLING_AT = 5
"""One post of so many is about something that is sold."""
NOWHERE = 9


@dataclass(frozen=True, slots=True)
class Figures:
    """What a collection cost: requests answered, wall and CPU seconds, memory in MB as the hosts went by."""

    pages: int
    wall: float
    cpu: float
    memory: tuple[float, ...]


def post(host: str, path: str) -> bytes:
    """Return a page of about five kilobytes, the same for the same address."""
    rng = random.Random(f"{host}{path}")
    said = [rng.choices(SAYINGS, k=3) for _ in range(14)]
    if rng.randrange(TELLING_AT) == 0:
        said[2][1] = rng.choice(TELLING)
    paragraphs = "".join(f"<p>{' '.join(sentences)}</p>" for sentences in said)
    nav = "".join(f'<li class="item"><a href="/about/{n}">About number {n}</a></li>' for n in range(12))
    return (
        f'<!doctype html><html lang="en"><head><title>{path} of {host}</title>'
        '<meta name="generator" content="WordPress 6.4"><script src="/js/site.js"></script>'
        f'<meta property="article:published_time" content="2026-09-0{rng.randint(1, 9)}T08:00:00Z"></head>'
        f"<body><nav><ul>{nav}</ul></nav><article><h1>Number {rng.randint(1, 10**6)}</h1>"
        f"{paragraphs}</article>"
        "<footer>All rights reserved, and so on.</footer></body></html>"
    ).encode()


def answer(host: str, path: str, pages: int) -> bytes:
    """Return the body for a path of any host; empty where there is none."""
    if path == "/":
        return b'<html><body><h1>Hello</h1><a href="/blog">Blog</a><a href="/blog/0">First</a></body></html>'
    if path == "/blog":
        links = "".join(f'<a href="/blog/{n}">Post {n}</a>' for n in range(pages - 2))
        return f"<html><body><h1>Blog</h1>{links}</body></html>".encode()
    return post(host, path) if path.startswith("/blog/") else b""


class Web(asyncio.Protocol):
    """A server of one connection that does as little as it can."""

    def __init__(self, pages: int) -> None:
        """Take how many pages a host has."""
        self.pages, self.read = pages, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request once it is whole."""
        self.read += data
        if not self.read.endswith(b"\r\n\r\n"):
            return
        head, self.read = self.read.decode("latin-1"), b""
        path = head.split(" ", 2)[1]
        host = head.lower().split("\r\nhost: ", 1)[1].split("\r\n", 1)[0]
        body = answer(host, path, self.pages)
        status = "200 OK" if body else "404 Not Found"
        told = (f"HTTP/1.1 {status}", "content-type: text/html", f"content-length: {len(body)}", "", "")
        self.transport.write("\r\n".join(told).encode() + body)


class Names(asyncio.DatagramProtocol):
    """A nameserver that knows every company, each at 127.0.0.1, and nothing else of it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a question."""
        query = dns.message.from_wire(data)
        asked = query.question[0]
        told = dns.message.make_response(query)
        told.flags |= dns.flags.RA
        if str(asked.name).count(".") > 2:
            told.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.A:
            told.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", "127.0.0.1"))
        self.transport.sendto(told.to_wire(), addr)  # type: ignore[attr-defined]


def serve(pages: int, ports: Connection) -> None:
    """Serve until the process is ended; send the ports first."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        web = await loop.create_server(lambda: Web(pages), "127.0.0.1", 0, backlog=1000)
        names, _ = await loop.create_datagram_endpoint(Names, ("127.0.0.1", 0))
        ports.send((web.sockets[0].getsockname()[1], names.get_extra_info("sockname")[1]))
        await asyncio.Event().wait()

    asyncio.run(run())


def measured(plan: Plan, processes: int) -> Figures:
    """Collect, and tell the cost of the processes that did."""
    memory: list[float] = []
    marks = {len(plan.domains) * tenth // 10 for tenth in range(1, 11)}

    def watch(done: int, _: int) -> None:
        if done in marks:
            memory.append(max(map(_resident, _children()), default=0.0))

    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    listed = sort_lines("\n".join(plan.domains))
    report = collect(plan, listed, now=now, processes=processes, progress=watch)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Figures(report.tally.pages, wall, cpu, tuple(memory))


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()]


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return 0.0
    return int(status.split("VmRSS:")[1].split()[0]) / 1000 if "VmRSS:" in status else 0.0


def reading_alone(count: int) -> float:
    """Return how many pages a CPU second are read and classified without any crawling."""
    from features.sources.web.detect import technologies_of
    from features.sources.web.passages import passages_of
    from features.sources.web.paths import Errand, Place
    from features.sources.web.read import read_page
    from features.sources.web.tell import Teller

    teller = Teller.load()
    pages = [
        Fetched(
            url=f"http://site{number}.com/blog/{number}",
            domain=f"site{number}.com",
            status=200,
            headers=(("content-type", "text/html; charset=utf-8"),),
            body=post(f"site{number}.com", f"/blog/{number}"),
            fetched_at=now(),
        )
        for number in range(count)
    ]

    def work() -> None:
        passages: list[Passage] = []
        for fetched in pages:
            page = read_page(fetched)
            technologies_of((page,), ())
            passages.extend(passages_of(page, Errand(url=fetched.url, place=Place.POST)))
        list(teller.tell(passages))

    work()
    return count / _cpu(work)


def _cpu(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def plan_for(hosts: int, pages: int, folder: Path, ports: tuple[int, int]) -> Plan:
    """Return a plan for so many hosts, without a delay."""
    web, names = ports
    return Plan(
        domains=tuple(sorted(f"benchmark-site-{number:06d}.com" for number in range(hosts))),
        folder=folder,
        contact="https://ascent.example/benchmark",
        limits=Limits(delay=0.0, pages=pages + 8, hosts_at_once=50),
        network=Network(
            nameserver=f"127.0.0.1:{names}", private_allowed=True, ports=((80, web), (443, NOWHERE))
        ),
    )


def tell(found: Figures, start: Figures, told: argparse.Namespace) -> bool:
    """Print what was measured; tell whether it holds. Pages are those that were there, though all cost."""
    pages, cpu = (told.hosts - 1) * told.pages, found.cpu - start.cpu * told.processes
    print(f"{pages:,} pages in {found.pages:,} requests, {told.processes} processes, {found.wall:.1f} s")
    print(f"to begin costs {start.cpu:.1f} CPU s a process; beyond it {pages / cpu:.0f} pages a CPU second")
    print(f"read and classified without any crawling: {reading_alone(300):.0f} pages a CPU second")
    print(f"memory in MB, tenth by tenth of the hosts: {', '.join(f'{mb:.0f}' for mb in found.memory)}")
    growth = found.memory[-2] / found.memory[1] if len(found.memory) > 2 and found.memory[1] else 1.0
    holds = pages / cpu >= AT_LEAST and growth <= FLAT
    print(f"at least {AT_LEAST:.0f} pages, memory at most {FLAT} times: {'yes' if holds else 'no'}")
    return holds


def main() -> None:
    """Measure and print; exit 1 where a figure falls short."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    here, there = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=serve, args=(told.pages, there), daemon=True)
    server.start()
    ports = here.recv()
    with tempfile.TemporaryDirectory(dir=told.folder) as folder:
        start = measured(plan_for(1, told.pages, Path(folder) / "start", ports), 1)
        plan = plan_for(told.hosts, told.pages, Path(folder) / "all", ports)
        found = measured(plan, told.processes)
    server.terminate()
    server.join()
    raise SystemExit(0 if tell(found, start, told) else 1)


if __name__ == "__main__":
    main()
