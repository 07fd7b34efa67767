"""What a page says of itself to machines: schema.org items in JSON-LD and microdata."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from lxml.etree import XPath, _Element

from features.sources.web.dates import moment
from features.sources.web.texts import of_markup, plain, plain_lines, without_contacts


class ItemKind(StrEnum):
    """What an item is, by the name schema.org has for the plainest of its sort."""

    JOB = "JobPosting"
    NEWS = "NewsArticle"
    BLOG = "BlogPosting"
    EVENT = "Event"
    ORGANIZATION = "Organization"


TYPES = {
    "JobPosting": ItemKind.JOB,
    "NewsArticle": ItemKind.NEWS,
    "Article": ItemKind.NEWS,
    "PressRelease": ItemKind.NEWS,
    "BlogPosting": ItemKind.BLOG,
    "TechArticle": ItemKind.BLOG,
    "Event": ItemKind.EVENT,
    "BusinessEvent": ItemKind.EVENT,
    "EducationEvent": ItemKind.EVENT,
    "Organization": ItemKind.ORGANIZATION,
    "Corporation": ItemKind.ORGANIZATION,
    "LocalBusiness": ItemKind.ORGANIZATION,
}
TITLES, TEXTS = ("title", "headline", "name"), ("description", "articleBody", "text")
DATES = ("datePosted", "datePublished", "dateCreated")
MOST_ITEMS, DEEPEST, MOST_VISITED = 100, 6, 2000
LONGEST_TITLE, LONGEST_TEXT = 300, 20_000
MOST_PROPERTIES = 500
"""Microdata are read from pages with no more: the reader's time grows with the square of them."""
_SCRIPTS = XPath("//script[@type='application/ld+json']")
_JSON_LD, _MICRODATA = JsonLdExtractor(), MicrodataExtractor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a page declares: a job, an article, an event, or the organisation itself.

    `published_at` is when it was posted or published, `starts_at` when an event begins; both UTC, None where
    not told or not to be believed. Texts are plain and without contacts; persons named by other properties
    (author, application contact) are never read.
    """

    kind: ItemKind
    title: str
    text: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    starts_at: datetime | None = None


def items_of(tree: _Element, *, base: str, by: datetime) -> tuple[Item, ...]:
    """Return the items of a parsed page in their order, each once; what is no valid JSON is passed over."""
    found = (*_of_json(tree), *_of_microdata(tree, base=base))
    items = (_item(properties, by=by) for properties in found)
    return tuple(dict.fromkeys(item for item in items if item is not None))[:MOST_ITEMS]


def _of_json(tree: _Element) -> Iterator[Mapping[str, object]]:
    for script in _SCRIPTS(tree):
        try:
            roots = list(_JSON_LD.extract_items(script))
        except (ValueError, RecursionError):
            continue
        yield from _typed(roots)


def _of_microdata(tree: _Element, *, base: str) -> Iterator[Mapping[str, object]]:
    if not tree.xpath("boolean(//*[@itemscope and contains(@itemtype, 'schema.org/')])"):
        return
    if tree.xpath("count(//*[@itemprop or @itemscope])") > MOST_PROPERTIES:
        return
    try:
        roots = _MICRODATA.extract_items(tree, base_url=base)
    except (ValueError, RecursionError):  # an address that is none, items within items
        return
    yield from _typed(roots)


def _typed(roots: list[object]) -> Iterator[Mapping[str, object]]:
    """Yield the objects that are of a type, those within others too, breadth first and within bounds."""
    level, visited = roots, 0
    for _ in range(DEEPEST):
        below: list[object] = []
        for value in level:
            visited += 1
            if visited > MOST_VISITED:
                return
            if isinstance(value, list):
                below.extend(value)
            elif isinstance(value, dict):
                yield _flat(value)
                below.extend(inner for inner in value.values() if isinstance(inner, (dict, list)))
        level = below


def _flat(value: dict[str, object]) -> Mapping[str, object]:
    """Return microdata in the shape of JSON-LD, and JSON-LD as it is."""
    properties = value.get("properties")
    if "type" in value and isinstance(properties, dict):
        return {"@type": value["type"], **properties}
    return value


def _item(properties: Mapping[str, object], *, by: datetime) -> Item | None:
    kind = _kind(properties.get("@type"))
    title = plain(of_markup(_first(properties, TITLES)[: 4 * LONGEST_TITLE]), limit=LONGEST_TITLE)
    if kind is None or not title:
        return None
    text = of_markup(_first(properties, TEXTS)[: 4 * LONGEST_TEXT])
    if "</" in text:  # markup that was escaped once more than it should be
        text = of_markup(text)
    return Item(
        kind=kind,
        title=without_contacts(title),
        text=without_contacts(plain_lines(text, limit=LONGEST_TEXT)),
        published_at=moment(_first(properties, DATES), by=by),
        modified_at=moment(_first(properties, ("dateModified",)), by=by),
        starts_at=moment(_first(properties, ("startDate",)), by=by.replace(year=by.year + 2, day=1)),
    )


def _kind(told: object) -> ItemKind | None:
    names = told if isinstance(told, list) else [told]
    kinds = (TYPES.get(name.rstrip("/").rpartition("/")[2]) for name in names if isinstance(name, str))
    return next((kind for kind in kinds if kind is not None), None)


def _first(properties: Mapping[str, object], names: tuple[str, ...]) -> str:
    """Return the first text that one of the properties has, of the value or list it is; else nothing."""
    for name in names:
        value = properties.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("@value")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def json_of(text: str) -> object:
    """Return what a JSON text holds.

    Raises:
        ValueError: it is none, or is nested deeper than can be read.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
