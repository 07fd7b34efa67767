"""One company, from its DNS records to the last page that its budget allows."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from scrapy import Request
from scrapy.http import Response

from features.sources.web.detect import Sighting, technologies_of
from features.sources.web.dns import NoAddress, NoNameserver, Resolver
from features.sources.web.feeds import read_feed
from features.sources.web.fetch import HOPS, REDIRECTED, Asking, Elsewhere, NoAnswer, OverBudget
from features.sources.web.frontier import Frontier
from features.sources.web.harvest import REREAD_AFTER, Harvest
from features.sources.web.kept import KnownPage, Technology
from features.sources.web.outcomes import Outcome, Visited
from features.sources.web.page import Fetched
from features.sources.web.passages import passage_of_entry, passages_of
from features.sources.web.paths import Errand, Place, cleaned, is_of, origin_of, place_of
from features.sources.web.plan import Plan
from features.sources.web.read import Page, read_page
from features.sources.web.robots import wishes_of
from features.sources.web.signals import Passage
from features.sources.web.sitemaps import read_sitemap

ENTRIES = frozenset((Place.JOB, Place.RELEASE, Place.NEWS_ITEM, Place.POST))
"""Places that are read once and then left alone for a while; lists are looked at again each day."""
PUBLISHING = frozenset((Place.FEED, Place.NEWS, Place.RELEASE, Place.NEWS_ITEM, Place.BLOG, Place.POST))
"""Places by which a home page tells where its company publishes."""
USUAL_FEEDS = ("/feed", "/rss.xml", "/atom.xml")
USUAL_SITEMAP = "/sitemap.xml"
MISSING = (404, 410)
LONGEST_TAG = 200
NEVER = date.min
FEED_ENTRIES, SITEMAP_ENTRIES, SITEMAPS, SITEMAPS_DEEP = 20, 40, 5, 2


@dataclass(frozen=True, slots=True)
class Desk:
    """What the visits of a crawl share."""

    plan: Plan
    day: date
    resolver: Resolver
    harvest: Harvest
    download: Callable[[Request], Awaitable[Response]]
    now: Callable[[], datetime]


@dataclass(slots=True)
class Visit:
    """A visit to one company: what is still to be asked for, and what was found so far."""

    domain: str
    desk: Desk
    asking: Asking = field(init=False)
    frontier: Frontier = field(init=False)
    read: int = 0
    unchanged: int = 0
    unreadable: int = 0
    forbidden: int = 0
    fault: str = ""
    is_nameless: bool = False
    """The DNS does not answer questions about the company."""

    def __post_init__(self) -> None:
        """Begin with nothing to ask for."""
        plan = self.desk.plan
        self.asking = Asking(self.domain, plan, self.desk.download, self.desk.now)
        self.frontier = Frontier(self.domain, plan.limits.depth)

    async def run(self) -> Visited:
        """Visit the company and hand over what it came to."""
        outcome, reason = await self._outcome()
        records = () if self.is_nameless else await self.desk.resolver.records(self.domain)
        visited = Visited(
            domain=self.domain,
            outcome=outcome,
            reason=reason,
            pages=self.asking.pages,
            bytes=self.asking.bytes,
            unchanged=self.unchanged,
            unreadable=self.unreadable,
        )
        # The home page and lists come first: whose pages are too many to read shows what it has even so.
        complete = outcome in (Outcome.COLLECTED, Outcome.UNCHANGED) or reason == "pages"
        self.desk.harvest.add_visit(visited, _sighted(technologies_of((), records)), complete=complete)
        return visited

    async def _outcome(self) -> tuple[Outcome, str]:
        try:
            await self._begin()
            while (errand := self.frontier.pop()) is not None:
                await self._do(errand)
        except OverBudget as over:
            return Outcome.OVER_BUDGET, str(over)
        except Elsewhere as elsewhere:
            return Outcome.ELSEWHERE, str(elsewhere)
        except NoAnswer as fault:
            return Outcome.UNREACHABLE, str(fault)
        if self.read:
            return Outcome.COLLECTED, ""
        if self.unchanged:
            return Outcome.UNCHANGED, ""
        if self.forbidden:
            refusals = sorted({rules.refusal for rules in self.asking.rules.values() if rules.refusal})
            return Outcome.REFUSED, refusals[0] if refusals else "robots.txt forbids what there is to read"
        return Outcome.UNREACHABLE, self.fault or "shows no page"

    async def _begin(self) -> None:
        """Find where the company's site is, and let its home page wait for its turn.

        Raises:
            NoAnswer: It is nowhere.
            Elsewhere: Its robots.txt leads to another domain.
        """
        fault = ""
        for host in (self.domain, f"www.{self.domain}"):
            try:
                await self.desk.resolver.addresses(host)
            except NoNameserver as error:
                self.is_nameless = True
                raise NoAnswer(str(error)) from None
            except NoAddress as error:
                fault = fault or str(error)
                continue
            for scheme in ("https", "http"):
                try:
                    rules = await self.asking.rules_of(f"{scheme}://{host}")
                except NoAnswer as error:
                    fault = str(error)
                    continue
                self._expect(f"{scheme}://{host}/", Place.HOME)
                for url in rules.sitemaps:
                    self._expect(url, Place.SITEMAP)
                return
        raise NoAnswer(fault)

    def _expect(self, url: str, place: Place, *, depth: int = 0) -> None:
        self.frontier.push(Errand(url=cleaned(url), place=place, depth=depth))

    async def _do(self, errand: Errand) -> None:
        """Ask for an address, unless it was answered lately, and read the answer."""
        known = self.desk.harvest.state.page(self.domain, errand.url)
        if known is not None and self._is_fresh(known, errand.place):
            self._again(known)
            return
        try:
            if not (await self.asking.rules_of(origin_of(errand.url))).allows(errand.url):
                self.forbidden += 1
                return
            fetched = await self.asking.ask(errand.url, known.conditions if known is not None else {})
            if fetched.status in REDIRECTED:
                self._follow(errand, self.asking.target(fetched))
                return
        except (NoAnswer, Elsewhere) as fault:
            if errand.place is Place.HOME:
                raise
            self.fault = self.fault or str(fault)
            return
        self._take(errand, fetched, known)

    def _is_fresh(self, known: KnownPage, place: Place) -> bool:
        age = self.desk.day - known.seen_on
        return not age or (age < REREAD_AFTER and (place in ENTRIES or not known.digest))

    def _again(self, known: KnownPage) -> None:
        """Count a page that was asked for earlier today as if it were asked for now, and follow it."""
        if known.seen_on == self.desk.day:
            self.asking.pages += 1
            self.asking.bytes += known.size
        if known.changed_on == self.desk.day:
            self.read += 1
        elif known.digest:
            self.unchanged += 1
        self.frontier.extend(known.errands)

    def _follow(self, errand: Errand, url: str) -> None:
        if errand.hops >= HOPS or not self.frontier.push(replace(errand, url=url, hops=errand.hops + 1)):
            self.fault = self.fault or "redirects to where it was asked before"

    def _take(self, errand: Errand, fetched: Fetched, known: KnownPage | None) -> None:
        digest = hashlib.sha256(fetched.body).hexdigest()[:32]
        if known is not None and (
            fetched.status == 304 or (fetched.status == 200 and digest == known.digest)
        ):
            self.unchanged += 1
            self.frontier.extend(known.errands)
            self.desk.harvest.add_page(replace(known, seen_on=self.desk.day, size=len(fetched.body)), ())
        elif fetched.status == 200:
            self._read(errand, fetched, digest)
        elif fetched.status in MISSING and errand.place is not Place.HOME:
            self.desk.harvest.add_page(self._known(errand, fetched), ())
        else:
            self.fault = self.fault or f"answers {fetched.status}"
            if errand.place is Place.HOME and fetched.status >= 500:
                raise NoAnswer(self.fault)

    def _known(self, errand: Errand, fetched: Fetched) -> KnownPage:
        """Return what is kept of a page at first: that there is none."""
        return KnownPage(
            url=errand.url,
            domain=self.domain,
            seen_on=self.desk.day,
            changed_on=NEVER,
            size=len(fetched.body),
            etag=_short(fetched.header("etag")),
            modified=_short(fetched.header("last-modified")),
        )

    def _read(self, errand: Errand, fetched: Fetched, digest: str) -> None:
        technologies: tuple[Technology, ...] = ()
        passages: tuple[Passage, ...] = ()
        if errand.place is Place.FEED:
            errands, passages = self._of_feed(errand, fetched)
        elif errand.place is Place.SITEMAP:
            errands = tuple(self._of_sitemap(errand, fetched))
        else:
            page = read_page(fetched)
            self.unreadable += bool(page.unreadable)
            wishes = wishes_of(fetched)
            errands = () if wishes.nofollow else tuple(self._of_page(errand, page))
            if errand.place is Place.HOME and not page.unreadable:
                errands += self._usual(errands, page)
            passages = () if wishes.noindex else passages_of(page, errand)
            technologies = _sighted(technologies_of((page,), ()))
        self.read += 1
        self.frontier.extend(errands)
        known = replace(
            self._known(errand, fetched),
            changed_on=self.desk.day,
            digest=digest,
            errands=errands,
            technologies=technologies,
        )
        self.desk.harvest.add_page(known, passages)

    def _of_page(self, errand: Errand, page: Page) -> Iterator[Errand]:
        if page.is_sign_in or page.unreadable:
            return
        depth = errand.depth + 1
        for feed in page.feeds:
            yield Errand(url=cleaned(feed), place=Place.FEED, depth=depth)
        for link in page.links:
            url = cleaned(link.url)
            place = place_of(url, link.kind)
            if place is not None:
                yield Errand(url=url, place=place, depth=depth)

    def _usual(self, found: Iterable[Errand], page: Page) -> tuple[Errand, ...]:
        """Return where feeds and a sitemap usually are: asked where nothing tells what is published where."""
        is_told = any(errand.place in PUBLISHING for errand in found)
        if is_told or any(rules.sitemaps for rules in self.asking.rules.values()):
            return ()
        return tuple(
            Errand(url=f"{origin_of(page.url)}{path}", place=place, depth=1)
            for place, paths in ((Place.FEED, USUAL_FEEDS), (Place.SITEMAP, (USUAL_SITEMAP,)))
            for path in paths
        )

    def _of_feed(self, errand: Errand, fetched: Fetched) -> tuple[tuple[Errand, ...], tuple[Passage, ...]]:
        """Return the entries whose pages are asked for, and what the feed says of those whose are not."""
        errands, passages = [], []
        for entry in read_feed(fetched).entries[:FEED_ENTRIES]:
            url = cleaned(entry.url)
            if not is_of(url, self.domain):
                passages.append(passage_of_entry(entry, url=url or errand.url, feed=fetched))
                continue
            place = place_of(url)
            errands.append(
                Errand(
                    url=url,
                    place=place if place is not None and place in ENTRIES else Place.POST,
                    depth=errand.depth + 1,
                    published_at=entry.published_at,
                    title=entry.title,
                )
            )
        return tuple(errands), tuple(passages)

    def _of_sitemap(self, errand: Errand, fetched: Fetched) -> Iterator[Errand]:
        named = read_sitemap(fetched, largest=self.desk.plan.limits.page_bytes)
        newest = sorted(named, key=lambda one: -one.changed_at.timestamp() if one.changed_at else 0.0)
        further = [one for one in newest if one.is_sitemap][:SITEMAPS] if errand.depth < SITEMAPS_DEEP else []
        pages = [(url, place_of(url)) for url in (cleaned(one.url) for one in newest if not one.is_sitemap)]
        for one in further:
            yield Errand(url=cleaned(one.url), place=Place.SITEMAP, depth=errand.depth + 1)
        for url, place in [(url, place) for url, place in pages if place][:SITEMAP_ENTRIES]:
            yield Errand(url=url, place=place, depth=errand.depth + 1)


def _short(told: str) -> str:
    """Return a header that is sent back, nothing where it is longer than any that was meant well."""
    return told if len(told) <= LONGEST_TAG and told.isprintable() else ""


def _sighted(sightings: Iterable[Sighting]) -> tuple[Technology, ...]:
    return tuple(sorted({Technology(one.name, one.vendor, one.category) for one in sightings}))
