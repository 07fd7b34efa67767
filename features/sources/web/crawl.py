"""The crawl of one share of the domains by scrapy, once in a process: its reactor cannot be started again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from features.sources.web.dns import CheckedAddresses, Resolver
from features.sources.web.harvest import Harvest
from features.sources.web.outcomes import Outcome, Visited
from features.sources.web.plan import Plan
from features.sources.web.share import by_bucket
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import State
from features.sources.web.visit import Desk, Visit

FLUSHED_EVERY = 1.0
"""Seconds after which what was read is kept, however little it is."""
LEFT_OUT = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats",
    "httpcache.HttpCacheMiddleware",
)
"""What scrapy does for single requests, where a visit does it for the whole company, or nobody should."""


def scrapy_settings(plan: Plan) -> dict[str, object]:
    """Return how scrapy is set for a plan."""
    limits = plan.limits
    return {
        "USER_AGENT": plan.agent,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": limits.page_seconds,
        "DOWNLOAD_MAXSIZE": limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.downloadermiddlewares.{name}": None for name in LEFT_OUT},
        "EXTENSIONS_BASE": {},
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xml;q=0.9,*/*;q=0.5"},
        "TELNETCONSOLE_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }


@dataclass(slots=True)
class Crawl:
    """The visits of a share, so many at once; `told` is called with the domains done and those there are."""

    plan: Plan
    tell: Callable[[Sequence[Passage]], Iterable[Signal]]
    now: Callable[[], datetime]
    told: Callable[[int, int], None]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    fault: BaseException | None = None

    async def run(self, download: Callable[[Request], Awaitable[Response]]) -> None:
        """Visit every domain of the share that was not visited today, until all are done or it is stopped."""
        from twisted.internet import reactor

        state, resolver = State(self.plan.state), Resolver(self.plan.network)
        reactor.installNameResolver(CheckedAddresses(resolver))
        desk = Desk(
            plan=self.plan,
            day=(day := self.now().date()),
            resolver=resolver,
            harvest=Harvest(state, day, self.tell),
            download=download,
            now=self.now,
        )
        try:
            await self._visit_all(desk)
        finally:
            desk.harvest.flush()
            state.close()

    async def _visit_all(self, desk: Desk) -> None:
        mine = [domain for domain in self.plan.domains if self.plan.share.has(domain)]
        waiting = chain.from_iterable(by_bucket(mine).values())
        count = iter(range(1, len(mine) + 1))

        async def visit_in_turn() -> None:
            for domain in waiting:
                if desk.harvest.state.visited(domain, desk.day) is None:
                    await _visit(domain, desk)
                self.told(next(count), len(mine))

        hosts = min(self.plan.limits.hosts_at_once, len(mine))
        visiting = [asyncio.ensure_future(visit_in_turn()) for _ in range(hosts)]
        all_done = asyncio.gather(*visiting)
        beside = (
            asyncio.ensure_future(_flush_forever(desk.harvest)),
            asyncio.ensure_future(self.stop.wait()),
        )
        await asyncio.wait((all_done, *beside), return_when=asyncio.FIRST_COMPLETED)
        for task in (*visiting, *beside):
            task.cancel()
        ended = await asyncio.gather(all_done, *visiting, *beside, return_exceptions=True)
        for fault in ended:
            if isinstance(fault, Exception):
                raise fault


async def _flush_forever(harvest: Harvest) -> None:
    while True:
        await asyncio.sleep(FLUSHED_EVERY)
        harvest.flush()


async def _visit(domain: str, desk: Desk) -> None:
    try:
        await Visit(domain, desk).run()
    except Exception:
        # Whatever one site brings out of us must not end the visits to others: the log has the traceback.
        logging.getLogger(__name__).exception("The visit to %s failed", domain)
        failed = Visited(
            domain=domain, outcome=Outcome.FAILED, reason="a fault of the collector, see the log"
        )
        desk.harvest.add_visit(failed, (), complete=False)


class Companies(Spider):
    """The one spider: it runs the visits of a crawl, each of which asks scrapy's downloader."""

    name = "companies"

    def __init__(self, crawl: Crawl) -> None:
        """Take the crawl to run."""
        super().__init__()
        self.crawl = crawl

    async def start(self) -> AsyncIterator[object]:
        """Run the crawl; nothing is left for scrapy to schedule."""
        try:
            await self.crawl.run(self.crawler.engine.download_async)
        except Exception as fault:
            self.crawl.fault = fault
        nothing: tuple[object, ...] = ()
        for one in nothing:
            yield one


def run_crawl(crawl: Crawl, begun: Callable[[asyncio.AbstractEventLoop], None]) -> None:
    """Run a crawl to its end, once in a process; `begun` is called with the event loop first.

    Raises:
        CallRefused: what is kept of earlier collections cannot be read, or another collection works on it.
    """
    process = CrawlerProcess(scrapy_settings(crawl.plan))
    process.crawl(Companies, crawl=crawl)
    asyncio.get_event_loop().call_soon(begun, asyncio.get_event_loop())
    process.start(install_signal_handlers=False)
    if crawl.fault is not None:
        raise crawl.fault
