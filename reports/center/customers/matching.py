"""Matches a partner's own accounts with its customers: by domain, then name, then id; never by a guess."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.center.customers.crm import Key, Upload
from reports.center.customers.names import domain_of, is_free_mail, name_of, parents
from reports.center.words import N_


class How(StrEnum):
    """How a row was matched, or that it was not; the value is how it is told."""

    DOMAIN = N_("Domain")
    NAME = N_("Name")
    ID = N_("Id")
    AMBIGUOUS = N_("Ambiguous")
    NONE = N_("No match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A customer within the scope, by what it can be recognised by."""

    partner: str
    id: str
    name: str | None
    domain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What came of a row: the customer, or those among which nothing decides; `by` is what both have."""

    how: How
    found: tuple[Known, ...] = ()
    by: str = ""

    @property
    def customer(self) -> Known | None:
        """The customer the row is, if it is decided."""
        return self.found[0] if self.how not in (How.AMBIGUOUS, How.NONE) else None


Index = Mapping[str, Sequence[Known]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The customers within a scope by domain, by name and by id, each as they are compared."""

    domains: Index
    names: Index
    ids: Index


def directory(customers: Iterable[Known]) -> Directory:
    """Return the directory of some customers."""
    domains: dict[str, list[Known]] = defaultdict(list)
    names: dict[str, list[Known]] = defaultdict(list)
    ids: dict[str, list[Known]] = defaultdict(list)
    for one in customers:
        for index, key in (
            (domains, domain_of(one.domain or "")),
            (names, name_of(one.name or "")),
            (ids, _plain_id(one.id)),
        ):
            if key:
                index[key].append(one)
    return Directory(domains=domains, names=names, ids=ids)


def match(upload: Upload, known: Directory) -> tuple[Match, ...]:
    """Return what came of each row, in the order of the upload."""
    return tuple(_match(upload, row, known) for row in upload.rows)


def _match(upload: Upload, row: Sequence[str], known: Directory) -> Match:
    """Match a row by the first key that anybody has; the later ones only tell those apart who share it."""
    domains = [one for told in upload.told(row, Key.DOMAIN) for one in _domains(told)]
    names = [name_of(told) for told in upload.told(row, Key.NAME)]
    ids = [_plain_id(told) for told in upload.told(row, Key.ID)]
    tried = (
        (How.DOMAIN, *_found(domains, known.domains)),
        (How.NAME, *_found(names, known.names)),
        (How.ID, *_found(ids, known.ids)),
    )
    for place, (how, found, by) in enumerate(tried):
        if not found:
            continue
        left = tuple(found)
        for _, others, _ in tried[place + 1 :]:
            left = tuple(one for one in left if one in others) or left
        return Match(how=how if len(left) == 1 else How.AMBIGUOUS, found=left, by=by)
    return Match(how=How.NONE)


def _found(told: Sequence[str], index: Index) -> tuple[Sequence[Known], str]:
    """Return the customers that the first known of some texts names, and that text."""
    return next(((index[one], one) for one in told if one in index), ((), ""))


def _domains(told: str) -> Sequence[str]:
    """Return the domain in a text and those above it; none of a mailbox that anybody can have."""
    domain = domain_of(told)
    return () if domain is None or is_free_mail(told) else parents(domain)


def _plain_id(text: str) -> str:
    return text.strip().casefold()
