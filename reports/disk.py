"""What is on the disk when the power fails: whole files, whole folders, and links that point to them."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.errors import PublicationRefused

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_IN_WORDS = (os.strerror(errno.ENOSPC), "database or disk is full")
"""How engines and databases tell it, which give no number."""


@contextmanager
def full_disk_refused(folder: Path) -> Iterator[None]:
    """Turn a full disk into a sentence for the operator.

    Raises:
        PublicationRefused: the disk, or the share of it that may be used, is full.
    """
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise PublicationRefused(_told(folder)) from error


def is_full(error: Exception) -> bool:
    """Tell whether a fault is that of a full disk."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in FULL
    return any(words in str(error) for words in FULL_IN_WORDS)


def _told(folder: Path) -> str:
    return (
        f"The disk that holds {folder} is full, so nothing was published; what was published before is"
        " untouched. Free some space and start the month again."
    )


def sync(path: Path) -> None:
    """Make a file, or the list of a folder's entries, last."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make a folder last with everything in it."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def point(link: Path, target: Path) -> None:
    """Let a link point to a folder from one instant to the next; the link is relative to where it stands."""
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.link")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    fresh.replace(link)
    sync(link.parent)
