"""The list of domains to collect from: each line normalised, or refused with a reason."""

import csv
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import idna
import tldextract

from features.errors import CallRefused

LONGEST_LINE = 300
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
SCHEMES = ("http", "https")
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# The suffixes that come with the package: nothing is downloaded. Of names under a shared host (a private
# suffix, such as a blog host's) each is a domain of its own.
_registrable = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


class Refusal(ValueError):
    """Why a line or a name is no domain to collect from."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of the list that names no domain: its number from 1, the line, and why."""

    number: int
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class DomainList:
    """What a list of domains came to: ASCII domains, sorted, without repetition, and the lines refused.

    `lines` counts those that were not empty; `repeated` those that named a domain named before.
    """

    domains: tuple[str, ...]
    refused: tuple[RefusedLine, ...]
    lines: int
    repeated: int


def read_domains(path: Path) -> DomainList:
    """Read a text file with a domain or an address of a site on each line; empty ones and # are left out.

    Raises:
        CallRefused: The file cannot be read, or no line of it names a domain.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise CallRefused(
            f"--domains wants a text file with a domain on each line; {path} cannot be read: {error}."
        ) from None
    found = sort_lines(text)
    if not found.domains:
        example = f" The first: {found.refused[0].reason}." if found.refused else ""
        raise CallRefused(
            f"At least one domain was expected in {path}; of {found.lines:,} lines none names one.{example}"
        )
    return found


def sort_lines(text: str) -> DomainList:
    """Normalise every line of a list, or refuse it."""
    domains: set[str] = set()
    refused = []
    lines = repeated = 0
    # Not splitlines(): it would also break at form feeds and other characters that are no ends of lines.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        told = line.strip()
        if not told or told.startswith("#"):
            continue
        lines += 1
        try:
            domain = normalised(told)
        except Refusal as refusal:
            refused.append(RefusedLine(number, told[:LONGEST_LINE], str(refusal)))
            continue
        repeated += domain in domains
        domains.add(domain)
    return DomainList(tuple(sorted(domains)), tuple(refused), lines, repeated)


def normalised(told: str) -> str:
    """Return the registrable domain, in lower-case ASCII, of a domain, a host name or the address of a site.

    Raises:
        Refusal: It names none.
    """
    if len(told) > LONGEST_LINE:
        raise Refusal(f"is longer than {LONGEST_LINE} characters")
    if not told.isprintable() or "\ufffd" in told:
        raise Refusal("has characters that cannot be printed")
    if any(letter.isspace() for letter in told):
        raise Refusal("has spaces inside")
    return registrable(_host(told))


def _host(told: str) -> str:
    told = f"http:{told}" if told.startswith("//") else told
    if "://" not in told:
        if "@" in told:
            raise Refusal("is an e-mail address")
        told = f"http://{told}"
    try:
        parts = urlsplit(told)
        host = parts.hostname or ""
    except ValueError:
        raise Refusal("is no address of a site") from None
    if parts.scheme.lower() not in SCHEMES:
        raise Refusal(f"is an address of another kind than {' and '.join(SCHEMES)}")
    return host


def registrable(host: str) -> str:
    """Return the registrable domain of a host name, in lower-case ASCII.

    Raises:
        Refusal: The name is no host name, an address, or has no ending that companies register under.
    """
    host = host.strip(".").lower()
    if not host:
        raise Refusal("names no host")
    if _is_address(host):
        raise Refusal("is an IP address, not a domain")
    name = _ascii(host)
    found = _registrable(name)
    if not found.suffix:
        raise Refusal("has no known ending, such as .com")
    if not found.domain:
        raise Refusal("is an ending that many companies share, not a company's domain")
    return f"{found.domain}.{found.suffix}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        # Also 127.1 and 0x7f000001, which some resolvers take for addresses.
        last = host.rsplit(".", 1)[-1]
        return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None
    return True


def _ascii(host: str) -> str:
    try:
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        for label in name.split("."):
            if label.startswith("xn--"):
                idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        raise Refusal("is no valid international domain name") from None
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Refusal("is no host name: letters, digits and hyphens between dots were expected")
    return name


def write_refused(refused: tuple[RefusedLine, ...], path: Path) -> None:
    """Write the refused lines as CSV: line, text, reason; texts that a spreadsheet would run are quoted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "text", "reason"))
        for row in refused:
            text = f"'{row.line}" if row.line.startswith(FORMULA) else row.line
            writer.writerow((row.number, text, row.reason))
