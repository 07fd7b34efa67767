"""The published months as the centre reads them: from their manifests, never from a list of the folder."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from features.errors import AscentError
from features.sources.world import connect
from reports import dialect
from reports.center.datasets import Dataset
from reports.manifest import NAME, Manifest, read

LOCATIONS = "partner_locations.parquet"
MOST_KEPT = 1_000
"""Manifests, and columns of copies, that are kept in memory."""


class ShelfBroken(AscentError):
    """A published month is damaged: the message tells the operator where, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A published month; `folder` is that of its version, which stays while somebody reads it."""

    name: str
    as_of: date
    folder: Path
    manifest: Manifest

    def digest(self, path: str) -> str | None:
        """Return the SHA-256 of a file of the month; None where it has no such file."""
        return next((file.sha256 for file in self.manifest.files if file.path == path), None)

    @property
    def locations(self) -> Path | None:
        """Which locations transact with which customers; None where the month does not tell."""
        return self.folder / LOCATIONS if self.digest(LOCATIONS) else None


class Shelf:
    """What is published below a folder, and the copies from which it is read.

    A copy holds the cells of a CSV as they are published, each a text and empty ones null, in a form in which
    single columns and rows are found quickly. It is named by the digest of the CSV and made when it is first
    asked for.
    """

    def __init__(self, *, published: Path, copies: Path, memory: str = "1GB") -> None:
        """Open a shelf with an engine of its own, which `close` ends; all readers share its `memory`."""
        self.published = published
        self.copies = copies
        self._engine = connect(memory=memory, scratch=copies / "spill")

    def close(self) -> None:
        """End the engine: nothing can be read any more."""
        self._engine.close()

    def months(self) -> tuple[Month, ...]:
        """Return the published months, oldest first.

        Raises:
            ShelfBroken: a month cannot be read; to leave it out would tell of other months as if it were not.
        """
        folders = sorted(path for path in self.published.glob("????-??") if path.is_dir())
        return tuple(_month(path.name, path.resolve()) for path in folders)

    def latest(self) -> Month | None:
        """Return the newest month; None before the first."""
        months = self.months()
        return months[-1] if months else None

    def copy(self, month: Month, dataset: Dataset) -> Path | None:
        """Return the copy of a dataset's file in a month; None where the month has no such file.

        Raises:
            ShelfBroken: the file is not the one that the month was published with.
        """
        digest = month.digest(dataset.path)
        if digest is None:
            return None
        path = self.copies / f"{digest}.parquet"
        if not path.exists():
            self._make(month, month.folder / dataset.path, digest)
        return path

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a connection of the engine."""
        cursor = self._engine.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _make(self, month: Month, source: Path, digest: str) -> None:
        _check(month, source, digest)
        self.copies.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.copies, suffix=".partial")
        os.close(handle)
        partial = Path(name)
        rows = dialect.published(source)
        try:
            with self.reading() as engine:
                engine.execute(f"COPY (FROM {rows}) TO '{name}' (FORMAT parquet, COMPRESSION zstd)")
            partial.replace(self.copies / f"{digest}.parquet")
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@lru_cache(maxsize=MOST_KEPT)
def _month(name: str, folder: Path) -> Month:
    """Read the manifest of a version; it never changes, so that it is read once."""
    try:
        manifest = read(folder)
        return Month(name=name, as_of=date.fromisoformat(manifest.as_of), folder=folder, manifest=manifest)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        told = f"{folder / NAME} is no manifest of a month: {type(fault).__name__}: {fault}"
        raise _broken(name, told) from fault


@lru_cache(maxsize=MOST_KEPT)
def columns_of(copy: Path) -> frozenset[str]:
    """Return the columns of a copy; its name is the digest of what it holds, so that it is asked once."""
    return frozenset(pq.read_schema(copy).names)


def _check(month: Month, source: Path, digest: str) -> None:
    """Refuse to copy a file that is another one than the manifest lists, or none."""
    try:
        with source.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise _broken(month.name, f"{source} cannot be read: {fault.strerror}") from fault
    if found != digest:
        raise _broken(month.name, f"{source} is not the file that its manifest lists, {digest}; got {found}")


def _broken(month: str, told: str) -> ShelfBroken:
    return ShelfBroken(
        f"The published month {month} is damaged: {told}. Put the folder back as it was published, or remove"
        f" published/{month} and run `ascent monthly` for it again."
    )
