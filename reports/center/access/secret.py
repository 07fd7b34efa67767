"""Secrets of sessions, tokens and links: 256 random bits, handed out once and kept by their digest."""

import hashlib
import secrets


def make_secret() -> str:
    """Return a new secret that can stand in a header, a cookie and a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
