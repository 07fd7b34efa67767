"""Asks one company for one thing after the other: in turn, within its budget, by its rules."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from features.sources.web.addresses import is_public
from features.sources.web.page import Fetched
from features.sources.web.paths import cleaned, is_of, origin_of
from features.sources.web.plan import Plan
from features.sources.web.robots import Rules, read_rules

REDIRECTED = (301, 302, 303, 307, 308)
RETRIED = (429, 500, 502, 503, 504)
HOPS = 5
ORIGINS = 6
"""Hosts and schemes of one company that are asked at most."""
LONGEST_WAIT = 120.0
"""Seconds that an answer may ask us to wait; who asks for more is not asked again today."""
FAULTS: dict[type[Exception], str] = {
    CannotResolveHostError: "has no address",
    DownloadConnectionRefusedError: "refuses connections",
    DownloadTimeoutError: "does not answer in time",
    DownloadFailedError: "breaks off",
    ConnectionClosed: "breaks off",
    ConnectError: "cannot be connected to",
    ResponseDataLossError: "breaks off",
    DownloadCancelledError: "sends more than is read",
    IgnoreRequest: "unpacks to more than is read",
    UnsupportedURLSchemeError: "is asked for in a way that is not spoken",
}
TOO_MUCH = (DownloadCancelledError, IgnoreRequest)


class NoAnswer(Exception):
    """Why a site gave no answer that could be read."""


class OverBudget(Exception):
    """Which budget of a company is used up."""


class Elsewhere(Exception):
    """The site leads to another domain."""


@dataclass(slots=True)
class Asking:
    """The requests to one company: one at a time, none before its delay is over, none beyond its budget."""

    domain: str
    plan: Plan
    download: Callable[[Request], Awaitable[Response]]
    now: Callable[[], datetime]
    pages: int = 0
    bytes: int = 0
    delay: float = 0.0
    rules: dict[str, Rules] = field(default_factory=dict)
    _began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    _ready: float = 0.0

    def __post_init__(self) -> None:
        """Begin with the delay of the plan."""
        self.delay = self.plan.limits.delay

    @property
    def left(self) -> float:
        """Seconds that are left of the budget."""
        return self._began + self.plan.limits.seconds - asyncio.get_running_loop().time()

    async def ask(self, url: str, conditions: Mapping[str, str], *, counts: bool = True) -> Fetched:
        """Ask for an address until it answers or its retries are used up; redirects are not followed.

        Raises:
            NoAnswer: It gives no answer that can be read.
            OverBudget: The pages, the bytes or the time of the company are used up.
        """
        for attempt in range(self.plan.limits.retries + 1):
            self._check_budget(counts=counts)
            await self._turn()
            self.pages += counts
            fetched = await self._fetch(url, conditions)
            wait = self._wait(fetched, attempt)
            if fetched.status not in RETRIED or attempt == self.plan.limits.retries or wait > LONGEST_WAIT:
                break
            if wait > self.left:
                raise OverBudget("seconds")
            await asyncio.sleep(wait)
        return fetched

    def _check_budget(self, *, counts: bool) -> None:
        limits = self.plan.limits
        if counts and self.pages >= limits.pages:
            raise OverBudget("pages")
        if self.bytes >= limits.bytes:
            raise OverBudget("bytes")
        if self.left <= 0:
            raise OverBudget("seconds")

    async def _turn(self) -> None:
        """Wait until the delay since the end of the last answer is over."""
        wait = self._ready - asyncio.get_running_loop().time()
        if wait > self.left:
            raise OverBudget("seconds")
        if wait > 0:
            await asyncio.sleep(wait)

    async def _fetch(self, url: str, conditions: Mapping[str, str]) -> Fetched:
        limits = self.plan.limits
        largest = min(limits.page_bytes, max(1, limits.bytes - self.bytes))
        request = Request(
            url,
            headers=dict(conditions),
            meta={
                "download_timeout": max(0.1, min(limits.page_seconds, self.left)),
                "download_maxsize": largest,
                "download_slot": self.domain,
            },
        )
        try:
            response = await self.download(request)
        except tuple(FAULTS) as fault:
            if isinstance(fault, TOO_MUCH):
                self.bytes += largest
            told = next(told for kind, told in FAULTS.items() if isinstance(fault, kind))
            raise NoAnswer(told) from None
        finally:
            self._ready = asyncio.get_running_loop().time() + self.delay
        self.bytes += len(response.body)
        return self._answer(response, url)

    def _answer(self, response: Response, url: str) -> Fetched:
        address = response.ip_address
        if address is not None and not self.plan.network.private_allowed and not is_public(str(address)):
            raise NoAnswer("answers from a private address")
        headers = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        return Fetched(
            url=url,
            domain=self.domain,
            status=response.status,
            headers=headers,
            body=response.body,
            fetched_at=self.now(),
        )

    def _wait(self, fetched: Fetched, attempt: int) -> float:
        """Return the seconds to wait before asking again: those asked for, else twice as many each time."""
        told = fetched.header("retry-after").strip()
        asked = 0.0
        if told.isdigit() and len(told) < 9:
            asked = float(told)
        elif told:
            asked = _seconds_until(told, fetched.fetched_at)
        return max(asked, self.plan.limits.backoff * float(2**attempt))

    async def rules_of(self, origin: str) -> Rules:
        """Return what the robots.txt of an origin allows, asked for once; its delay holds for all origins.

        Raises:
            NoAnswer: The origin gives no answer, or the company has too many of them.
            Elsewhere: It leads to another domain.
            OverBudget: The company's budget is used up.
        """
        if origin not in self.rules:
            if len(self.rules) >= ORIGINS:
                raise NoAnswer("has too many hosts")
            self.rules[origin] = await self._rules(f"{origin}/robots.txt")
            self.delay = max(self.delay, self.rules[origin].delay)
            self._ready = max(self._ready, asyncio.get_running_loop().time() + self.delay)
        return self.rules[origin]

    async def _rules(self, url: str) -> Rules:
        for _ in range(HOPS + 1):
            fetched = await self.ask(url, {}, counts=False)
            if fetched.status not in REDIRECTED:
                return read_rules(fetched)
            url = self.target(fetched)
            known = self.rules.get(origin_of(url))
            if known is not None and url == f"{origin_of(url)}/robots.txt":
                return known
        return Rules(refusal="robots.txt leads in a circle")

    def target(self, fetched: Fetched) -> str:
        """Return where a redirect leads, within the company's domain.

        Raises:
            NoAnswer: It leads nowhere.
            Elsewhere: It leads to another domain.
        """
        url = cleaned(urljoin(fetched.url, fetched.header("location")))
        if not url or not fetched.header("location"):
            raise NoAnswer("redirects nowhere")
        if not is_of(url, self.domain):
            raise Elsewhere("redirects to another domain")
        return url


def _seconds_until(told: str, now: datetime) -> float:
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
