import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from features.sources.web.dns import CheckedAddresses, NoAddress, NoNameserver, Resolver
from features.sources.web.outcomes import Outcome
from features.sources.web.plan import Network
from tests.features.sources.web.internet.servers import Internet, serving
from tests.features.sources.web.internet.site import Site

T = TypeVar("T")


def site(domain: str, *records: tuple[str, str, str], is_silent: bool = False, exists: bool = True) -> Site:
    return Site(
        domain=domain,
        shows="what its DNS tells",
        outcome=Outcome.UNREACHABLE,
        records=records,
        is_silent=is_silent,
        has_address=exists,
    )


SITES = (
    site("local.com"),
    site("public.com", ("", "A", "93.184.216.34"), ("", "A", "93.184.216.35")),
    site("mixed.com", ("", "A", "93.184.216.34"), ("", "A", "10.0.0.1")),
    site("six.com", ("", "AAAA", "2606:2800:220:1::1"), ("v4", "A", "93.184.216.34"), exists=False),
    site("nowhere.com", exists=False),
    site("mute.com", is_silent=True),
    site(
        "told.com",
        ("", "MX", "10 MX.Told.com."),
        ("", "TXT", '"one " "text"'),
        ("", "TXT", '"\\195\\164\\255"'),
        ("", "NS", "ns1.told.com."),
        ("autodiscover", "CNAME", "autodiscover.outlook.com."),
        ("selector1._domainkey", "CNAME", "selector1.told.onmicrosoft.com."),
    ),
)


@pytest.fixture(scope="module")
def internet() -> Iterator[Internet]:
    with serving(SITES) as there:
        yield there


def ask(
    internet: Internet,
    work: Callable[[Resolver], Awaitable[T]],
    *,
    private: bool = False,
    seconds: float = 5.0,
) -> T:
    network = Network(
        nameserver=f"127.0.0.1:{internet.dns_port}",
        private_allowed=private,
        ports=((80, 8080),),
        dns_seconds=seconds,
    )

    async def run() -> T:
        return await work(Resolver(network))

    return asyncio.run(run())


def addresses(
    internet: Internet, host: str, *, private: bool = False, seconds: float = 5.0
) -> tuple[str, ...]:
    return ask(internet, lambda resolver: resolver.addresses(host), private=private, seconds=seconds)


def test_public_addresses_are_told_of_either_kind(internet: Internet) -> None:
    assert addresses(internet, "public.com") == ("93.184.216.34", "93.184.216.35")
    assert addresses(internet, "six.com") == ("2606:2800:220:1::1",)


@pytest.mark.parametrize("host", ["local.com", "mixed.com"])
def test_a_host_with_a_private_address_is_refused_unless_allowed(internet: Internet, host: str) -> None:
    with pytest.raises(NoAddress, match="private address"):
        addresses(internet, host)
    assert addresses(internet, host, private=True)


def test_a_name_that_is_not_there_has_no_address(internet: Internet) -> None:
    with pytest.raises(NoAddress, match="no address in the DNS"):
        addresses(internet, "nowhere.com")


def test_a_nameserver_that_is_silent_says_nothing_of_the_host(internet: Internet) -> None:
    with pytest.raises(NoNameserver, match="cannot be asked"):
        addresses(internet, "mute.com", seconds=0.2)


def test_an_address_is_asked_for_once(internet: Internet) -> None:
    async def twice(resolver: Resolver) -> None:
        before = len(internet.questions)
        for _ in range(2):
            await resolver.addresses("public.com")
        assert len(internet.questions) == before + 1

    ask(internet, twice)


def test_records_are_told_in_one_form_with_aliases_and_without_what_is_not_there(internet: Internet) -> None:
    records = ask(internet, lambda resolver: resolver.records("told.com"))
    assert {(one.name, one.kind, one.value) for one in records if one.kind != "A"} == {
        ("told.com", "MX", "mx.told.com"),
        ("told.com", "TXT", "one text"),
        ("told.com", "TXT", "ä\ufffd"),
        ("told.com", "NS", "ns1.told.com"),
        ("autodiscover.told.com", "CNAME", "autodiscover.outlook.com"),
        ("selector1._domainkey.told.com", "CNAME", "selector1.told.onmicrosoft.com"),
    }
    assert {one.domain for one in records} == {"told.com"}


def test_of_a_domain_that_is_not_there_no_keys_are_asked_for(internet: Internet) -> None:
    before = len(internet.questions)
    assert ask(internet, lambda resolver: resolver.records("nowhere.com")) == ()
    asked = internet.questions[before:]
    assert [question for question in asked if "._domainkey." in question] == []


@dataclass(slots=True)
class Receiver:
    """What the reactor is told."""

    found: list[object] = field(default_factory=list)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802 - the name that the resolver calls
        self.found.append(getattr(resolution, "name", None))

    def addressResolved(self, address: object) -> None:  # noqa: N802
        self.found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete.set()


def connected_to(internet: Internet, host: str, port: int) -> list[object]:
    async def work(resolver: Resolver) -> list[object]:
        receiver = Receiver()
        CheckedAddresses(resolver).resolveHostName(receiver, host, port)  # type: ignore[arg-type]
        await asyncio.wait_for(receiver.complete.wait(), 30)
        return receiver.found[1:]

    return ask(internet, work)


def test_the_reactor_is_given_the_addresses_that_were_checked_and_the_port_to_use(internet: Internet) -> None:
    assert connected_to(internet, "public.com", 80) == [
        IPv4Address("TCP", "93.184.216.34", 8080),
        IPv4Address("TCP", "93.184.216.35", 8080),
    ]
    assert connected_to(internet, "six.com", 443) == [IPv6Address("TCP", "2606:2800:220:1::1", 443)]


@pytest.mark.parametrize("host", ["local.com", "mixed.com", "nowhere.com", "127.0.0.1", "::1", "localhost"])
def test_the_reactor_is_given_nothing_that_may_not_be_connected_to(internet: Internet, host: str) -> None:
    assert connected_to(internet, host, 80) == []
