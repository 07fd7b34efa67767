"""Records the signals of exports beside those of pages, and why some of their lines tell nothing."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from features.sources.web.companies import Companies, Refused
from features.sources.web.domains import FORMULA
from features.sources.web.exports import Mention, Recorded, read_export
from features.sources.web.mentions import signals_of
from features.sources.web.plan import Plan
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import State

REFUSED = "exports.csv"
"""The lines that tell nothing, among the notes of a collection: file, line, reason; not what they said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The files to record and what they hold; `networks` tells the companies of IP addresses."""

    files: tuple[tuple[Recorded, Path], ...] = ()
    networks: Path | None = None


@dataclass(slots=True)
class Recording:
    """What an export came to: lines that are mentions of companies, those of other shares, those refused."""

    path: Path
    used: int = 0
    elsewhere: int = 0
    refused: int = 0


class _Writer(Protocol):
    def writerow(self, row: Iterable[object], /) -> object: ...


def record(
    exports: Exports,
    plan: Plan,
    *,
    tell: Callable[[Sequence[Passage]], Iterable[Signal]],
    at: datetime,
) -> tuple[Recording, ...]:
    """Keep the signals of exports with those of the plan's share; an export read again adds only what is new.

    Raises:
        CallRefused: A file cannot be read, a log lacks a column, or another collection is at work.
    """
    companies = Companies.read(exports.networks) if exports.networks is not None else Companies()
    plan.notes.mkdir(parents=True, exist_ok=True)
    recordings = []
    with (
        closing(State(plan.state)) as state,
        (plan.notes / REFUSED).open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(("file", "line", "reason"))
        if exports.networks is not None:
            for refused in companies.refused:
                _refuse(writer, exports.networks, refused)
        for kind, path in exports.files:
            recording = Recording(path)
            lines = read_export(path, kind, companies=companies, by=at)
            mentions = _sorted_out(lines, recording, plan, writer)
            state.add_signals(signals_of(mentions, tell, known_at=at))
            state.commit()
            recordings.append(recording)
    return tuple(recordings)


def _sorted_out(
    lines: Iterator[Mention | Refused], recording: Recording, plan: Plan, writer: _Writer
) -> Iterator[Mention]:
    """Yield the mentions of companies of the share; count the others and write down the lines refused."""
    for line in lines:
        if isinstance(line, Refused):
            recording.refused += 1
            _refuse(writer, recording.path, line)
        elif plan.share.has(line.domain):
            recording.used += 1
            yield line
        else:
            recording.elsewhere += 1


def _refuse(writer: _Writer, path: Path, refused: Refused) -> None:
    name = f"'{path.name}" if path.name.startswith(FORMULA) else path.name
    writer.writerow((name, refused.line, refused.reason))
