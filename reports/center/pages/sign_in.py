"""Sign in with a local account, and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from reports.center.access.accounts import find, person_of
from reports.center.access.audit import write_audit
from reports.center.access.passwords import is_password
from reports.center.access.sessions import begin_session, cookie_name, end_session
from reports.center.access.visitor import center_of
from reports.center.database.engine import acting

router = APIRouter()

FORM = """<!doctype html><title>Sign in</title><form method="post" action="/sign-in">
<label>Name <input name="subject"></label> <label>Password <input name="password" type="password"></label>
<button>Sign in</button></form>"""


@router.get("/sign-in")
def show() -> Response:
    """Show the form."""
    return HTMLResponse(FORM)


@router.post("/sign-in")
def sign_in(request: Request, subject: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """Begin a session."""
    center = center_of(request)
    with acting(center.database, None) as session:
        user = find(session, subject)
        kept = user.password if user is not None and user.is_active else None
        if not is_password(center.policy, password, kept) or user is None:
            return HTMLResponse(FORM, 401)
        person = person_of(user)
        secret = begin_session(center, session, person)
        write_audit(center, person, "sign in", session=session)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        cookie_name(center),
        secret,
        max_age=center.policy.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=center.policy.base_url.startswith("https:"),
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    center = center_of(request)
    end_session(center, request.cookies.get(cookie_name(center), ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(cookie_name(center), path="/")
    return answer
