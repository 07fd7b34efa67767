import re

import pytest
from babel.messages.catalog import Catalog, Message

from reports.center.access import visitor
from reports.center.pages import words
from reports.center.people import Role
from scoring.cells import CLASSES, CLUSTERS
from tests.reports.center.pages.catalogues import TRANSLATED, kept, texts
from tests.reports.center.pages.world import Small

PLACEHOLDER = re.compile(r"%\(\w+\)s")


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def translations(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, (list, tuple)) else (string or "",)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_pages_is_in_the_catalogue_and_no_other(code: str) -> None:
    there = {tuple(one.id) if isinstance(one.id, (list, tuple)) else one.id for one in messages(kept(code))}
    assert there == set(texts())


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    missing = [one.id for one in messages(kept(code)) if not all(translations(one))]
    assert missing == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_carry_the_values_of_their_texts(code: str) -> None:
    for message in messages(kept(code)):
        told = tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)
        for place, translated in enumerate(translations(message)):
            plain = told[min(place, len(told) - 1)]
            assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(plain)), plain
            # A single percent sign would be taken for the beginning of a value.
            assert "%" not in PLACEHOLDER.sub("", translated).replace("%%", ""), plain


def test_values_of_the_data_that_pages_tell_are_texts_too() -> None:
    told = {*CLUSTERS, *CLASSES, *(role.value for role in Role)}
    assert told <= set(words.TOLD_AS_THEY_ARE)


def test_every_language_that_a_browser_may_ask_for_has_a_name() -> None:
    assert set(words.LANGUAGES) == set(visitor.LANGUAGES)


@pytest.mark.parametrize(
    ("code", "told"), [("en", "Customers"), ("es", "Clientes"), ("fr", "Clients"), ("tr", "Müşteriler")]
)
def test_pages_speak_the_language_of_the_browser(world: Small, code: str, told: str) -> None:
    page = world.reader().get("/", headers={"Accept-Language": f"{code};q=0.9, xx"}).text
    assert f'<html lang="{code}">' in page
    assert f">{told}</a>" in page
