"""The evidence beside a published month: how clean the inputs were, what the run says, the models' cards."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.center.shelf import Month
from reports.manifest import EVIDENCE

QUALITY = f"{EVIDENCE}/data_quality.csv"
REPORT = f"{EVIDENCE}/run_report.json"
CARDS = f"{EVIDENCE}/model_cards/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """An input table: its rows, those that kept their contract, those that broke it, those of later."""

    table: str
    rows: int
    accepted: int
    rejected: int
    later: int

    @property
    def kept(self) -> float | None:
        """The share of judged rows that kept the contract; None where none was judged."""
        judged = self.accepted + self.rejected
        return self.accepted / judged if judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A small table of a card."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A model card as plain texts; nothing in it is taken for markup."""

    product: str
    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...]
    grid: Grid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the run that published the month says of itself, in its own words."""

    warnings: tuple[str, ...]
    moved: tuple[str, ...]
    breaches: tuple[str, ...]
    missing: tuple[str, ...]
    no_data: tuple[str, ...]


def read_quality(month: Month) -> tuple[Quality, ...]:
    """Return the input tables of a month; none where it does not tell."""
    text = _text(month, QUALITY)
    if text is None:
        return ()
    return tuple(
        Quality(
            table=row["table"],
            rows=int(row["rows"]),
            accepted=int(row["accepted"]),
            rejected=int(row["rejected"]),
            later=int(row["known_later"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def read_run(month: Month) -> Run | None:
    """Return what the run says; None where the month has no report of it."""
    text = _text(month, REPORT)
    if text is None:
        return None
    told: dict[str, Any] = json.loads(text)
    return Run(
        warnings=tuple(told["warnings"]),
        moved=tuple(told["moved"]),
        breaches=tuple(told["breaches"]),
        missing=tuple(told["missing"]),
        no_data=tuple(told["no_data"]),
    )


def read_cards(month: Month) -> tuple[Card, ...]:
    """Return the model cards of a month, in the order of the products' prefixes."""
    paths = sorted(file.path for file in month.manifest.files if file.path.startswith(CARDS))
    texts = ((path, _text(month, path)) for path in paths)
    return tuple(
        read_card(path.removeprefix(CARDS).removesuffix(".md"), text)
        for path, text in texts
        if text is not None
    )


def read_card(product: str, text: str) -> Card:
    """Take a card apart: `#` before its title, `-` before a fact, `|` around a table, else a paragraph."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    table = [line for line in lines if line.startswith("|")]
    return Card(
        product=product,
        title=next((line.lstrip("# ") for line in lines if line.startswith("#")), product),
        paragraphs=tuple(line for line in lines if line[0] not in "#-|"),
        facts=tuple(line.lstrip("- ") for line in lines if line.startswith("- ")),
        grid=_grid(table) if table else None,
    )


def _grid(lines: Sequence[str]) -> Grid:
    heads, *rows = _cells(lines)
    return Grid(heads=heads, rows=tuple(row for row in rows if set("".join(row)) - set("-:")))


def _cells(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield tuple(cell.strip() for cell in line.strip("|").split("|"))


def _text(month: Month, path: str) -> str | None:
    """Read a file that the manifest names."""
    return (month.folder / path).read_text(encoding="utf-8") if month.digest(path) else None
