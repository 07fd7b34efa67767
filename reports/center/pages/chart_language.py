"""A chart's specification in the language of its reader: words, numbers, and the names of months."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale

from reports.center.pages.numbers import Formats
from reports.center.pages.words import DEFAULT, translations
from reports.center.words import N_

WORDS = (
    N_("used"),
    N_("assigned, not used"),
    N_("available"),
    N_("good"),
    N_("poor"),
    N_("recently added"),
    N_("expiring"),
    N_("renewing"),
    N_("low assignment"),
    N_("Licences"),
    N_("Users"),
    N_("Calls"),
    N_("Calls with media"),
    N_("Poor, %%"),
    N_("Week from Sunday"),
    N_("Calls of a user in the week"),
    N_("Bought within 90 days, of 100"),
    N_("Act Now"),
    N_("Evaluate"),
    N_("Nurture"),
    N_("Educate"),
    N_("all"),
)
"""Words of the charts, as values and as titles."""
SHARE_POOR = re.compile(r"([\d.]+) % poor")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
COMPARED = re.compile(r"'([^']*)'")
"""Words inside an expression."""


def in_language(spec: dict[str, Any], language: str) -> dict[str, Any]:
    """Return a specification with its words translated wherever they stand, so that they still agree."""
    if language == DEFAULT:
        return spec
    told: dict[str, Any] = _walk(spec, _translator(language))
    config = told.get("config", {})
    return {**told, "config": {**config, "locale": _locale(language)}}


def _walk(part: Any, translate: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return translate(part)
    if isinstance(part, list):
        return [_walk(one, translate) for one in part]
    if isinstance(part, dict):
        return {key: _walk(one, translate) for key, one in part.items()}
    return part


def _translator(language: str) -> Callable[[str], str]:
    words, formats = _words(language), Formats(language)

    def translate(text: str) -> str:
        if text in words:
            return words[text]
        if text.startswith("datum."):
            return COMPARED.sub(lambda found: f"'{_escaped(words.get(found[1], found[1]))}'", text)
        share = SHARE_POOR.fullmatch(text)
        if share is not None:
            return f"{formats.percent(float(share[1]) / 100, 1)} {words['poor']}"
        return formats.number(text.replace(",", "")) if GROUPED.fullmatch(text) else text

    return translate


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "\\'")


@cache
def _words(language: str) -> Mapping[str, str]:
    """Return the words by what they are in a specification, where a percent sign is written once."""
    gettext = translations(language).gettext
    return {word.replace("%%", "%"): gettext(word).replace("%%", "%") for word in WORDS}


@cache
def _locale(language: str) -> dict[str, Any]:
    """Return how Vega writes numbers and months in a language."""
    known = Locale.parse(language)
    symbols = known.number_symbols["latn"]
    months = known.months["format"]
    days = known.days["format"]
    in_week = (6, 0, 1, 2, 3, 4, 5)  # Vega begins with Sunday
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["$", ""],
        },
        "time": {
            "dateTime": "%x %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][day] for day in in_week],
            "shortDays": [days["abbreviated"][day] for day in in_week],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        },
    }
