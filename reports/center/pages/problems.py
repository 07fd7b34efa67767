"""What a page says when something is not there, not allowed, or went wrong."""

from collections.abc import Mapping

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reports.center.access.visitor import find_visitor
from reports.center.pages.render import render
from reports.center.words import N_

TITLES: Mapping[int, str] = {
    403: N_("This is not allowed"),
    404: N_("There is no such page"),
    405: N_("There is no such page"),
    408: N_("That took too long"),
    413: N_("That is too large"),
    500: N_("Something went wrong"),
    503: N_("The figures cannot be read"),
}
ADVICE: Mapping[int, str] = {
    404: N_("It may have moved, or it is not among what you may see."),
    405: N_("It may have moved, or it is not among what you may see."),
    413: N_("Send a smaller file."),
    500: N_("It is our fault, and it has been written down. Try again in a minute."),
    503: N_("A published month is damaged. Tell who runs this centre: its log says what to do."),
}
DEFAULT = N_("This could not be done")


def problem(request: Request, error: HTTPException) -> Response:
    """Return the page of a refusal; one that leads elsewhere leads there."""
    headers = dict(error.headers or {})
    if "Location" in headers or "HX-Redirect" in headers:
        return Response(status_code=error.status_code, headers=headers)
    text = ADVICE.get(error.status_code) or error.detail
    answer = _page(request, error.status_code, text)
    answer.headers.update(headers)
    return answer


def invalid(request: Request) -> Response:
    """Return the page for an address or a form that makes no sense."""
    return _page(request, 422, N_("The address or the form is not complete. Go back and try again."))


def damaged(request: Request) -> Response:
    """Return the page for what cannot be shown as long as a published month cannot be read."""
    return _page(request, 503, ADVICE[503])


def broken(request: Request) -> Response:
    """Return the page for a fault of ours, which tells nothing of it."""
    return render(request, None, "problem.html", status=500, title=TITLES[500], text=ADVICE[500])


def _page(request: Request, status: int, text: str) -> Response:
    title = TITLES.get(status, DEFAULT)
    return render(request, find_visitor(request), "problem.html", status=status, title=title, text=text)
