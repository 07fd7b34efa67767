"""What every answer is wrapped in, and how errors are told in it."""

import logging
from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException

from reports.center.access.visitor import Visitor, center_of
from reports.center.delivery.refusals import DeliveryRefused, NotAllowed, NotThere
from reports.center.delivery.tokens import shown
from reports.center.query import QueryRefused
from reports.center.shelf import ShelfBroken

log = logging.getLogger(__name__)
PAGE_ROWS = 200
"""Of one answer; `nextLink` leads to the next ones."""


class Row(BaseModel):
    """A row of an answer, its fields named as in the vendor's answers."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


AnyRow = TypeVar("AnyRow")


class Envelope(Row, Generic[AnyRow]):
    """An answer; `data_redacted` tells that the dataset has columns which the caller's role does not see."""

    value: tuple[AnyRow, ...]
    next_link: str | None
    total_count: int
    message: str
    status_code: int
    data_redacted: bool


class Refusal(Envelope[None]):
    """An answer to a call that was not possible; `message` names the value and what would be right."""


def enveloped(
    request: Request, rows: Sequence[AnyRow], message: str, *, redacted: bool = False, skip: int = 0
) -> Envelope[AnyRow]:
    """Wrap rows, a page of them from `skip` on."""
    page = tuple(rows[skip : skip + PAGE_ROWS])
    further = skip + PAGE_ROWS
    link = None
    if further < len(rows):
        asked = urlencode({**request.query_params, "skip": further})
        link = f"{center_of(request).policy.base_url.rstrip('/')}{request.url.path}?{asked}"
    return Envelope(
        value=page,
        next_link=link,
        total_count=len(rows),
        message=message,
        status_code=200,
        data_redacted=redacted,
    )


def is_redacted(visitor: Visitor, *names: str) -> bool:
    """Tell whether one of the datasets has columns that the visitor does not see."""
    datasets = [one for name in names if (one := visitor.scope.dataset(name)) is not None]
    return any(len(visitor.scope.fields[one.name]) < len(one.report.fields) for one in datasets)


def tell_errors(api: FastAPI) -> None:
    """Make an application tell each error in an envelope."""
    for kind, status in ((QueryRefused, 400), (DeliveryRefused, 400), (NotAllowed, 403), (NotThere, 404)):
        api.add_exception_handler(kind, _Told(status))
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(ShelfBroken, _damaged)
    api.add_exception_handler(Exception, _bug)


class _Told:
    """Tells an error whose text is meant for the caller."""

    def __init__(self, status: int) -> None:
        self.status = status

    def __call__(self, request: Request, error: Exception) -> JSONResponse:  # noqa: ARG002 Starlette's signature
        return refusal(self.status, str(error))


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    told = str(error.detail)
    if told == "Not Found":
        told = f"There is no call {request.method} {shown(request.url.path)}; openapi.json has all calls."
    elif told == "Method Not Allowed":
        told = f"{shown(request.url.path)} does not answer {request.method}; see openapi.json."
    return refusal(error.status_code, told, headers=dict(error.headers or {}))


def _invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 Starlette's signature
    assert isinstance(error, RequestValidationError)
    told = []
    for one in error.errors():
        name = ".".join(str(part) for part in one["loc"][1:]) or "The body"
        match one["type"]:
            case "missing":
                told.append(f"{name} is missing.")
            case "extra_forbidden":
                told.append(f"There is no field {shown(name)}.")
            case "json_invalid":
                told.append("The body is no JSON object.")
            case _:
                told.append(f"{name}: {one['msg']}; got {shown(str(one['input']))}.")
    return refusal(400, " ".join(told))


def _damaged(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 Starlette's signature
    # The sentence names folders of this machine: it is the operator's.
    log.error("%s", error)
    return refusal(500, "A published month is damaged; tell who runs the service, whose log says what to do.")


def _bug(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 Starlette's signature
    return refusal(500, "An error inside the service; its log tells more.")


def refusal(status: int, message: str, *, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an answer to a call that was not possible."""
    told = Refusal(
        value=(), next_link=None, total_count=0, message=message, status_code=status, data_redacted=False
    )
    return JSONResponse(told.model_dump(by_alias=True), status_code=status, headers=headers)
