"""The cookies of the centre: no script reads them, and no other site sends them with a change."""

from fastapi import Request
from starlette.responses import Response

from reports.center.center import Center

SESSION, FORM, PROVIDER = "ascent", "ascent-form", "ascent-provider"
"""A session; the token of the sign-in form; a sign-in that is on its way to an identity provider."""
SHORT = 15 * 60
"""Seconds that somebody takes to sign in at most."""


def cookie_name(center: Center, name: str) -> str:
    """Return a cookie's full name: under https one that no other host can plant."""
    return f"__Host-{name}" if _is_https(center) else name


def read_cookie(center: Center, request: Request, name: str) -> str:
    """Return what a cookie holds; empty without it."""
    return request.cookies.get(cookie_name(center, name), "")


def set_cookie(center: Center, answer: Response, name: str, value: str, *, seconds: int) -> None:
    """Give a browser a cookie."""
    answer.set_cookie(
        cookie_name(center, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_https(center),
    )


def drop_cookie(center: Center, answer: Response, name: str) -> None:
    """Take a cookie back."""
    answer.delete_cookie(
        cookie_name(center, name), path="/", httponly=True, samesite="lax", secure=_is_https(center)
    )


def _is_https(center: Center) -> bool:
    return center.policy.base_url.startswith("https:")
