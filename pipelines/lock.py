"""One run per HOME at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.errors import PublicationRefused


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold HOME/run.lock; the system lets go of it when the process ends, however it ends.

    Raises:
        PublicationRefused: another run holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublicationRefused(
                f"Another run is working in {home}. One run per home was expected: wait until it has ended, "
                "then start this one again."
            ) from None
        yield
