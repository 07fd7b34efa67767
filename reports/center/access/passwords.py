"""Passwords of local accounts: argon2 digests, and an answer that takes as long for nobody's name."""

from functools import lru_cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from features.errors import CallRefused
from reports.center.access.secret import make_secret
from reports.center.center import Policy

SHORTEST, LONGEST = 12, 1024
"""Characters of a password."""

# Each costs the policy's memory: as many at a time, whoever asks.
_AT_WORK = BoundedSemaphore(4)


def digest_password(policy: Policy, password: str) -> str:
    """Return the digest of a new password.

    Raises:
        CallRefused: it is too short, or absurdly long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise CallRefused(
            f"A password has {SHORTEST} to {LONGEST:,} characters; this one has {len(password):,}."
        )
    with _AT_WORK:
        return _hasher(policy.password_kib, policy.password_passes).hash(password)


def is_password(policy: Policy, password: str, kept: str | None) -> bool:
    """Tell whether a password is the kept one; with none kept, false after the same work."""
    nobodys = _nobodys(policy.password_kib, policy.password_passes)
    against = kept or nobodys
    with _AT_WORK:
        is_right = _hasher(policy.password_kib, policy.password_passes).verify(
            password[: LONGEST + 1], against
        )
    return is_right and kept is not None


@lru_cache(maxsize=4)
def _hasher(kib: int, passes: int) -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=passes, memory_cost=kib, parallelism=1),))


@lru_cache(maxsize=4)
def _nobodys(kib: int, passes: int) -> str:
    return _hasher(kib, passes).hash(make_secret())
