"""What the DNS tells: where a host is, refused where it may not be reached, and the records of a domain."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from features.sources.web.addresses import is_public
from features.sources.web.fingerprints import ALIASES, NAMES, NOBODY, SELECTORS
from features.sources.web.page import Record
from features.sources.web.plan import Network

ASKED: tuple[tuple[str, str], ...] = (
    *(("", kind) for kind in ("A", "MX", "TXT", "NS")),
    # Who asks where a name is, or what it says, is told of its alias as well.
    *((name, "A") for name in dict.fromkeys((*ALIASES, *NAMES, NOBODY))),
)
"""The names under a domain that are asked for, and the kinds of record."""
KEYS = "_domainkey"
"""The name under which the keys of mail are, by selectors; where it is not, none of them is."""
REMEMBERED = 10_000
QUESTIONS_AT_ONCE = 100
TRIES = 3
"""How often a question is asked until its time is over: a packet may be lost."""


class NoAddress(Exception):
    """Why a host has no address that may be connected to."""


class NoNameserver(NoAddress):
    """The DNS itself does not answer, so that nothing is known of the host."""


@dataclass(slots=True)
class Resolver:
    """Asks the nameserver; remembers the addresses of hosts for the length of a crawl."""

    network: Network
    _asks: dns.asyncresolver.Resolver = field(init=False)
    _found: OrderedDict[str, tuple[str, ...]] = field(init=False, default_factory=OrderedDict)
    _turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Choose the nameserver."""
        told = self.network.nameserver
        self._asks = dns.asyncresolver.Resolver(configure=not told)
        if told:
            address, _, port = told.rpartition(":")
            self._asks.nameservers = [address.strip("[]")]
            self._asks.port = int(port)
        self._asks.lifetime = self.network.dns_seconds
        self._asks.timeout = self.network.dns_seconds / TRIES
        self._turn = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a host that may be connected to, never none.

        Raises:
            NoAddress: The host has none, the DNS fails, or one of them lies in a private network.
        """
        if host not in self._found:
            self._found[host] = await self._addresses(host)
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return self._found[host]

    async def _addresses(self, host: str) -> tuple[str, ...]:
        found: list[str] = []
        for kind in ("A", "AAAA"):
            records = await self._records(host, kind)
            found = [value for told, value in records or () if told == kind]
            if found or records is None:
                break
        if not found:
            raise NoAddress("has no address in the DNS")
        # One private address among public ones is as suspicious as none but private ones.
        if not self.network.private_allowed and not all(map(is_public, found)):
            raise NoAddress("leads to a private address")
        return tuple(sorted(found))

    async def _records(self, name: str, kind: str) -> tuple[tuple[str, str], ...] | None:
        """Return kind and value of what is told of a name, its alias included; None where it is not."""
        try:
            async with self._turn:
                answer = await self._asks.resolve(name, kind, raise_on_no_answer=False, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return None
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise NoNameserver(f"cannot be asked for in the DNS ({type(error).__name__})") from None
        return tuple(
            (told, _value(rdata, told))
            for rrset in answer.response.answer
            if (told := dns.rdatatype.to_text(rrset.rdtype)) == kind
            or (told == "CNAME" and rrset.name == answer.qname)
            for rdata in rrset
        )

    async def records(self, domain: str) -> tuple[Record, ...]:
        """Return what the DNS tells of a domain, in the order asked; what fails is left out."""
        asked = [(f"{name}.{domain}" if name else domain, kind) for name, kind in ASKED]
        if await self._exists(f"{KEYS}.{domain}"):
            asked += [(f"{selector}.{KEYS}.{domain}", "TXT") for selector in SELECTORS]
        answers = await asyncio.gather(*(self._told(name, kind) for name, kind in asked))
        return tuple(
            Record(domain=domain, name=name, kind=kind, value=value)
            for (name, _), told in zip(asked, answers, strict=True)
            for kind, value in sorted(told)
        )

    async def _exists(self, name: str) -> bool:
        try:
            return await self._records(name, "TXT") is not None
        except NoAddress:
            return False

    async def _told(self, name: str, kind: str) -> tuple[tuple[str, str], ...]:
        try:
            return await self._records(name, kind) or ()
        except NoAddress:
            return ()


def _value(rdata: object, kind: str) -> str:
    if kind == "TXT":
        return b"".join(rdata.strings).decode("utf-8", errors="replace")  # type: ignore[attr-defined]
    if kind in ("A", "AAAA"):
        return str(rdata.address)  # type: ignore[attr-defined]
    name = rdata.exchange if kind == "MX" else rdata.target  # type: ignore[attr-defined]
    return str(name).rstrip(".").lower()


@implementer(IHostResolution)
@dataclass(frozen=True, slots=True)
class _Resolution:
    name: str

    def cancel(self) -> None:
        """Let the question run out by itself."""


@implementer(IHostnameResolver)
@dataclass(slots=True)
class CheckedAddresses:
    """Gives the reactor the addresses to connect to: those that were checked, not looked up again."""

    resolver: Resolver
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def resolveHostName(  # noqa: N802 - the name that the reactor calls
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803 - twisted names it
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803, ARG002
        transportSemantics: str = "TCP",  # noqa: N803, ARG002
    ) -> IHostResolution:
        """Tell the receiver the addresses of a host; none where it may not be connected to."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)  # type: ignore[call-arg, misc]
        task = asyncio.ensure_future(self._tell(resolutionReceiver, hostName, portNumber))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return resolution  # type: ignore[return-value]

    async def _tell(self, receiver: IResolutionReceiver, host: str, port: int) -> None:
        port = dict(self.resolver.network.ports).get(port, port)
        try:
            for address in await self.resolver.addresses(host):
                kind = IPv6Address if ":" in address else IPv4Address
                receiver.addressResolved(kind("TCP", address, port))  # type: ignore[call-arg, misc]
        except NoAddress:
            # Without an address the connection fails, as it does where a host is unknown.
            pass
        finally:
            receiver.resolutionComplete()  # type: ignore[misc]
