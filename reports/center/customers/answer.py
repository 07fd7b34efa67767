"""The answer to an upload: the partner's own columns as they came, and what is known of whom each row is."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import dialect
from reports.center.customers.crm import Upload
from reports.center.customers.listing import Sought
from reports.center.customers.matching import How, Known, Match
from reports.center.customers.roster import roster
from reports.center.customers.source import KEY, Source
from reports.center.products import Scored, scored_products

ABOUT_MATCH = ("MatchedBy", "MatchedOn", "GlobalID", "CustomerID", "AccountName", "Domain")
OFFERED = ("Cluster", "PurchaseProbability", "ExpectedRevenue", "PotentialRevenue", "SignalExplanation")
"""What may be appended about a product, as its columns are called behind its prefix."""
OURS = " (Ascent)"
"""Behind a column of ours where the partner has one of the same name."""
Cells = Mapping[tuple[str, str], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The columns about a product that may be appended, as far as the scope shows them."""

    product: Scored
    columns: tuple[str, ...]


def choices(source: Source) -> tuple[Choice, ...]:
    """Return the columns that may be appended, product by product."""
    found = []
    for one in scored_products(source.scope):
        names = [f"{one.prefix}{what}" for what in OFFERED]
        columns = tuple(name for name in names if source.scope.field(one.dataset, name))
        found.append(Choice(product=one, columns=columns))
    return tuple(found)


def known_customers(source: Source, partner: str = "") -> tuple[Known, ...]:
    """Return the customers within the scope, or those of one partner, as they can be recognised."""
    rows = roster(source, Sought(partner=partner)).rows()
    return tuple(
        Known(
            partner=row["GlobalID"] or "",
            id=row["CustomerID"] or "",
            name=row["AccountName"],
            domain=row["Domain"],
        )
        for row in rows
    )


def write_answer(source: Source, upload: Upload, matches: Sequence[Match], columns: Sequence[str]) -> bytes:
    """Write a CSV in the separator that came: own cells, how the row matched, and the columns chosen.

    Columns that the scope does not show are left out. A text of the partner that a spreadsheet would run as a
    formula gets an apostrophe, as in every file; published cells have theirs already.
    """
    chosen = [name for choice in choices(source) for name in choice.columns if name in set(columns)]
    cells = _cells(source, chosen)
    taken = {name.casefold() for name in upload.header}
    ours = [f"{name}{OURS}" if name.casefold() in taken else name for name in (*ABOUT_MATCH, *chosen)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=upload.separator, lineterminator="\r\n")
    writer.writerow([*map(dialect.neutralised, upload.header), *ours])
    for row, found in zip(upload.rows, matches, strict=True):
        one = found.customer
        said = cells.get((one.partner, one.id), {}) if one else {}
        writer.writerow(
            [*map(dialect.neutralised, row), *_about(found), *(said.get(name) or "" for name in chosen)]
        )
    return dialect.BOM + text.getvalue().encode()


def _about(found: Match) -> tuple[str, ...]:
    one = found.customer
    if one is None:
        told = ", ".join(other.id for other in found.found)
        return found.how.value, dialect.neutralised(f"{found.by}: {told}" if told else ""), "", "", "", ""
    return (
        found.how.value,
        dialect.neutralised(found.by),
        one.partner,
        one.id,
        one.name or "",
        one.domain or "",
    )


def _cells(source: Source, chosen: Sequence[str]) -> Cells:
    """Return the chosen cells of every customer by partner and id."""
    found: dict[tuple[str, str], dict[str, str | None]] = {}
    for choice in choices(source):
        columns = [name for name in choice.columns if name in chosen]
        if not columns:
            continue
        for row in source.select(choice.product.dataset, (*KEY, *columns)).rows():
            key = (row["GlobalID"] or "", row["CustomerID"] or "")
            found.setdefault(key, {}).update({name: row[name] for name in columns})
    return found


def count_by_way(matches: Sequence[Match]) -> Mapping[How, int]:
    """Return how many rows matched in each way, zeros included."""
    return {how: sum(one.how is how for one in matches) for how in How}
