import asyncio
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response

from features.sources.web.fetch import Asking, Elsewhere, NoAnswer, OverBudget
from features.sources.web.plan import Limits, Network, Plan
from tests.features.sources.web.internet.clock import Clock

T = TypeVar("T")
LIMITS = Limits(delay=1.0, pages=5, bytes=1000, seconds=100.0, page_bytes=400, page_seconds=10.0, backoff=2.0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time goes on when all there is to do is to wait, and then at once."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def time(self) -> float:
        return self.ahead

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.ahead = max(self.ahead, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class Server:
    """Answers requests from a list, by address or in turn, and notes when each came."""

    def __init__(self, *answers: Response | Exception, **by_path: Response) -> None:
        self.answers, self.by_path = list(answers), by_path
        self.asked: list[tuple[str, float]] = []
        self.requests: list[Request] = []

    async def __call__(self, request: Request) -> Response:
        self.asked.append((request.url, asyncio.get_running_loop().time()))
        self.requests.append(request)
        name = request.url.rpartition("/")[2].replace(".", "_")
        answer = self.by_path[name] if name in self.by_path else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def times(self) -> list[float]:
        return [when for _, when in self.asked]


def answer(
    status: int = 200,
    body: bytes = b"x",
    headers: Mapping[str, str] | None = None,
    address: str | None = None,
) -> Response:
    return Response(
        "http://x.com/",
        status=status,
        body=body,
        headers=dict(headers or {}),
        ip_address=None if address is None else ip_address(address),
    )


def ask(
    server: Server, work: Callable[[Asking], Awaitable[T]], *, limits: Limits = LIMITS, private: bool = True
) -> T:
    async def run() -> T:
        plan = Plan(
            domains=("x.com",),
            folder=Path("nowhere"),
            contact="c",
            limits=limits,
            network=Network(private_allowed=private),
        )
        return await work(Asking("x.com", plan, server, Clock()))

    loop = VirtualLoop()
    try:
        return loop.run_until_complete(run())
    finally:
        loop.close()


async def three_times(asking: Asking) -> int:
    for _ in range(3):
        await asking.ask("http://x.com/a", {})
    return asking.pages


def test_between_two_requests_lies_the_delay() -> None:
    server = Server(answer(), answer(), answer())
    assert ask(server, three_times) == 3
    assert server.times == [0.0, 1.0, 2.0]


def test_a_longer_delay_of_the_rules_holds_and_a_shorter_one_does_not() -> None:
    async def work(asking: Asking) -> None:
        await asking.rules_of("http://x.com")
        await asking.rules_of("http://blog.x.com")
        await three_times(asking)

    for told, times in (("3", [0.0, 3.0, 6.0, 9.0, 12.0]), ("0.1", [0.0, 1.0, 2.0, 3.0, 4.0])):
        robots = answer(body=f"User-agent: *\nCrawl-delay: {told}".encode())
        server = Server(answer(), answer(), answer(), robots_txt=robots)
        ask(server, work)
        assert server.times == times


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, [0.0, 2.0, 6.0]),
        ({"Retry-After": "7"}, [0.0, 7.0, 14.0]),
        ({"Retry-After": "1"}, [0.0, 2.0, 6.0]),
        ({"Retry-After": "Sat, 28 Nov 2026 12:00:30 GMT"}, [0.0, 30.0, 60.0]),
        ({"Retry-After": "some time"}, [0.0, 2.0, 6.0]),
    ],
)
def test_a_failing_answer_is_asked_for_again_later_and_later(
    headers: Mapping[str, str], waits: list[float]
) -> None:
    server = Server(*(answer(503, headers=headers) for _ in range(3)))
    assert ask(server, lambda asking: asking.ask("http://x.com/a", {})).status == 503
    assert server.times == waits


def test_who_asks_for_a_day_of_patience_is_not_asked_again() -> None:
    server = Server(answer(429, headers={"Retry-After": "86400"}))
    assert ask(server, lambda asking: asking.ask("http://x.com/a", {})).status == 429


