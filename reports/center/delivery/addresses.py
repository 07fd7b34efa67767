"""Which addresses a callback may reach: never one inside our own network, unless the operator allows it."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from reports.center.center import Policy
from reports.center.delivery.refusals import DeliveryRefused
from reports.center.delivery.tokens import shown

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_URL = 2000
EXAMPLE = "https://example.com/ascent"
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses told as IPv6 ones (RFC 6052)."""


def checked_url(policy: Policy, url: str) -> str:
    """Return a callback's URL if it may be one; where its name leads to is checked when it is called.

    Raises:
        DeliveryRefused: it is not https (or loopback, where private addresses are allowed), or not an address
            that may be reached.
    """
    parts = _split(url)
    host = parts.hostname or ""
    literal = address_of(host)
    is_loopback = host == "localhost" or (literal is not None and literal.is_loopback)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback):
        raise DeliveryRefused(
            f"CallbackUrl begins with https://, as in {EXAMPLE}, or leads to this machine; got {shown(url)}."
        )
    if is_loopback and not policy.allows_private_callbacks:
        raise _private(host)
    if literal is not None and not may_be_reached(policy, literal):
        raise _private(host)
    return url


def resolve(policy: Policy, host: str, port: int) -> Address:
    """Return the address of a host, which alone may then be connected to.

    Raises:
        DeliveryRefused: the name is unknown, or one of its addresses may not be reached.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise DeliveryRefused(f"CallbackUrl: the name {host} is not known: {fault}.") from fault
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not all(may_be_reached(policy, one) for one in addresses):
        raise _private(host)
    return addresses[0]


def may_be_reached(policy: Policy, address: Address) -> bool:
    """Tell whether a callback may go to an address: a public one, or a private one where that is allowed."""
    address = _inner(address)
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    return address.is_global or (
        policy.allows_private_callbacks and (address.is_private or address.is_loopback)
    )


def address_of(host: str) -> Address | None:
    """Return the address that a host is written as; None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _inner(address: Address) -> Address:
    """Return the IPv4 address inside an IPv6 one, where a gateway would send it there."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise DeliveryRefused(
            f"CallbackUrl is an ASCII address of at most {LONGEST_URL:,} characters without blanks, as in"
            f" {EXAMPLE}; got {shown(url)}."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise DeliveryRefused(f"CallbackUrl is no address: {fault}; got {shown(url)}.") from fault
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise DeliveryRefused(
            f"CallbackUrl has a host, no user and no fragment, as in {EXAMPLE}; got {shown(url)}."
        )
    return parts


def _private(host: str) -> DeliveryRefused:
    return DeliveryRefused(
        f"CallbackUrl leads to {host}, inside a private network; callbacks go to public addresses."
    )
