"""The centre really served on loopback, and a program that calls it as one of the vendor's clients does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn

from reports.center.access.connection import Connection
from reports.center.app import create_app
from reports.center.center import Center
from reports.center.people import Person
from tests.reports.center.delivery.small import Small
from tests.reports.center.signed import program

BASE = "/insights/v1/mpn"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in its envelope."""

    status: int
    told: dict[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.told["value"]
        return rows

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row

    @property
    def message(self) -> str:
        return str(self.told["message"])


@dataclass(frozen=True, slots=True)
class Program:
    """Calls with a token; checks of every answer what holds for all."""

    http: httpx2.Client
    token: str

    def call(self, method: str, path: str, body: object = None, **parameters: str) -> Answer:
        answer = self.http.request(
            method,
            BASE + path,
            json=body,
            params=parameters or None,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        told = answer.json()
        assert answer.headers["content-type"] == "application/json"
        assert sorted(told) == [
            "dataRedacted",
            "message",
            "nextLink",
            "statusCode",
            "totalCount",
            "value",
        ]
        assert told["statusCode"] == answer.status_code
        return Answer(answer.status_code, told)


def program_of(small: Small, http: httpx2.Client, person: Person) -> Program:
    """Return a program with a token of a person."""
    token = program(small.center, person).headers["Authorization"].partition(" ")[2]
    return Program(http, token)


@contextmanager
def served(center: Center, connection: type[Connection] = Connection) -> Iterator[httpx2.Client]:
    """Serve a centre; the socket listens before the server is up, so that no call comes too early."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            create_app(center), log_level="critical", lifespan="off", ws="none", http=connection
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with httpx2.Client(
                base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=60
            ) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
