import socket
import threading
from collections.abc import Callable

import pytest

from reports.center.center import Policy
from reports.center.delivery.addresses import address_of, checked_url, may_be_reached
from reports.center.delivery.callbacks import WAITS_S, Callback, call_back, target
from reports.center.delivery.plan import Method
from reports.center.delivery.refusals import DeliveryRefused
from tests.reports.center.delivery.listening import OPEN, serving


def called(url: str, method: Method = Method.POST, *, waited: list[float] | None = None) -> str:
    waits = [] if waited is None else waited
    callback = Callback(report_id="r-1", url=url, method=method)
    return call_back(OPEN, callback, timeout_s=0.3, wait=waits.append)


def test_a_program_is_told_by_its_method() -> None:
    with serving() as server:
        assert called(server.url) == "callback answered 200"
        assert called(server.url + "?code=a", Method.GET) == "callback answered 200"
        assert server.asked == ["POST /told/r-1", "GET /told?code=a&reportId=r-1"]


@pytest.mark.parametrize(
    ("url", "post", "get"),
    [
        ("https://a.example", "/r-1", "/?reportId=r-1"),
        ("https://a.example/x/", "/x/r-1", "/x/?reportId=r-1"),
        ("https://a.example/x?code=1", "/x/r-1?code=1", "/x?code=1&reportId=r-1"),
    ],
)
def test_the_id_stands_at_the_end(url: str, post: str, get: str) -> None:
    told = [target(Callback(report_id="r-1", url=url, method=method)) for method in (Method.POST, Method.GET)]
    assert told == [post, get]


def test_a_server_in_trouble_is_tried_again_and_then_left() -> None:
    waited: list[float] = []
    with serving(503, 500) as server:
        assert called(server.url, waited=waited) == "callback answered 200"
        assert (len(server.asked), waited) == (3, [*WAITS_S])
    with serving(500, 500, 500, 200) as server:
        assert called(server.url) == "callback answered 500"
    assert "callback failed: ConnectionRefusedError" in called(server.url)


def test_a_redirect_is_not_followed() -> None:
    with serving(302) as server:
        assert called(server.url) == "callback answered 302"
        assert server.asked == ["POST /told/r-1"]


def test_an_answer_that_drips_is_cut_off() -> None:
    gone = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            for _ in range(1 + len(WAITS_S)):
                connected, _ = listening.accept()
                with connected:
                    try:
                        while not gone.wait(0.05):
                            connected.sendall(b"H")
                    except OSError:
                        pass

        thread = threading.Thread(target=drip)
        thread.start()
        told = called(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        gone.set()
        thread.join()
    assert "callback failed" in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://example.com/x", "CallbackUrl begins with https://"),
        ("ftp://example.com/x", "CallbackUrl begins with https://"),
        ("https://10.0.0.1/x", "inside a private network"),
        ("https://169.254.169.254/latest", "inside a private network"),
        ("https://[::1]/x", "inside a private network"),
        ("https://[::ffff:10.0.0.1]/x", "inside a private network"),
        ("https://[64:ff9b::a00:1]/x", "inside a private network"),
        ("http://localhost:8000/x", "inside a private network"),
        ("https://0.0.0.0/x", "inside a private network"),
        ("https://user:secret@example.com/", "no user and no fragment"),
        ("https://example.com/#x", "no user and no fragment"),
        ("https:///x", "has a host"),
        ("https://example.com:99999/", "is no address"),
        ("https://exämple.com/", "an ASCII address"),
        ("https://example.com/a\r\nHost: b", "an ASCII address"),
        ("https://example.com/" + "a" * 2000, "at most 2,000 characters"),
        ("", "CallbackUrl has a host"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(url: str, told: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        checked_url(Policy(), url)
    assert told in str(refused.value)


def test_where_private_addresses_are_allowed_those_of_the_machine_room_are_not() -> None:
    for url in ("http://localhost:1/x", "http://127.0.0.1/x", "https://10.0.0.1/x", "https://example.com/x"):
        assert checked_url(OPEN, url) == url
    for host in ("169.254.169.254", "224.0.0.1", "0.0.0.0", "fe80::1"):
        address = address_of(host)
        assert address is not None
        assert not may_be_reached(OPEN, address)


Found = list[tuple[int, int, int, str, tuple[str, int]]]


def resolving(*hosts: str) -> Callable[..., Found]:
    def getaddrinfo(host: str, port: int, **kind: object) -> Found:  # noqa: ARG001 stands for that of `socket`
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in hosts]

    return getaddrinfo


def test_a_name_that_leads_inside_is_refused_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    # One public address among them is not enough: which one is taken would be chance.
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.215.14", "10.0.0.1"))
    callback = Callback(report_id="r-1", url="https://example.com/x", method=Method.POST)
    told = call_back(Policy(), callback)
    assert told.startswith("callback refused: CallbackUrl leads to example.com, inside a private network")


def test_the_address_that_was_checked_is_the_one_called(monkeypatch: pytest.MonkeyPatch) -> None:
    # A name server may answer otherwise a second later: the name is asked for once.
    asked: list[str] = []

    def once(host: str, port: int, **kind: object) -> Found:
        asked.append(host)
        return resolving("127.0.0.1" if len(asked) == 1 else "10.0.0.1")(host, port, **kind)

    with serving() as server:
        monkeypatch.setattr(socket, "getaddrinfo", once)
        monkeypatch.setattr(socket, "create_connection", _by_address)
        assert called(f"http://rebound.example:{server.port}/told") == "callback answered 200"
        assert (asked, server.asked) == (["rebound.example"], ["POST /told/r-1"])


def _by_address(address: tuple[str, int], timeout: float) -> socket.socket:
    """Connect without looking any name up."""
    connected = socket.socket()
    connected.settimeout(timeout)
    connected.connect((str(address_of(address[0])), address[1]))
    return connected
