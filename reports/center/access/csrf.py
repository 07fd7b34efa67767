"""Refuse changes that another site sends in a visitor's name."""

import hmac
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from reports.center.access.visitor import center_of, find_visitor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER = "csrf", "x-csrf-token"
"""Where a form carries the session's token, or a script."""
TOKEN_OF_ITS_OWN = frozenset({"/sign-in"})
"""Pages without a session, which check a token of their own."""


async def check_csrf(request: Request) -> None:
    """Let a change through only with the session's token, and from a page of ours."""
    if request.method in SAFE:
        return
    check_origin(request)
    if request.url.path in TOKEN_OF_ITS_OWN:
        return
    visitor = await run_in_threadpool(find_visitor, request)
    if visitor is None:
        return  # the page itself sends the visitor to sign in
    sent = request.headers.get(HEADER)
    if sent is None:
        form = await request.form()
        field = form.get(FIELD)
        sent = field if isinstance(field, str) else ""
    if not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise HTTPException(403, "This form is no longer valid. Go back, reload the page, and try again.")


def check_origin(request: Request) -> None:
    """Refuse what the browser says comes from a page of somebody else."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    base = urlsplit(center_of(request).policy.base_url)
    ours = {f"{base.scheme}://{base.netloc}", f"{base.scheme}://{request.headers.get('host', '')}"}
    if origin not in ours:
        raise HTTPException(403, "This form was sent from another site.")
