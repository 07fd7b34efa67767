"""The published months as the centre reads them: from their manifests, never from a list of the folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from features.sources.world import connect
from reports import dialect
from reports.center.datasets import Dataset
from reports.manifest import Manifest, read

LOCATIONS = "partner_locations.parquet"
MOST_KEPT = 1_000
"""Manifests, and columns of copies, that are kept in memory."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is published below a folder, and the copies from which it is read.

    A copy holds the cells of a CSV as they are published, each a text and empty ones null, in a form in which
    single columns and rows are found quickly. It is named by the digest of the CSV and made when it is first
    asked for.
    """

    published: Path
    copies: Path
    memory: str = "1GB"
    _engine: list[duckdb.DuckDBPyConnection] = field(default_factory=list)

    def months(self) -> tuple[Month, ...]:
        """Return the published months, oldest first."""
        folders = sorted(path for path in self.published.glob("????-??") if path.is_dir())
        return tuple(_month(path.name, path.resolve()) for path in folders)

    def latest(self) -> Month | None:
        """Return the newest month; None before the first."""
        months = self.months()
        return months[-1] if months else None

    def copy(self, month: Month, dataset: Dataset) -> Path | None:
        """Return the copy of a dataset's file in a month; None where the month has no such file."""
        digest = month.digest(dataset.path)
        if digest is None:
            return None
        path = self.copies / f"{digest}.parquet"
        if not path.exists():
            self._make(month.folder / dataset.path, path)
        return path

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a connection of one engine, whose memory all readers share."""
        if not self._engine:
            self._engine.append(connect(memory=self.memory, scratch=self.copies / "spill"))
        cursor = self._engine[0].cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _make(self, source: Path, path: Path) -> None:
        self.copies.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.copies, suffix=".partial")
        os.close(handle)
        rows = dialect.published(source)
        with self.reading() as engine:
            engine.execute(f"COPY (FROM {rows}) TO '{name}' (FORMAT parquet, COMPRESSION zstd)")
        Path(name).replace(path)


@lru_cache(maxsize=MOST_KEPT)
def _month(name: str, folder: Path) -> Month:
    """Read the manifest of a version; it never changes, so that it is read once."""
    manifest = read(folder)
    return Month(name=name, as_of=date.fromisoformat(manifest.as_of), folder=folder, manifest=manifest)


@lru_cache(maxsize=MOST_KEPT)
def columns_of(copy: Path) -> frozenset[str]:
    """Return the columns of a copy; its name is the digest of what it holds, so that it is asked once."""
    return frozenset(pq.read_schema(copy).names)
