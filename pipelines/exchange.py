"""Buckets handed to machines that mount no folder of this one's, through storage that all reach by a URL.

A machine fetches the rows of its bucket and the models, works in a folder of its own, and leaves the parts at
the URL, the word that they are whole last. Any storage that fsspec knows will do.
"""

import atexit
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import fsspec

from features.sources.holders import DOMAIN_HOLDERS
from pipelines.buckets import DONE, Done, Task, read_done, score_bucket
from pipelines.scorers import ScorerFile

TABLES, MODELS, PARTS = "tables", "models", "parts"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A place that all machines reach; what lies there is named by paths below it."""

    url: str

    def put(self, file: Path, name: str) -> None:
        """Put a file there."""
        there, place = self._at(name)
        there.makedirs(place.rpartition("/")[0], exist_ok=True)
        there.put_file(str(file), place)

    def get(self, name: str, to: Path) -> None:
        """Fetch a file from there."""
        there, place = self._at(name)
        to.parent.mkdir(parents=True, exist_ok=True)
        there.get_file(place, str(to))

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        there, place = self._at(name)
        return bool(there.exists(place))

    def clear(self) -> None:
        """Remove everything there."""
        there, place = self._at("")
        there.rm(place, recursive=True)

    def _at(self, name: str) -> tuple[Any, str]:
        there, place = fsspec.core.url_to_fs(f"{self.url}/{name}".rstrip("/"))
        return there, place

    def __call__(self, task: Task) -> Done:
        """Score a bucket from what is there, and leave its parts there; one that was done before stays."""
        with TemporaryDirectory(prefix="ascent-") as scratch:
            here = Path(scratch)
            whole = _part(task, DONE)
            if self.has(whole):
                self.get(whole, here / DONE)
                return read_done(here / DONE)
            for file in _inputs(task):
                name = file.relative_to(task.world.folder)
                self.get(f"{TABLES}/{name.as_posix()}", here / TABLES / name)
            alone = replace(
                task,
                world=replace(task.world, folder=here / TABLES),
                folder=here / PARTS,
                scorers=_scorers(self, task.scorers),
            )
            alone.folder.mkdir()
            done = score_bucket(alone)
            for part in (*alone.parts, alone.place / DONE):
                self.put(part, _part(task, part.name))
        return done


@contextmanager
def through(url: str, tasks: Sequence[Task]) -> Iterator[Callable[[Task], Done]]:
    """Lay out what the tasks need at the URL, give what does one of them anywhere, and fetch their parts."""
    exchange = Exchange(url)
    first = tasks[0]
    for file in sorted(first.world.folder.rglob("*.parquet")):
        exchange.put(file, f"{TABLES}/{file.relative_to(first.world.folder).as_posix()}")
    for scorer in first.scorers:
        for file in _files(scorer.folder):
            exchange.put(file, f"{MODELS}/{scorer.name}/{file.relative_to(scorer.folder).as_posix()}")
    yield exchange
    for task in tasks:
        for part in task.parts:
            exchange.get(_part(task, part.name), part)
    exchange.clear()


def _part(task: Task, name: str) -> str:
    return f"{PARTS}/{task.place.name}/{name}"


def _inputs(task: Task) -> Iterator[Path]:
    """Yield the files that the bucket's rows are in."""
    kept_apart = (DOMAIN_HOLDERS,) if task.world.buckets > 1 else ()
    for table in (*task.world.present, *kept_apart):
        yield from (*task.world.files(table), *task.world.shared(table))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


@lru_cache(maxsize=1)
def _scorers(exchange: Exchange, scorers: tuple[ScorerFile, ...]) -> tuple[ScorerFile, ...]:
    """Fetch the models, once a process; they go with it."""
    kept = Path(mkdtemp(prefix="ascent-models-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    there, place = exchange._at(MODELS)
    for path in sorted(there.find(place)):
        name = path.rpartition(f"/{MODELS}/")[2]
        exchange.get(f"{MODELS}/{name}", kept / name)
    return tuple(replace(scorer, folder=kept / scorer.name) for scorer in scorers)
