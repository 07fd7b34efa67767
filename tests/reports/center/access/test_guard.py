"""What stands before every answer: headers, hosts, and how much and how slowly may be sent."""

from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from reports.center.access.guard import LARGEST_BODY, Guard
from reports.center.app import create_app
from reports.center.center import Center
from tests.reports.center.signed import add_person, browser, program


@pytest.mark.parametrize(
    "path", ["/sign-in", "/account", "/nothing", "/insights/v1/mpn/nothing", "/static/center.css"]
)
def test_every_answer_carries_the_headers(center: Center, path: str) -> None:
    headers = browser(center).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
    assert "permissions-policy" in headers
    assert "strict-transport-security" not in headers


def test_under_https_browsers_are_told_to_stay_there(center: Center) -> None:
    center = replace(center, policy=replace(center.policy, base_url="https://ascent.example.com"))
    assert "max-age=31536000" in browser(center).get("/sign-in").headers["strict-transport-security"]


def test_only_static_files_are_kept_by_browsers(center: Center) -> None:
    client = browser(center, add_person(center, "ana"))
    assert client.get("/account").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/center.css?v=1").headers["cache-control"]
    assert "cache-control" not in client.get("/static/center.css").headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example:80@127.0.0.1", 200),
        ("[", 400),
        ("", 400),
    ],
)
def test_a_foreign_host_is_refused(center: Center, host: str, status: int) -> None:
    answer = browser(center).get("/sign-in", headers={"Host": host})
    assert answer.status_code == status
    assert "evil" not in answer.text


def test_a_public_centre_is_reached_by_its_name_alone(center: Center) -> None:
    client = browser(replace(center, policy=replace(center.policy, base_url="https://ascent.example.com")))
    assert client.get("/sign-in").status_code == 200
    assert client.get("/sign-in", headers={"Host": "localhost"}).status_code == 400


@pytest.mark.parametrize("is_told", [True, False])
def test_a_body_that_is_too_large_is_refused(center: Center, is_told: bool) -> None:
    client = browser(center, add_person(center, "ana"))
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        while sent <= LARGEST_BODY:
            sent += 1 << 20
            yield b"a" * (1 << 20)

    told = {"Content-Length": str(LARGEST_BODY + 1)} if is_told else {}
    content = b"a=" + b"a" * LARGEST_BODY if is_told else body()
    kind = {"Content-Type": "application/x-www-form-urlencoded", **told}
    answer = client.post("/account/language", content=content, headers=kind)
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert "That is too large" in answer.text


def test_a_body_that_does_not_come_is_refused(center: Center) -> None:
    sent: list[Message] = []

    async def slow() -> Message:
        if not sent:
            await anyio.sleep_forever()
        return {"type": "http.disconnect"}

    async def keep(message: Message) -> None:
        sent.append(message)

    guarded = Guard(create_app(center), center, seconds=0.01)
    anyio.run(guarded, _post("/sign-in"), slow, keep)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_an_answer_may_take_longer_than_a_body(center: Center) -> None:
    received: list[str] = []

    async def patient(_: Scope, receive: Receive, __: Send) -> None:
        received.append((await receive())["type"])
        with anyio.move_on_after(0.05):
            received.append((await receive())["type"])
        received.append("still there")

    calls = iter([{"type": "http.request", "body": b"a", "more_body": False}])

    async def receive() -> Message:
        for message in calls:
            return message
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError(message)

    anyio.run(Guard(patient, center, seconds=0.01), _post("/sign-in"), receive, send)
    assert received == ["http.request", "still there"]


def test_a_connection_is_kept_for_who_has_sent_all(center: Center) -> None:
    client = browser(center, add_person(center, "ana"))
    assert "connection" not in client.get("/sign-in").headers
    assert "connection" not in client.post("/account/language", data={"language": "tr"}).headers


def test_a_fault_of_ours_tells_nothing_of_itself(center: Center) -> None:
    app = create_app(center)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the secret")

    client = TestClient(app, base_url=center.policy.base_url, raise_server_exceptions=False)
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "the secret" not in answer.text
    assert "Something went wrong" in answer.text


def test_programs_are_refused_in_their_own_form(center: Center) -> None:
    answer = program(center, add_person(center, "ana")).get("/insights/v1/mpn/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


def _post(path: str) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", b"10"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
