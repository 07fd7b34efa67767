"""Answers of sites and records of the DNS, written for tests."""

from datetime import UTC, datetime

from features.sources.web.page import Fetched, Record

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DOMAIN = "acme.example"


def answer(
    body: bytes | str = "",
    *,
    url: str = f"https://www.{DOMAIN}/",
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/html; charset=utf-8"),),
    at: datetime = NOW,
) -> Fetched:
    content = body.encode() if isinstance(body, str) else body
    return Fetched(url=url, domain=DOMAIN, status=200, headers=headers, body=content, fetched_at=at)


def record(kind: str, value: str, *, name: str = "") -> Record:
    return Record(domain=DOMAIN, name=f"{name}.{DOMAIN}".lstrip("."), kind=kind, value=value)
