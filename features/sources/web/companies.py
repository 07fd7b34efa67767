"""Whose e-mail address or IP address it is: a company's domain, or the reason why it is nobody's."""

import csv
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from features.errors import CallRefused
from features.sources.web.domains import Refusal, normalised

_FREE_MAIL = """
126.com 139.com 163.com aim.com aol.com aol.fr att.net bbox.fr bell.net bigpond.com bk.ru bluewin.ch
btinternet.com charter.net comcast.net cox.net duck.com email.com fastmail.com fastmail.fm free.fr
freemail.hu freenet.de gmail.com gmx.at gmx.com gmx.de gmx.es gmx.fr gmx.net googlemail.com hey.com
hotmail.co.uk hotmail.com hotmail.com.tr hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com
icloud.com inbox.com inbox.ru juno.com laposte.net libero.it list.ru live.co.uk live.com live.fr live.nl
mac.com mail.com mail.ru mailinator.com me.com msn.com mynet.com naver.com neuf.fr numericable.fr o2.pl
ono.com optonline.net orange.es orange.fr outlook.com outlook.com.tr outlook.de outlook.es outlook.fr
pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rocketmail.com sbcglobal.net
seznam.cz sfr.fr sina.com sky.com superonline.com t-online.de tele2.nl telefonica.net terra.com terra.es
tiscali.it ttmail.com tuta.com tutanota.com verizon.net videotron.ca virgilio.it virginmedia.com
wanadoo.es wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br
yahoo.com.mx yahoo.com.tr yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.com.tr yandex.ru ymail.com
ziggo.nl zoho.com zohomail.com
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
"""Domains under which anybody can have an address, so that an address there tells no company."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Unknown(ValueError):
    """Why nothing tells whose an address is; names no address."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that could not be used: its number from 1, and why; what it said is not kept."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Companies:
    """Tells companies by people's addresses: a reverse lookup table, and the lines of it refused."""

    networks: dict[tuple[int, int, int], str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Companies":
        """Read a CSV of two columns without a header, an IP address or network (CIDR) and a domain.

        Of a network that is there twice the first line counts.

        Raises:
            CallRefused: The file cannot be read, or no line of it can be used.
        """
        networks: dict[tuple[int, int, int], str] = {}
        refused = []
        try:
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                for number, line in enumerate(lines, start=1):
                    try:
                        network, domain = _row(line)
                    except Refusal as reason:
                        refused.append(Refused(number, str(reason)))
                        continue
                    networks.setdefault(_key(network), domain)
        except OSError as error:
            raise CallRefused(
                f"A CSV of networks and domains was expected; {path}: {error.strerror}."
            ) from error
        if refused and not networks:
            told = f"line {refused[0].line}: {refused[0].reason}"
            raise CallRefused(
                f"A CSV of networks and domains was expected; of {len(refused):,} lines of {path} "
                f"none is so ({told})."
            )
        return cls(networks, tuple(refused))

    def of(self, address: str) -> str:
        """Return the registrable domain of the company whose e-mail or IP address it is.

        Raises:
            Unknown: Nothing tells whose it is.
        """
        address = address.strip()
        if "@" in address:
            return of_email(address)
        try:
            return self._of_ip(ipaddress.ip_address(address))
        except ValueError as error:
            raise (
                error if isinstance(error, Unknown) else Unknown("neither an e-mail nor an IP address")
            ) from None

    def _of_ip(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
        """Look from the narrowest network to the widest."""
        for length in range(address.max_prefixlen, -1, -1):
            kept = int(address) >> (address.max_prefixlen - length)
            domain = self.networks.get((address.version, length, kept))
            if domain is not None:
                return domain
        raise Unknown("no company is known for the IP address")


def of_email(address: str) -> str:
    """Return the company's domain of an e-mail address.

    Raises:
        Unknown: It is no e-mail address, or one that anybody could have.
    """
    name, _, host = address.rpartition("@")
    if not name or len(address) > 320 or any(character.isspace() for character in address):
        raise Unknown("no e-mail address")
    return of_host(host)


def of_host(host: str) -> str:
    """Return the company's domain of the host of an e-mail address or of a company's site.

    Raises:
        Unknown: It is none, or one that anybody could have an address at.
    """
    try:
        domain = normalised(host)
    except Refusal:
        raise Unknown("no domain of a company") from None
    if domain in FREE_MAIL:
        raise Unknown("free mail, which tells no company")
    return domain


def _row(line: str) -> tuple[Network, str]:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
    except csv.Error:
        cells = []
    if len(cells) != 2:
        raise Refusal(f"two cells were expected, a network and a domain; {len(cells)} came")
    try:
        network = ipaddress.ip_network(cells[0], strict=False)
    except ValueError:
        raise Refusal("no IP address or network") from None
    return network, normalised(cells[1])


def _key(network: Network) -> tuple[int, int, int]:
    shift = network.max_prefixlen - network.prefixlen
    return network.version, network.prefixlen, int(network.network_address) >> shift