def test_an_answer_ends_the_retries() -> None:
    server = Server(answer(500), answer(200))
    assert ask(server, lambda asking: asking.ask("http://x.com/a", {})).status == 200


@pytest.mark.parametrize(
    ("limits", "which"),
    [
        (Limits(delay=0.0, pages=2), "pages"),
        (Limits(delay=0.0, bytes=2), "bytes"),
        (Limits(delay=60.0, seconds=100.0), "seconds"),
    ],
)
def test_beyond_a_budget_nothing_is_asked(limits: Limits, which: str) -> None:
    server = Server(*(answer() for _ in range(9)))
    with pytest.raises(OverBudget, match=which):
        ask(server, three_times, limits=limits)
    assert len(server.asked) == 2


def test_an_answer_may_take_and_be_what_is_left_of_the_budget() -> None:
    server = Server(answer(body=b"y" * 700), answer(body=b""))

    async def work(asking: Asking) -> None:
        await asking.ask("http://x.com/a", {})
        await asyncio.sleep(94)
        await asking.ask("http://x.com/b", {})

    ask(server, work)
    first, second = (request.meta for request in server.requests)
    assert (first["download_maxsize"], first["download_timeout"]) == (400, 10.0)
    assert (second["download_maxsize"], second["download_timeout"]) == (300, 6.0)


def test_what_was_cut_off_counts_as_read() -> None:
    async def work(asking: Asking) -> int:
        with pytest.raises(NoAnswer, match="more than is read"):
            await asking.ask("http://x.com/a", {})
        return asking.bytes

    assert ask(Server(DownloadCancelledError()), work) == 400


def test_a_slow_answer_is_none() -> None:
    with pytest.raises(NoAnswer, match="in time"):
        ask(Server(DownloadTimeoutError()), lambda asking: asking.ask("http://x.com/a", {}))


def test_an_answer_from_a_private_address_is_none_unless_allowed() -> None:
    def work(asking: Asking) -> Awaitable[object]:
        return asking.ask("http://x.com/a", {})

    with pytest.raises(NoAnswer, match="private address"):
        ask(Server(answer(address="127.0.0.1")), work, private=False)
    ask(Server(answer(address="127.0.0.1")), work, private=True)
    ask(Server(answer(address="93.184.216.34")), work, private=False)


def test_rules_are_asked_for_once_an_origin_and_cost_no_page() -> None:
    async def work(asking: Asking) -> int:
        for origin in ("http://x.com", "http://x.com", "http://blog.x.com"):
            await asking.rules_of(origin)
        return asking.pages

    server = Server(robots_txt=answer(404))
    assert ask(server, work) == 0
    assert [url for url, _ in server.asked] == ["http://x.com/robots.txt", "http://blog.x.com/robots.txt"]


def test_a_company_has_few_origins() -> None:
    async def work(asking: Asking) -> None:
        for number in range(20):
            await asking.rules_of(f"http://host{number}.x.com")

    server = Server(robots_txt=answer(404))
    with pytest.raises(NoAnswer, match="too many hosts"):
        ask(server, work)
    assert len(server.asked) == 6


def test_rules_are_followed_within_the_domain_and_no_further() -> None:
    def moved(to: str) -> Response:
        return answer(301, headers={"Location": to})

    def of(server: Server) -> object:
        return ask(server, lambda asking: asking.rules_of("http://x.com"))

    found = of(Server(moved("http://www.x.com/robots.txt"), answer(body=b"User-agent: *\nDisallow: /a")))
    assert not found.allows("http://x.com/a")  # type: ignore[attr-defined]
    with pytest.raises(Elsewhere):
        of(Server(moved("http://y.com/robots.txt")))
    with pytest.raises(NoAnswer, match="nowhere"):
        of(Server(answer(301)))
    circle = of(Server(*(moved(f"http://x.com/{n}") for n in range(9))))
    assert "circle" in circle.refusal  # type: ignore[attr-defined]
