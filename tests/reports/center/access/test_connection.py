"""Slow clients, on real sockets: each is cut off by a declared time, and others are not held up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2
import pytest

from reports.center.access.connection import LONGEST_STALL, SLOWEST_HEAD, Connection
from reports.center.access.guard import SLOWEST_BODY
from reports.center.center import Center
from reports.center.pages.render import STATIC
from tests.reports.center.api.served import served

HEAD = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LIMIT = 0.3


class Impatient(Connection):
    slowest_head = LIMIT
    longest_stall = LIMIT
    lost = threading.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()


@pytest.fixture
def http(center: Center) -> Iterator[httpx2.Client]:
    with served(center, Impatient) as client:
        yield client


def connect(http: httpx2.Client) -> socket.socket:
    parts = urlsplit(str(http.base_url))
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)


def rest(connection: socket.socket) -> bytes:
    """What still comes until the other side has closed."""
    told = b""
    with suppress(ConnectionResetError, BrokenPipeError):
        while part := connection.recv(65_536):
            told += part
    return told


def drip(connection: socket.socket, text: bytes) -> int:
    """Send a byte at a time, each well within the limit, and tell how many were taken."""
    connection.settimeout(LIMIT / 10)
    for sent in range(10_000):
        try:
            connection.sendall(text[sent % len(text) :][:1])
            if not connection.recv(1):
                return sent
        except TimeoutError:
            continue
        except OSError:
            return sent
    raise AssertionError("nobody stopped it")


def test_the_limits_are_those_that_are_declared() -> None:
    assert (Connection.slowest_head, Connection.longest_stall) == (SLOWEST_HEAD, LONGEST_STALL)
    assert SLOWEST_HEAD <= SLOWEST_BODY <= LONGEST_STALL


def test_a_head_that_drips_is_cut_off(http: httpx2.Client) -> None:
    with connect(http) as connection:
        connection.sendall(b"GET /sign-in HTTP/1.1\r\nX-Slow: ")
        assert drip(connection, b"a") < 1000


def test_a_connection_that_says_nothing_is_closed(http: httpx2.Client) -> None:
    with connect(http) as connection:
        assert rest(connection) == b""


def test_the_head_after_an_answer_may_not_drip_either(http: httpx2.Client) -> None:
    with connect(http) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET")
        rest(connection)
        assert drip(connection, b" ") < 1000


def test_a_slow_client_holds_up_nobody(http: httpx2.Client) -> None:
    slow = [connect(http) for _ in range(50)]
    try:
        for one in slow:
            one.sendall(HEAD)
        assert http.get("/sign-in").status_code == 200
    finally:
        for one in slow:
            one.close()


def test_who_sends_its_head_in_time_is_answered_again_and_again(http: httpx2.Client) -> None:
    with connect(http) as connection:
        for _ in range(3):
            connection.sendall(HEAD)
            connection.sendall(b"\r\n")
            assert connection.recv(16).startswith(b"HTTP/1.1 200")
            while b"</html>" not in connection.recv(65_536):
                pass


def test_a_reader_that_stopped_is_cut_off(http: httpx2.Client) -> None:
    largest = max((STATIC / "vendor").iterdir(), key=lambda path: path.stat().st_size)
    asked = f"GET /static/vendor/{largest.name} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with connect(http) as connection:
        Impatient.lost.clear()
        connection.sendall(asked * 40)
        # Nothing is read; only the server can end it.
        assert Impatient.lost.wait(20)
        assert len(rest(connection)) < 40 * largest.stat().st_size
