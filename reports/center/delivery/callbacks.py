"""Tells a program that a report is there: one call, to the address that was checked, tried three times."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from reports.center.center import Policy
from reports.center.delivery.addresses import Address, resolve
from reports.center.delivery.plan import Method
from reports.center.delivery.refusals import DeliveryRefused

TIMEOUT_S = 10.0
"""From the first packet to the last line of the answer's head."""
WAITS_S = (1.0, 5.0)
"""Between the tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Whom to tell of which report."""

    report_id: str
    url: str
    method: Method


def call_back(
    policy: Policy,
    callback: Callback,
    *,
    timeout_s: float = TIMEOUT_S,
    wait: Callable[[float], object] = time.sleep,
) -> str:
    """Tell that a report is there, and return how it went; an answer below 300 is a success.

    A fault of the network and an answer of 500 or more are tried again; a redirect is not followed. What a
    callback answers is not read.
    """
    told = ""
    for pause in (0.0, *WAITS_S):
        if pause:
            wait(pause)
        try:
            status = _call(policy, callback, timeout_s)
        except DeliveryRefused as refused:
            return f"callback refused: {refused}"
        except (OSError, http.client.HTTPException) as fault:
            told = f"callback failed: {type(fault).__name__}: {fault}"
            continue
        told = f"callback answered {status}"
        if status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            break
    return told


def target(callback: Callback) -> str:
    """Return the path and query that are called: the report's id at the end of the one or the other."""
    parts = urlsplit(callback.url)
    path, query = parts.path, parts.query
    if callback.method is Method.POST:
        path = f"{path.rstrip('/')}/{quote(callback.report_id)}"
    else:
        query = f"{query}&reportId={quote(callback.report_id)}".lstrip("&")
    return f"{path or '/'}?{query}" if query else path or "/"


def _call(policy: Policy, callback: Callback, timeout_s: float) -> int:
    parts = urlsplit(callback.url)
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    connected = _connected(resolve(policy, host, port), host, port, timeout_s, is_secure=is_secure)
    # A slow answer may drip for ever below the timeout of each read.
    deadline = threading.Timer(timeout_s, _shut, [connected])
    deadline.daemon = True
    deadline.start()
    connection = http.client.HTTPConnection(host, port)
    connection.sock = connected
    try:
        if isinstance(connected, ssl.SSLSocket):
            connected.do_handshake()
        headers = {"Host": parts.netloc, "User-Agent": "Ascent", "Connection": "close"}
        body = b"" if callback.method is Method.POST else None
        connection.request(callback.method, target(callback), body=body, headers=headers)
        return connection.getresponse().status
    finally:
        deadline.cancel()
        connection.close()


def _connected(address: Address, host: str, port: int, timeout_s: float, *, is_secure: bool) -> socket.socket:
    """Connect to the address that was checked: to ask for the name again could lead elsewhere."""
    plain = socket.create_connection((str(address), port), timeout=timeout_s)
    if not is_secure:
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        # The plain way: an encrypted goodbye would wait for the other side.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
