"""The words of the pages: English texts are the keys of the catalogues, one per language.

A literal percent sign is written twice (`%%`) wherever a text is translated: texts carry named values such as
`%(count)s`.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from reports.center.words import N_

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español", "fr": "Français", "tr": "Türkçe"}
"""Languages by code, each in its own words."""
DEFAULT = "en"
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "center"
TOLD_AS_THEY_ARE = (
    *(N_("Act Now"), N_("Evaluate"), N_("Nurture"), N_("Educate")),
    *(N_("executive report viewer"), N_("report viewer"), N_("global admin")),
    *(N_("user administrator"), N_("sales agent"), N_("admin agent")),
    *(N_("Yes"), N_("No"), N_("High"), N_("Medium"), N_("Low"), N_("Very Low")),
    *(N_("Improving"), N_("Declining"), N_("Steady"), N_("New")),
)
"""Values of the data that pages translate by themselves: `_(value)`."""


def catalogue(code: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def translations(code: str) -> gettext.NullTranslations:
    """Return the texts of a language; a text without translation stays English."""
    path = catalogue(code)
    if code == DEFAULT or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        read = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
