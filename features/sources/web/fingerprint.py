"""What a fingerprint is: where a technology shows itself, by which pattern, and how to tell that it does."""

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Where a fingerprint is looked for, which says how its pattern is written.

    MX, SPF, CNAME, NS: a host, which stands for itself and every name below it. SCRIPT and LINK: a host, or
    a host and the first segments of a path, of what a page loads or leads to. In hosts and paths a `*` stands
    for the rest of a label or segment, a leading `*.` demands a name below other than `www`, and `@` is the
    company's own domain. DKIM: a selector, or a selector and the host that its CNAME leads to. TXT and META:
    how the text begins. HEADER: a name, or a name and a word of its value. COOKIE: a name, or with `*` how it
    begins. MARKUP: a piece of the markup between characters that are no part of a word. NAME: a name of the
    company's own that has an address.

    None is a regular expression: each is told in one pass over what it is looked for in.
    """

    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    CNAME = "cname"
    NS = "ns"
    TXT = "txt"
    NAME = "name"
    HEADER = "header"
    COOKIE = "cookie"
    SCRIPT = "script"
    LINK = "link"
    MARKUP = "markup"
    META = "meta"


class Category(StrEnum):
    """What a technology is for; the first seven are lines of the catalogue, named as it names them."""

    CLOUD = "Azure"
    OFFICE = "M365"
    SECURITY = "Security"
    DEVICES = "Surface"
    ERP = "D365BC"
    CRM = "D365SP"
    LOW_CODE = "PowerApps"
    HOSTING = "hosting"
    CDN = "content delivery"
    MAIL_DELIVERY = "mail delivery"
    MARKETING = "marketing"
    COLLABORATION = "collaboration"
    TELEPHONY = "telephony"
    CONTACT_CENTRE = "contact centre"
    IDENTITY = "identity"
    DEVICE_MANAGEMENT = "device management"
    REMOTE_ACCESS = "remote access"
    HUMAN_RESOURCES = "human resources"
    ANALYTICS = "analytics"
    SERVERS = "servers"
    SITES = "sites and shops"


@dataclass(frozen=True, slots=True)
class Mark:
    """One place where a technology shows: a pattern, what it is found in, and what is near it and not it."""

    where: Where
    pattern: str
    example: str
    lookalike: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One declared row: the technology, as the tables name it, and a mark of it."""

    name: str
    vendor: str
    category: Category
    where: Where
    pattern: str
    example: str
    lookalike: str


def marked(name: str, vendor: str, category: Category, *marks: Mark) -> tuple[Fingerprint, ...]:
    """Return the fingerprints of a technology, one for each of its marks."""
    return tuple(
        Fingerprint(
            name=name,
            vendor=vendor,
            category=category,
            where=mark.where,
            pattern=mark.pattern,
            example=mark.example,
            lookalike=mark.lookalike,
        )
        for mark in marks
    )


def is_host(pattern: str, host: str, domain: str) -> bool:
    """Tell whether a host is meant by the pattern of one, label by label from the right."""
    if pattern == "@":
        return host == domain or host.endswith("." + domain)
    below = pattern.startswith("*.")
    wanted = pattern.removeprefix("*.").split(".")
    labels = host.split(".")
    more = len(labels) - len(wanted)
    if more < below or not all(map(is_label, wanted, labels[max(more, 0) :])):
        return False
    return not below or labels[:more] != ["www"]


def is_label(pattern: str, label: str) -> bool:
    """Tell whether a label or segment is the pattern, where `*` at its end stands for anything."""
    return label.startswith(pattern[:-1]) if pattern.endswith("*") else label == pattern


def is_address(pattern: str, host: str, path: str, domain: str) -> bool:
    """Tell whether a host and path are the pattern's host and under its path."""
    wanted_host, _, wanted_path = pattern.partition("/")
    if not is_host(wanted_host, host, domain):
        return False
    segments = path.lower().strip("/").split("/")
    wanted = wanted_path.lower().split("/") if wanted_path else []
    return len(wanted) <= len(segments) and all(map(is_label, wanted, segments))


def holds_word(piece: str, text: str) -> bool:
    """Tell whether a piece stands in a text with no letter or digit right before or behind it."""
    at = text.find(piece)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(piece) : at + len(piece) + 1]
        if not (piece[0].isalnum() and before.isalnum()) and not (piece[-1].isalnum() and behind.isalnum()):
            return True
        at = text.find(piece, at + 1)
    return False
