"""A program that waits to be told of a report, on loopback, and the policy that lets it be called."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reports.center.center import Policy

OPEN = Policy(allows_private_callbacks=True)


class Server:
    """A real server on loopback that answers in turn what it is told, and writes down what it was asked."""

    def __init__(self, *statuses: int) -> None:
        self.asked: list[str] = []
        self.statuses = [*statuses]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(f"{self.command} {self.path}")
                status = outer.statuses.pop(0) if outer.statuses else 200
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told"


@contextmanager
def serving(*statuses: int) -> Iterator[Server]:
    server = Server(*statuses)
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.server.shutdown()
    thread.join()
    server.server.server_close()
