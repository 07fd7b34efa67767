"""Sign in, with a local account or an identity provider, and out."""

import hmac
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from reports.center.access import oidc
from reports.center.access.audit import write_audit
from reports.center.access.cookies import FORM, PROVIDER, SESSION, SHORT, drop_cookie, read_cookie, set_cookie
from reports.center.access.secret import make_secret
from reports.center.access.sessions import end_session
from reports.center.access.sign_in import TooManyFailed, sign_in_as_vouched, sign_in_with_password
from reports.center.access.visitor import center_of, find_visitor, local_path
from reports.center.center import Center
from reports.center.pages.render import render
from reports.center.words import N_

router = APIRouter()

REASONS = (
    N_("The name or the password is not right."),
    N_("Too many sign-ins failed. Try again in a quarter of an hour."),
    N_("You are known to your organization, but nobody has let you in here yet. Ask who manages people."),
    N_("This sign-in was not begun in this browser, or is over. Please begin again."),
    N_("This form is no longer valid. Please try again."),
)
"""Why a sign-in was refused; others, about the provider, are told as they are."""


@router.get("/sign-in")
def show(request: Request, next: str = "/") -> Response:
    """Show the form; somebody who is signed in goes on."""
    if find_visitor(request) is not None:
        return RedirectResponse(local_path(next), 303)
    return _form(request, local_path(next))


@router.post("/sign-in")
def sign_in(
    request: Request,
    subject: Annotated[str, Form(max_length=1024)] = "",
    password: Annotated[str, Form(max_length=4096)] = "",
    csrf: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in with a local account."""
    center, to = center_of(request), local_path(next)
    token = read_cookie(center, request, FORM)
    if not token or not hmac.compare_digest(token.encode(), csrf.encode()):
        return _form(request, to, reason=REASONS[4], status=403)
    try:
        secret = sign_in_with_password(center, request, subject, password)
    except oidc.SignInRefused as refused:
        status = 429 if isinstance(refused, TooManyFailed) else 401
        return _form(request, to, reason=str(refused), status=status, subject=subject)
    return _signed_in(center, secret, to)


@router.get("/sign-in/provider")
def to_provider(request: Request, next: str = "/") -> Response:
    """Send the browser to the identity provider."""
    center = center_of(request)
    if center.policy.provider is None:
        raise HTTPException(404)
    try:
        begun = oidc.begin(center, center.policy.provider)
    except oidc.SignInRefused as refused:
        return _form(request, local_path(next), reason=str(refused), status=502)
    answer = RedirectResponse(begun.address, 303)
    kept = f"{begun.remembered}.{quote(local_path(next), safe='')}"
    set_cookie(center, answer, PROVIDER, kept, seconds=SHORT)
    return answer


@router.get(oidc.CALLBACK)
def from_provider(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """Take the browser back from the identity provider."""
    center = center_of(request)
    if center.policy.provider is None:
        raise HTTPException(404)
    remembered, to = _remembered(center, request)
    try:
        if error or not code:
            raise oidc.SignInRefused("The identity provider did not sign you in.")
        vouched = oidc.finish(center, center.policy.provider, remembered, state=state, code=code)
        answer = _signed_in(center, sign_in_as_vouched(center, request, vouched), to)
    except oidc.SignInRefused as refused:
        answer = _form(request, to, reason=str(refused), status=403)
    drop_cookie(center, answer, PROVIDER)
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    center, visitor = center_of(request), find_visitor(request)
    end_session(center, read_cookie(center, request, SESSION))
    if visitor is not None:
        write_audit(center, visitor.person, "sign out")
    answer = RedirectResponse("/sign-in", 303)
    drop_cookie(center, answer, SESSION)
    return answer


def _form(request: Request, to: str, *, reason: str = "", status: int = 200, subject: str = "") -> Response:
    """Return the form; it carries a token that its browser also has as a cookie."""
    center = center_of(request)
    token = read_cookie(center, request, FORM) or make_secret()
    provider = center.policy.provider
    answer = render(
        request,
        None,
        "sign_in.html",
        status=status,
        token=token,
        next=to,
        reason=reason,
        subject=subject,
        provider=None if provider is None else provider.name,
    )
    set_cookie(center, answer, FORM, token, seconds=SHORT)
    return answer


def _signed_in(center: Center, secret: str, to: str) -> Response:
    answer = RedirectResponse(to, 303)
    set_cookie(center, answer, SESSION, secret, seconds=center.policy.session_hours * 3600)
    drop_cookie(center, answer, FORM)
    return answer


def _remembered(center: Center, request: Request) -> tuple[str, str]:
    """Return what a browser remembers of its sign-in on the way, and where it wanted to go."""
    *remembered, to = [*read_cookie(center, request, PROVIDER).split(".", 3), ""][:4]
    return ".".join(remembered), local_path(unquote(to))
