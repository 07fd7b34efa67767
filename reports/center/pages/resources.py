"""Resources: quick links, featured and all guides with search and filter; and what the columns mean."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.advice import PORTAL, links
from reports.center.database.engine import acting
from reports.center.pages import words
from reports.center.pages.guides import GUIDES, QUICK_LINKS, TOPICS, Guide
from reports.center.pages.presets import GROUPS
from reports.center.pages.render import render

router = APIRouter()


@router.get("/resources")
def resources(request: Request, visitor: Visiting, q: str = "", topic: str = "") -> Response:
    """Show what there is to read, narrowed by words and topic."""
    translated = words.translations(visitor.language).gettext
    with acting(visitor.center.database, visitor.person) as session:
        set_links = links(session)
    rights = visitor.person.rights
    return render(
        request,
        visitor,
        "resources.html",
        quick=[one for one in QUICK_LINKS if not one.right or getattr(rights, one.right)],
        portal=[
            (one, set_links[one.action]) for one in PORTAL if not one.placeholders and one.action in set_links
        ],
        featured=[one for one in GUIDES if one.is_featured],
        guides=[one for one in GUIDES if topic in ("", one.topic) and _says(one, q, translated)],
        topics=TOPICS,
        q=q,
        topic=topic,
        datasets=tuple(visitor.scope.datasets.values()),
        opens=lambda href: bool(href) and _opens(visitor, href),
    )


@router.get("/dictionary/{name}")
def dictionary(request: Request, visitor: Visiting, name: str) -> Response:
    """Tell what the columns of a dataset mean, those of the visitor's scope."""
    require(visitor, "sees_rows")
    dataset = visitor.scope.dataset(name)
    if dataset is None:
        raise HTTPException(404, "There is no such dataset.")
    fields = visitor.scope.fields[dataset.name]
    groups = [(label, [one for one in fields if one.group is group]) for group, label in GROUPS.items()]
    return render(
        request,
        visitor,
        "dictionary.html",
        dataset=dataset,
        # A key that is told in part would be none.
        key=dataset.report.key if set(dataset.report.key) <= {field.name for field in fields} else (),
        groups=[(label, members) for label, members in groups if members],
    )


def _says(guide: Guide, wanted: str, translated: Callable[[str], str]) -> bool:
    """Tell whether a guide, in the reader's language, has every word that is looked for."""
    told = f"{translated(guide.title)} {translated(guide.text)}".casefold()
    return all(word in told for word in wanted.casefold().split())


def _opens(visitor: Visitor, href: str) -> bool:
    """Tell whether the visitor has the dataset or page that a guide leads to."""
    _, _, dataset = href.partition("dataset=")
    return visitor.person.rights.sees_rows and (not dataset or dataset in visitor.scope.datasets)
