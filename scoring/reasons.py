"""Why a purchase is as likely as it is: contributions by feature family, told as sentences.

Contributions are the exact path-dependent ones of the boosters (TreeSHAP, Lundberg et al. 2018), in log-odds.
A family stands for its columns: their contributions are summed, and the strongest column that points the same
way is told, so that three ways of counting the same visits do not make three reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scoring.phrases import NOTHING, Numbers, Phrases
from scoring.telling import Teller

Floats = NDArray[np.float64]

FOR_AT_MOST = 3
AGAINST_AT_MOST = 2
AGAINST = "Against: "
SEPARATOR = "; "
LEAST = 0.05
"""Log-odds below which a family is not worth a seller's time, unless it is all there is."""
TOLERANCE = 1e-4
"""How far base plus contributions may be from the log-odds."""
ROWS_AT_ONCE = 10_000


class ReasonsBroken(Exception):
    """Contributions do not add up, or a row that needs a reason has none: a bug, not the operator's doing."""


class Explained(Protocol):
    """A model that says what each column adds to its log-odds."""

    def contributions(self, values: NDArray[np.float32], /, *, threads: int) -> tuple[Floats, Floats]:
        """Return the base of each row, and what each of its columns adds to it."""


def reasons(
    model: Explained,
    values: NDArray[np.float32],
    log_odds: Floats,
    families: Sequence[str],
    teller: Teller,
    *,
    threads: int = 1,
) -> list[str]:
    """Return the reasons of each row: up to three for, strongest first, then up to two against.

    A row about which nothing can be told has an empty text.

    Args:
        model: the model behind `log_odds`.
        values: the rows to explain, columns as in `families` and `teller`.
        log_odds: what the contributions must add up to.
        families: the family of each column.
        teller: tells a column of a row.
        threads: how many the contributions may take.

    Raises:
        ReasonsBroken: contributions are off by more than 1e-4.
    """
    told: list[str] = []
    phrases = Phrases(teller)
    for start in range(0, len(values), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        base, contributions = model.contributions(values[part], threads=threads)
        check_sum(base, contributions, log_odds[part])
        told += _block(contributions, values[part], families, phrases).texts()
    return told


def check_sum(base: Floats, contributions: Floats, log_odds: Floats) -> None:
    """Raise `ReasonsBroken` unless base plus contributions give the log-odds of every row within 1e-4."""
    off = np.abs(base + contributions.sum(axis=1) - log_odds)
    broken = np.count_nonzero(~(off <= TOLERANCE))
    if broken:
        raise ReasonsBroken(
            f"Contributions must add up to the log-odds within {TOLERANCE}; "
            f"{broken} of {len(off)} rows are off, by up to {np.nanmax(off):.2g}."
        )


def require_told(texts: Sequence[str], accounts: Sequence[str], *, product: str) -> None:
    """Raise `ReasonsBroken` unless every row has a reason."""
    untold = [account for account, text in zip(accounts, texts, strict=True) if not text]
    if untold:
        raise ReasonsBroken(
            f"Every Act Now or Evaluate row needs a reason; {len(untold)} of {len(texts)} rows of {product}"
            f" have none, such as {', '.join(untold[:3])}."
        )


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows to tell: contributions by column and row, and their sums by row and family."""

    values: NDArray[np.float32]
    contributions: Floats
    columns: tuple[Numbers, ...]
    """The columns of each family."""
    sums: Floats
    order: Numbers
    """The families of each row, the one that speaks most for it first."""
    phrases: Phrases

    def texts(self) -> list[str]:
        """Return the reasons of each row."""
        everyone = np.arange(len(self.values))
        told_for = self._pick(everyone, FOR_AT_MOST, LEAST, is_for=True)
        told_against = self._pick(everyone, AGAINST_AT_MOST, LEAST, is_for=False)
        for told, is_for in ((told_for, True), (told_against, False)):
            untold = np.flatnonzero((told_for[:, 0] == NOTHING) & (told_against[:, 0] == NOTHING))
            told[untold, :1] = self._pick(untold, 1, 0.0, is_for=is_for)
        texts = self.phrases.texts
        return [
            SEPARATOR.join(
                [texts[number] for number in speak_for if number != NOTHING]
                + [AGAINST + texts[number] for number in speak_against if number != NOTHING]
            )
            for speak_for, speak_against in zip(told_for.tolist(), told_against.tolist(), strict=True)
        ]

    def _pick(self, rows: Numbers, at_most: int, least: float, *, is_for: bool) -> Numbers:
        """Return the numbers of up to `at_most` different sentences a row, strongest family first."""
        order = self.order if is_for else self.order[:, ::-1]
        sign = 1 if is_for else -1
        picked = np.full((len(rows), at_most), NOTHING)
        count = np.zeros(len(rows), dtype=np.intp)
        open_ = np.arange(len(rows))
        for rank in range(len(self.columns)):
            families = order[rows[open_], rank]
            strong = (sign * self.sums[rows[open_], families] > least) & (count[open_] < at_most)
            open_, families = open_[strong], families[strong]
            if not len(open_):
                break
            for family in np.unique(families):
                there = open_[families == family]
                told = self._tell(family, rows[there], is_for=is_for)
                is_new = (told != NOTHING) & (picked[there] != told[:, None]).all(axis=1)
                there = there[is_new]
                picked[there, count[there]] = told[is_new]
                count[there] += 1
        return picked

    def _tell(self, family: int, rows: Numbers, *, is_for: bool) -> Numbers:
        """Tell the strongest column of a family that points its way and about which something can be said."""
        columns = self.columns[family]
        strength = self.contributions[np.ix_(columns, rows)] * (1 if is_for else -1)
        order = np.argsort(-strength, axis=0, kind="stable")
        told = np.full(len(rows), NOTHING)
        open_ = np.arange(len(rows))
        for rank in range(len(columns)):
            chosen = order[rank, open_]
            points = strength[chosen, open_] > 0
            open_, chosen = open_[points], chosen[points]
            for number in np.unique(chosen):
                there = open_[chosen == number]
                told[there] = self.phrases.tell(int(columns[number]), self.values, rows[there], is_for=is_for)
            open_ = open_[told[open_] == NOTHING]
            if not len(open_):
                break
        return told


def _block(
    contributions: Floats, values: NDArray[np.float32], families: Sequence[str], phrases: Phrases
) -> _Block:
    names = list(dict.fromkeys(families))
    columns = tuple(np.flatnonzero([family == name for family in families]) for name in names)
    by_column = np.ascontiguousarray(contributions.T)
    sums = np.column_stack([by_column[place].sum(axis=0) for place in columns])
    return _Block(values, by_column, columns, sums, np.argsort(-sums, axis=1, kind="stable"), phrases)
