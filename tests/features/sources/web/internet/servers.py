"""Serves the small internet on loopback: HTTP on an address for each site, and its DNS over UDP."""

import asyncio
import hashlib
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.features.sources.web.internet.site import Answer, Site, Way, page

NETWORK = "127.0.42"
NOBODY = "127.0.43.1"
"""An address on which nothing listens."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the server saw it: when it came and when it was answered, by the monotonic clock."""

    host: str
    path: str
    headers: tuple[tuple[str, str], ...]
    status: int
    began: float
    ended: float

    def header(self, name: str) -> str:
        """Return a header that was sent, named in lower case; empty where it was not."""
        return dict(self.headers).get(name, "")


@dataclass(slots=True)
class Internet:
    """The running servers: ports, and the log of what was asked."""

    sites: Sequence[Site]
    http_port: int = 0
    dns_port: int = 0
    closed_port: int = 0
    asked: list[Asked] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    answered_at_most: int = sys.maxsize
    heard: threading.Condition = field(default_factory=threading.Condition)

    def of(self, domain: str) -> list[Asked]:
        """Return what was asked of a domain and its hosts, in the order it came."""
        mine = [one for one in self.asked if one.host == domain or one.host.endswith(f".{domain}")]
        return sorted(mine, key=lambda one: one.began)

    @contextmanager
    def answering(self, requests: int) -> Iterator[None]:
        """Answer so many more requests; then the block begins, and until its end the others wait."""
        self.answered_at_most = len(self.asked) + requests
        try:
            self.wait_for(self.answered_at_most)
            yield
        finally:
            self.answered_at_most = sys.maxsize

    def wait_for(self, requests: int) -> None:
        """Wait until so many requests were answered."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.asked) >= requests, timeout=120)

    def site(self, host: str) -> Site | None:
        """Return the site of a host name."""
        return next(
            (one for one in self.sites if host == one.domain or host.endswith(f".{one.domain}")), None
        )

    def address(self, site: Site) -> str:
        """Return the address of a site."""
        return f"{NETWORK}.{self.sites.index(site) + 1}" if site.listens else NOBODY


@contextmanager
def serving(sites: Sequence[Site]) -> Iterator[Internet]:
    """Serve the sites from a thread for the length of a block."""
    internet = Internet(sites)
    # Bound, and never listened on: whatever else runs here, this port refuses connections.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        internet.closed_port = closed.getsockname()[1]
        loop, up = asyncio.new_event_loop(), threading.Event()
        stop = asyncio.Event()
        thread = threading.Thread(target=loop.run_until_complete, args=(_serve(internet, up, stop),))
        thread.start()
        try:
            assert up.wait(30)
            yield internet
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


async def _serve(internet: Internet, up: threading.Event, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Names(internet), local_addr=("127.0.0.1", 0))
    internet.dns_port = transport.get_extra_info("sockname")[1]
    served = await _listen(internet)
    up.set()
    await stop.wait()
    transport.close()
    served.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)


async def _listen(internet: Internet) -> asyncio.Server:
    """Listen on the addresses of all sites, on one port that is free on each of them."""
    addresses = [internet.address(site) for site in internet.sites if site.listens]
    while True:
        with socket.socket() as probe:
            probe.bind((addresses[0], 0))
            port = probe.getsockname()[1]
        with suppress(OSError):
            served = await asyncio.start_server(
                lambda reader, writer: _converse(internet, reader, writer), addresses, port
            )
            internet.http_port = port
            return served


async def _converse(internet: Internet, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    ends = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError)
    with suppress(*ends):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            if not await _answer(internet, head, writer):
                break
    with suppress(OSError):
        writer.close()


async def _answer(internet: Internet, head: str, writer: asyncio.StreamWriter) -> bool:
    """Answer one request; tell whether the connection goes on."""
    began = time.monotonic()
    first, *lines = head.rstrip().split("\r\n")
    path = first.split(" ")[1]
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    host = headers.get("host", "").partition(":")[0]
    while len(internet.asked) >= internet.answered_at_most:
        await asyncio.sleep(0.01)
    site = internet.site(host)
    answer = Answer(status=421) if site is None else _find(internet, site, host, path)
    etag = '"' + hashlib.sha256(answer.body).hexdigest()[:16] + '"'
    status = answer.status
    if status == 200 and answer.way is Way.WHOLE and headers.get("if-none-match") == etag:
        status = 304
    try:
        return await _send(writer, answer, status, etag)
    finally:
        with internet.heard:
            internet.asked.append(Asked(host, path, tuple(headers.items()), status, began, time.monotonic()))
            internet.heard.notify_all()


def _find(internet: Internet, site: Site, host: str, path: str) -> Answer:
    internet.tries[host + path] += 1
    answer = site.of_hosts.get(host, site.answers).get(path, Answer(status=404, body=b"Nothing here."))
    if path == "/robots.txt" and path not in site.of_hosts.get(host, {}):
        answer = site.robots
    elif site.endless and path.startswith(site.endless):
        at = int("0" + "".join(filter(str.isdigit, path)))
        answer = page(
            f"Number {at}", f'<a href="{site.endless}{at + 1}">Next</a> <a href="/x{at}{path}">Up</a>'
        )
    tries = internet.tries[host + path]
    if tries <= len(answer.first):
        return Answer(status=answer.first[tries - 1], headers=answer.headers)
    return answer


async def _send(writer: asyncio.StreamWriter, answer: Answer, status: int, etag: str) -> bool:
    if answer.way is Way.SILENT:
        await asyncio.sleep(3600)
    if answer.way is Way.GARBAGE:
        writer.write(b"\x00\x01\x02 220 ready to receive mail\r\n\r\n")
        return False
    body = b"" if status == 304 else answer.body
    told = [f"HTTP/1.1 {status} Said", f"content-type: {answer.kind}"]
    told += [f"{name}: {value}" for name, value in answer.headers]
    if status in (200, 304) and answer.way is Way.WHOLE:
        told.append(f"etag: {etag}")
    if answer.way in (Way.WHOLE, Way.CUT):
        told.append(f"content-length: {len(body)}")
    writer.write(("\r\n".join(told) + "\r\n\r\n").encode("latin-1"))
    if answer.way is Way.CUT:
        writer.write(body[: len(body) // 2])
        return False
    while answer.way in (Way.DRIP, Way.ENDLESS):
        writer.write(b"x" if answer.way is Way.DRIP else b"<p>more and more of it</p>" * 2000)
        await writer.drain()
        await asyncio.sleep(0.2 if answer.way is Way.DRIP else 0.01)
    writer.write(body)
    await writer.drain()
    return True


@dataclass(slots=True)
class _Names(asyncio.DatagramProtocol):
    """The nameserver: addresses of the sites and their hosts, and the records that they declare."""

    internet: Internet
    transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        (asked,) = query.question
        name, kind = str(asked.name).rstrip(".").lower(), dns.rdatatype.to_text(asked.rdtype)
        self.internet.questions.append(f"{name} {kind}")
        site = self.internet.site(name)
        if site is not None and site.is_silent:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        if site is None or not (site.has_address or site.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        # As real ones do, it tells of an alias whatever was asked about the name.
        for told in dict.fromkeys((kind, "CNAME")):
            values = [] if site is None else self._values(site, name, told)
            if values:
                answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", told, *values))
        assert self.transport is not None
        self.transport.sendto(answer.to_wire(), addr)

    def _values(self, site: Site, name: str, kind: str) -> list[str]:
        told = [value for host, of, value in site.records if of == kind and _full(host, site) == name]
        if not told and kind == "A" and site.has_address and _is_host(name, site):
            return [self.internet.address(site)]
        return told


def _full(host: str, site: Site) -> str:
    return f"{host}.{site.domain}" if host else site.domain


def _is_host(name: str, site: Site) -> bool:
    return name in (site.domain, *site.of_hosts)
