"""What is kept of earlier collections, a SQLite file a bucket of domains: nothing is told twice."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from features.errors import CallRefused
from features.sources.web.kept import KnownPage, Technology, TechnologyRow, page_of, row_of
from features.sources.web.outcomes import Outcome, Visited
from features.sources.web.share import bucket_of
from features.sources.web.signals import Passage, Signal

VERSION = 1
PAGES_KEPT = 500
"""Pages of a domain that are remembered: those seen last."""
GONE_AFTER = timedelta(days=14)
"""A technology is gone once it was missed for so long."""

LOCKED_AT_MOST = 10.0
"""Seconds that a process which was left alone may take to end."""

SCHEMA = (
    """CREATE TABLE pages (
    url TEXT PRIMARY KEY, domain TEXT NOT NULL, seen_on TEXT NOT NULL,
    changed_on TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    digest TEXT NOT NULL, errands TEXT NOT NULL, technologies TEXT NOT NULL
) WITHOUT ROWID""",
    """CREATE INDEX pages_of ON pages (domain, seen_on)""",
    """CREATE TABLE texts (
    domain TEXT NOT NULL, digest TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (domain, digest)
) WITHOUT ROWID""",
    """CREATE TABLE signals (
    signal_id TEXT PRIMARY KEY, domain TEXT NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL,
    strength REAL NOT NULL, happened_at TEXT NOT NULL, known_at TEXT NOT NULL, url TEXT NOT NULL,
    text TEXT NOT NULL, classifier TEXT NOT NULL
) WITHOUT ROWID""",
    """CREATE TABLE technologies (
    domain TEXT NOT NULL, technology TEXT NOT NULL, seen_on TEXT NOT NULL, vendor TEXT NOT NULL,
    category TEXT NOT NULL, missed_on TEXT, gone_known_on TEXT, PRIMARY KEY (domain, technology, seen_on)
) WITHOUT ROWID""",
    """CREATE TABLE visits (
    domain TEXT PRIMARY KEY, day TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
    pages INTEGER NOT NULL, bytes INTEGER NOT NULL, unchanged INTEGER NOT NULL, unreadable INTEGER NOT NULL
) WITHOUT ROWID""",
)


@dataclass(slots=True)
class State:
    """The files of the buckets in a folder, opened as they are needed; to be closed."""

    folder: Path
    _open: dict[int, sqlite3.Connection] = field(default_factory=dict)

    def close(self) -> None:
        """Close the files; what was not written by `write` is forgotten."""
        with ExitStack() as stack:
            for connection in self._open.values():
                stack.enter_context(closing(connection))
        self._open.clear()

    def _of(self, domain: str) -> sqlite3.Connection:
        return self.bucket(bucket_of(domain))

    def bucket(self, bucket: int) -> sqlite3.Connection:
        """Return the open file of a bucket.

        Raises:
            CallRefused: The file was written by another version, or is no such file.
        """
        if bucket not in self._open:
            self._open[bucket] = _opened(self._path(bucket))
        return self._open[bucket]

    def has(self, bucket: int) -> bool:
        """Tell whether anything was kept of a bucket."""
        return self._path(bucket).exists()

    def _path(self, bucket: int) -> Path:
        return self.folder / f"{bucket:02}.sqlite"

    def page(self, domain: str, url: str) -> KnownPage | None:
        """Return what is known of a page of a domain, if it is."""
        row = self._of(domain).execute("SELECT * FROM pages WHERE url = ?", (url,)).fetchone()
        return None if row is None else page_of(row)

    def pages(self, domain: str, since: date) -> Iterator[KnownPage]:
        """Yield the pages of a domain seen on a day or after it."""
        rows = self._of(domain).execute(
            "SELECT * FROM pages WHERE domain = ? AND seen_on >= ? ORDER BY url", (domain, since.isoformat())
        )
        return map(page_of, rows.fetchall())

    def visited(self, domain: str, day: date) -> Visited | None:
        """Return what became of a domain on a day; None where it was not visited to the end."""
        row = (
            self._of(domain)
            .execute(
                "SELECT outcome, reason, pages, bytes, unchanged, unreadable FROM visits"
                " WHERE domain = ? AND day = ?",
                (domain, day.isoformat()),
            )
            .fetchone()
        )
        if row is None:
            return None
        outcome, reason, pages, size, unchanged, unreadable = row
        return Visited(
            domain=domain,
            outcome=Outcome(outcome),
            reason=reason,
            pages=pages,
            bytes=size,
            unchanged=unchanged,
            unreadable=unreadable,
        )

    def is_repeated(self, passage: Passage) -> bool:
        """Tell whether the same words were read at another address of the domain; notes them where not."""
        asked, digest = self._of(passage.domain), passage.digest
        asked.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (passage.domain, digest, passage.url))
        row = asked.execute(
            "SELECT url FROM texts WHERE domain = ? AND digest = ?", (passage.domain, digest)
        ).fetchone()
        return bool(row[0] != passage.url)

    def add_page(self, page: KnownPage) -> None:
        """Keep what is known of a page, in place of what was known before."""
        self._of(page.domain).execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row_of(page),
        )

    def add_signals(self, signals: Iterable[Signal]) -> None:
        """Keep signals; one that is there stays as it was first known."""
        for row in signals:
            values = (row.signal_id, row.domain, row.kind, row.topic, row.strength)
            times = (row.happened_at.isoformat(), row.known_at.isoformat())
            self._of(row.domain).execute(
                "INSERT OR IGNORE INTO signals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, *times, row.url, row.text, row.classifier),
            )

    def add_visit(self, visited: Visited, day: date) -> None:
        """Keep what became of a domain, and forget the pages that were not seen for longest."""
        asked = self._of(visited.domain)
        asked.execute(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                visited.domain,
                day.isoformat(),
                visited.outcome,
                visited.reason,
                visited.pages,
                visited.bytes,
                visited.unchanged,
                visited.unreadable,
            ),
        )
        asked.execute(
            "DELETE FROM pages WHERE url IN"
            " (SELECT url FROM pages WHERE domain = ? ORDER BY seen_on DESC, url LIMIT -1 OFFSET ?)",
            (visited.domain, PAGES_KEPT),
        )

    def add_technologies(self, domain: str, seen: Iterable[Technology], day: date, *, complete: bool) -> None:
        """Keep what was seen at a domain on a day; `complete` tells that what was not seen is missed."""
        asked, today = self._of(domain), day.isoformat()
        seen = sorted({one.technology: one for one in sorted(seen)}.values())
        for one in seen:
            there = asked.execute(
                "UPDATE technologies SET missed_on = NULL"
                " WHERE domain = ? AND technology = ? AND gone_known_on IS NULL",
                (domain, one.technology),
            ).rowcount
            if not there:
                asked.execute(
                    "INSERT OR IGNORE INTO technologies VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                    (domain, one.technology, today, one.vendor, one.category),
                )
        if complete:
            self._miss(asked, domain, {one.technology for one in seen}, day)

    def _miss(self, asked: sqlite3.Connection, domain: str, seen: set[str], day: date) -> None:
        rows = asked.execute(
            "SELECT technology, missed_on FROM technologies WHERE domain = ? AND gone_known_on IS NULL",
            (domain,),
        ).fetchall()
        for technology, missed_on in rows:
            if technology in seen:
                continue
            is_gone = missed_on is not None and day - date.fromisoformat(missed_on) >= GONE_AFTER
            asked.execute(
                "UPDATE technologies SET missed_on = coalesce(missed_on, ?), gone_known_on = ?"
                " WHERE domain = ? AND technology = ? AND gone_known_on IS NULL",
                (day.isoformat(), day.isoformat() if is_gone else None, domain, technology),
            )

    def commit(self) -> None:
        """Let everything added so far stay, whatever happens after."""
        for connection in self._open.values():
            if connection.in_transaction:
                connection.commit()

    def signals(self, bucket: int) -> Iterator[Signal]:
        """Yield the signals of a bucket, by their ids."""
        for row in self.bucket(bucket).execute("SELECT * FROM signals ORDER BY signal_id"):
            signal_id, domain, kind, topic, strength, happened_at, known_at, url, text, classifier = row
            yield Signal(
                signal_id=signal_id,
                domain=domain,
                kind=kind,
                topic=topic,
                strength=strength,
                happened_at=datetime.fromisoformat(happened_at).astimezone(UTC),
                known_at=datetime.fromisoformat(known_at).astimezone(UTC),
                url=url,
                text=text,
                classifier=classifier,
            )

    def counts(self, bucket: int, day: date) -> tuple[int, int, int]:
        """Return how many signals a bucket has, how many of them are of a day, and how many technologies."""
        asked = self.bucket(bucket)
        (signals, fresh) = asked.execute(
            "SELECT count(*), count(*) FILTER (WHERE substr(known_at, 1, 10) = ?) FROM signals",
            (day.isoformat(),),
        ).fetchone()
        (technologies,) = asked.execute(
            "SELECT count(*) FROM technologies WHERE gone_known_on IS NULL"
        ).fetchone()
        return signals, fresh, technologies

    def technologies(self, bucket: int) -> Iterator[TechnologyRow]:
        """Yield the versions of a bucket's technologies: as first seen, and as gone once that is known."""
        rows = self.bucket(bucket).execute(
            "SELECT domain, technology, vendor, category, seen_on, missed_on, gone_known_on"
            " FROM technologies ORDER BY domain, technology, seen_on"
        )
        for domain, technology, vendor, category, seen_on, missed_on, gone_known_on in rows:
            for gone, known in ((None, seen_on), (missed_on, gone_known_on)):
                if known is not None:
                    yield TechnologyRow(
                        domain=domain,
                        technology=technology,
                        vendor=vendor,
                        category=category,
                        seen_on=date.fromisoformat(seen_on),
                        gone_on=None if gone is None else date.fromisoformat(gone),
                        known_on=date.fromisoformat(known),
                    )


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=LOCKED_AT_MOST)
    try:
        # Held until it is closed: no two collections work on the same domains.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()
        if version not in (0, VERSION):
            connection.close()
            raise CallRefused(
                f"{path} was written by version {version} of the collector, version {VERSION} was expected."
                " Collect with that version, or into another folder."
            )
    except sqlite3.OperationalError as error:
        connection.close()
        raise CallRefused(
            f"Another collection is working on {path}, or it cannot be written ({error}). One at a time was"
            " expected: wait until it has ended, or give each its own share."
        ) from None
    except sqlite3.DatabaseError as error:
        connection.close()
        raise CallRefused(f"{path} cannot be read as the collector's state: {error}.") from None
    return connection
