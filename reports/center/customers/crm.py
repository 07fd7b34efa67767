"""A partner's own accounts as they come from its CRM: a CSV of any common dialect, read as it stands."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from features.errors import CallRefused
from reports.center.customers.fold import fold

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
SEPARATORS = (",", ";", "\t")
SHOWN = 5


class UploadRefused(CallRefused):
    """A file is no CSV of accounts; the message says what is wrong and where."""


class Key(StrEnum):
    """What an account can be recognised by."""

    DOMAIN = "domain"
    NAME = "name"
    ID = "id"


CALLED: Mapping[Key, tuple[str, ...]] = {
    Key.DOMAIN: (
        *(
            "domain",
            "companydomain",
            "accountdomain",
            "website",
            "websiteurl",
            "web",
            "url",
            "site",
            "homepage",
        ),
        *("domaine", "siteweb", "dominio", "sitioweb", "webseite", "internet", "alanadi", "websitesi"),
        *(
            "emaildomain",
            "email",
            "emailaddress",
            "mail",
            "courriel",
            "correo",
            "correoelectronico",
            "eposta",
        ),
    ),
    Key.NAME: (
        *("accountname", "companyname", "customername", "organizationname", "orgname", "name", "account"),
        *("company", "customer", "organization", "organisation", "firma", "firmenname", "kunde", "nom"),
        *("entreprise", "societe", "raisonsociale", "nombre", "empresa", "cliente", "razonsocial", "sirket"),
        *("sirketadi", "musteri", "musteriadi", "unvan"),
    ),
    Key.ID: (
        *("customerid", "tpid", "customertenantid", "tenantid", "orgid", "accountid", "customernumber"),
        *("kundennummer", "id"),
    ),
}
"""What columns are called, without case, accents, blanks and signs; those named first are asked first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Accounts as they were sent: a row an account, cells in the order of the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[Key, tuple[int, ...]]
    """The places of the columns by which accounts are recognised, those asked first before others."""
    encoding: str
    separator: str

    def told(self, row: Sequence[str], key: Key) -> tuple[str, ...]:
        """Return what a row says about a key, column by column; empty cells say nothing."""
        cells = (row[place].strip() for place in self.columns.get(key, ()))
        return tuple(cell for cell in cells if cell)


def read_upload(content: bytes) -> Upload:
    """Read a CSV.

    Raises:
        UploadRefused: it is too large, no text, not rectangular, or has no column to recognise accounts by.
    """
    if len(content) > LARGEST:
        raise UploadRefused(f"A file has at most {LARGEST >> 20} MB; this one is larger. Send it in parts.")
    text, encoding = _decoded(content)
    separator = _separator(text)
    header, rows = _table(text, separator)
    columns = {key: places for key in Key if (places := _places(header, CALLED[key]))}
    if not columns:
        raise UploadRefused(
            "No column tells a domain, a name or an id. Expected one called domain, website or e-mail; name"
            f" or company; or customer id. Got: {_listed(header)}."
        )
    return Upload(header=header, rows=rows, columns=columns, encoding=encoding, separator=separator)


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text and how it was encoded; only what has no other reading is taken for Windows' own."""
    if not content.strip():
        raise UploadRefused("The file is empty. Expected a header and a row an account.")
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = next((name for mark, name in marks.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding.removesuffix("-sig")
    raise UploadRefused(
        "The file is no text in UTF-8, UTF-16 with its mark, or Windows-1252. Save it as CSV UTF-8."
    )


def _separator(text: str) -> str:
    """Return what stands between the columns of the header: whichever makes most of them."""
    first = text.lstrip("\r\n")

    def columns(separator: str) -> int:
        return len(next(_lines(first, separator))[1])

    return max(SEPARATORS, key=columns)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not blank, each with its number and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as fault:
        raise UploadRefused(f"Line {reader.line_num} cannot be read as CSV: {fault}.") from fault
    if reader.line_num == 0:
        raise UploadRefused("The file is empty. Expected a header and a row an account.")


def _table(text: str, separator: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    lines = _lines(text, separator)
    header = tuple(cell.strip() for cell in next(lines)[1])
    if len(header) > MOST_COLUMNS:
        raise UploadRefused(f"A file has at most {MOST_COLUMNS} columns; got {len(header)}.")
    rows: list[tuple[str, ...]] = []
    uneven: list[str] = []
    for number, cells in lines:
        if len(cells) != len(header):
            uneven.append(f"line {number} has {len(cells)}")
        # Rows that are refused all the same are counted, and take no room.
        rows.append(tuple(cells) if len(cells) == len(header) else ())
        if len(rows) > MOST_ROWS:
            raise UploadRefused(
                f"A file has at most {MOST_ROWS:,} rows; this one has more. Send it in parts."
            )
    if uneven:
        raise UploadRefused(
            f"Every row has as many cells as the header, {len(header)}; {len(uneven)} of {len(rows)} do not:"
            f" {', '.join(uneven[:SHOWN])}. Nothing was matched."
        )
    if not rows:
        raise UploadRefused("There is a header and no row below it.")
    return header, tuple(rows)


def _places(header: Sequence[str], called: Sequence[str]) -> tuple[int, ...]:
    plain = [re.sub(r"[\W_]+", "", fold(name)) for name in header]
    return tuple(place for name in called for place, written in enumerate(plain) if written == name)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
