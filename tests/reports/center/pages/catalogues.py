"""The texts of the centre, and the catalogues kept in step with them.

`python -m tests.reports.center.pages.catalogues` adds new texts to every catalogue, without a translation,
and drops those that are gone.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import reports.center
from reports.center.pages.words import DEFAULT, DOMAIN, LANGUAGES, catalogue

ROOT = Path(reports.center.__file__).parent
READERS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
TRANSLATED = tuple(code for code in LANGUAGES if code != DEFAULT)
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The format asks for times; they say nothing here."""
Text = str | tuple[str, ...]


def texts() -> dict[Text, list[tuple[str, int]]]:
    """Return every text of templates and Python with where it stands: one, or its singular and plural."""
    found: dict[Text, list[tuple[str, int]]] = {}
    rows = extract_from_dir(ROOT, method_map=READERS, options_map=OPTIONS, keywords=KEYWORDS)
    for name, line, text, _, _ in sorted(rows, key=lambda row: row[:2]):
        found.setdefault(text, []).append((name, line))
    return found


def kept(code: str) -> Catalog:
    """Return the catalogue of a language as it is kept; an empty one before the first."""
    path = catalogue(code)
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def in_step(code: str) -> Catalog:
    """Return the catalogue of a language with exactly the texts there are, and the translations it has."""
    there = kept(code)
    made = Catalog(
        locale=code,
        domain=DOMAIN,
        header_comment=f"# {LANGUAGES[code]}: the texts of the download centre.",
        project="Ascent",
        version="1",
        msgid_bugs_address="none",
        creation_date=SOME_TIME,
        revision_date=SOME_TIME,
        last_translator="Ascent",
        language_team=LANGUAGES[code],
        charset="utf-8",
        fuzzy=False,
    )
    for text, places in sorted(texts().items(), key=lambda pair: str(pair[0])):
        key = text[0] if isinstance(text, tuple) else text
        old = there.get(key)
        fits = old is not None and isinstance(old.string, tuple) == isinstance(text, tuple)
        made.add(
            text,
            string=old.string if old is not None and fits else None,
            auto_comments=sorted({name for name, _ in places}),
        )
    return made


def write(code: str, made: Catalog) -> None:
    """Write a catalogue without anything that changes by itself, such as line numbers and times."""
    path = catalogue(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, made, omit_header=False, no_location=True, sort_output=True, width=110)


if __name__ == "__main__":
    for language in TRANSLATED:
        write(language, in_step(language))
