"""A person's own account: its language and password, where it is signed in, the tokens of its programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from features.errors import CallRefused
from reports.center.access import self_service
from reports.center.access.cookies import SESSION, drop_cookie, read_cookie
from reports.center.access.manage import told
from reports.center.access.passwords import SHORTEST
from reports.center.access.secret import digest
from reports.center.access.sessions import sessions_of
from reports.center.access.tokens import make_token, revoke_token, tokens_of
from reports.center.access.visitor import Visiting, Visitor
from reports.center.pages.render import render

router = APIRouter(prefix="/account")

DAYS = (30, 90, 180, 365)
"""How long a token may be asked to live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser in which the person is signed in."""

    since: datetime
    until: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of the person's programs, as it is recognised."""

    id: int
    name: str
    begins: str
    made: datetime
    until: datetime
    last_used: datetime | None
    is_over: bool


@router.get("")
def show(request: Request, visitor: Visiting) -> Response:
    """Show the account."""
    return _page(request, visitor)


@router.post("/language")
def choose_language(request: Request, visitor: Visiting, language: Annotated[str, Form()] = "") -> Response:
    """Choose the language of the pages."""
    try:
        self_service.choose_language(visitor.center, visitor.person, language)
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return RedirectResponse("/account", 303)


@router.post("/password")
def choose_password(
    request: Request,
    visitor: Visiting,
    current: Annotated[str, Form(max_length=4096)] = "",
    new: Annotated[str, Form(max_length=4096)] = "",
) -> Response:
    """Choose another password."""
    try:
        self_service.choose_password(
            visitor.center,
            visitor.person,
            current=current,
            new=new,
            address="" if request.client is None else request.client.host,
            kept_session=read_cookie(visitor.center, request, SESSION),
        )
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return RedirectResponse("/account?done=password", 303)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(visitor: Visiting) -> Response:
    """End all sessions."""
    self_service.sign_out_everywhere(visitor.center, visitor.person)
    answer = RedirectResponse("/sign-in", 303)
    drop_cookie(visitor.center, answer, SESSION)
    return answer


@router.post("/tokens")
def add_token(
    request: Request, visitor: Visiting, name: Annotated[str, Form()] = "", days: Annotated[int, Form()] = 90
) -> Response:
    """Make a token and show it, this once."""
    try:
        secret = make_token(visitor.center, visitor.person, name, days)
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return _page(request, visitor, secret=secret)


@router.post("/tokens/{token}/revoke")
def end_token(visitor: Visiting, token: int) -> Response:
    """Revoke a token."""
    if not revoke_token(visitor.center, visitor.person, token):
        raise HTTPException(404)
    return RedirectResponse("/account", 303)


def _page(request: Request, visitor: Visitor, *, refused: str = "", secret: str = "") -> Response:
    center, person = visitor.center, visitor.person
    here = digest(read_cookie(center, request, SESSION))
    return render(
        request,
        visitor,
        "account.html",
        status=422 if refused else 200,
        refused=refused,
        secret=secret,
        is_done=request.query_params.get("done") == "password",
        chosen=person.language or "",
        has_password=self_service.has_password(center, person),
        shortest=SHORTEST,
        days=[one for one in DAYS if one <= center.policy.token_days] or [center.policy.token_days],
        reach=told(person.reach),
        sessions=[
            SignedIn(since=one.created_at, until=one.expires_at, is_this=one.digest == here)
            for one in sessions_of(center, person)
        ],
        tokens=[
            Token(
                id=one.id,
                name=one.name,
                begins=one.prefix,
                made=one.created_at,
                until=one.expires_at,
                last_used=one.last_used_at,
                is_over=one.expires_at <= center.now(),
            )
            for one in tokens_of(center, person)
        ],
    )
