"""Renders a page in the language of who looks at it; templates escape everything they show."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from gettext import NullTranslations
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.center.access.visitor import Visitor
from reports.center.access.visitor import language as wanted_language
from reports.center.pages import words
from reports.center.pages.numbers import Formats
from reports.center.words import N_

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"
"""What is served below `/static`."""
CLUSTERS: Mapping[str, str] = {"Act Now": "a", "Evaluate": "b", "Nurture": "c", "Educate": "d"}
"""The clusters, strongest first, with the letter each is recognised by beside its colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the navigation, and the right (a field of `Rights`) without which it is not shown."""

    href: str
    label: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries of the navigation that belong together."""

    label: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Section(
        label=N_("Insights"),
        entries=(
            Entry(href="/", label=N_("Home"), right=""),
            Entry(href="/customers", label=N_("Customers"), right="sees_rows"),
            Entry(href="/targets", label=N_("Target list"), right="sees_rows"),
            Entry(href="/subscriptions", label=N_("Subscriptions"), right="sees_rows"),
            Entry(href="/calling", label=N_("Calling"), right="sees_rows"),
            Entry(href="/evidence", label=N_("Evidence"), right="sees_rows"),
        ),
    ),
    Section(
        label=N_("Reports"),
        entries=(
            Entry(href="/downloads", label=N_("Download Center"), right="sees_rows"),
            Entry(href="/reports", label=N_("My reports"), right="sees_rows"),
            Entry(href="/templates", label=N_("Templates"), right="sees_rows"),
            Entry(href="/crm", label=N_("CRM match"), right="sees_rows"),
        ),
    ),
    Section(
        label=N_("Help"),
        entries=(Entry(href="/resources", label=N_("Resources"), right=""),),
    ),
    Section(
        label=N_("Administration"),
        entries=(
            Entry(href="/people", label=N_("People"), right="manages_people"),
            Entry(href="/links", label=N_("Links"), right="sets_links"),
            Entry(href="/audit", label=N_("Audit"), right="sets_links"),
        ),
    ),
)


def render(
    request: Request, visitor: Visitor | None, name: str, *, status: int = 200, **context: object
) -> HTMLResponse:
    """Return a page; without a visitor it has no navigation and speaks the browser's language."""
    accepted = request.headers.get("accept-language", "")
    language = visitor.language if visitor else wanted_language(accepted)
    told = (
        _environment(language)
        .get_template(name)
        .render(
            request=request,
            path=request.url.path,
            visitor=visitor,
            person=visitor.person if visitor else None,
            csrf=visitor.csrf if visitor else "",
            nav=_navigation(visitor),
            **context,
        )
    )
    # Pages hold what only this person may see; no cache on the way keeps them.
    return HTMLResponse(told, status_code=status, headers={"Cache-Control": "no-store"})


def _navigation(visitor: Visitor | None) -> tuple[Section, ...]:
    """Return the navigation with what the visitor may do, without sections that are empty for it."""
    if visitor is None:
        return ()
    rights = visitor.person.rights
    shown = (
        Section(
            label=section.label,
            entries=tuple(one for one in section.entries if not one.right or getattr(rights, one.right)),
        )
        for section in NAVIGATION
    )
    return tuple(section for section in shown if section.entries)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds this method when it is loaded, so that no type knows it.
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(words.translations(language), newstyle=True)
    environment.globals["_"] = _translating(words.translations(language))
    formats = Formats(language)
    environment.globals.update(
        language=language,
        languages=words.LANGUAGES,
        clusters=CLUSTERS,
        format_number=formats.number,
        format_money=formats.money,
        format_compact_money=formats.compact_money,
        format_percent=formats.percent,
        format_date=formats.date,
        format_month=formats.month,
        format_instant=formats.instant,
        format_cell=formats.cell,
        static=_static,
        spoken=partial(_spoken, language),
        query_string=query_string,
    )
    return environment


def _spoken(language: str, text: str) -> Markup:
    """Return the attribute that tells the language of a text where it is not that of its page."""
    return Markup(' lang="{}"').format(text) if text not in ("", language) else Markup("")


def _translating(texts: NullTranslations) -> Callable[..., Markup]:
    """Return what templates translate a text with; nothing that it says is taken for markup.

    Jinja's own takes a text for markup and for a pattern. Templates translate values of the data too, which
    say what they like, percent signs included.
    """

    def translate(text: str, **values: object) -> Markup:
        told = escape(texts.gettext(text) if text else "")
        return told % values if values else told.replace("%%", "%")

    return translate


@cache
def _static(name: str) -> str:
    """Return the address of one of our files; it changes when the file does."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?v={digest}"


def query_string(parameters: Mapping[str, str | int | None]) -> str:
    """Return the parameters that have a value, as they follow the `?` of an address."""
    return urlencode({name: value for name, value in parameters.items() if value not in (None, "")})
