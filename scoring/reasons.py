"""Why a purchase is as likely as it is: contributions by feature family, told as sentences.

Contributions are the exact path-dependent ones of the boosters (TreeSHAP, Lundberg et al. 2018), in log-odds.
A family stands for its columns: their contributions are summed, and the strongest column that points the same
way is told, so that three ways of counting the same visits do not make three reasons.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scoring.telling import Row, Teller

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
    for start in range(0, len(values), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        base, contributions = model.contributions(values[part], threads=threads)
        check_sum(base, contributions, log_odds[part])
        told += _told(contributions, values[part], families, teller)
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


def _told(
    contributions: Floats, values: NDArray[np.float32], families: Sequence[str], teller: Teller
) -> list[str]:
    names = list(dict.fromkeys(families))
    columns = [np.flatnonzero([family == name for family in families]) for name in names]
    sums = np.column_stack([contributions[:, place].sum(axis=1) for place in columns])
    order = np.argsort(-sums, axis=1, kind="stable")
    return [
        _row_told(sums[row], order[row], contributions[row], columns, values[row], teller)
        for row in range(len(values))
    ]


def _row_told(
    sums: Floats,
    order: NDArray[np.intp],
    contributions: Floats,
    columns: Sequence[NDArray[np.intp]],
    values: Row,
    teller: Teller,
) -> str:
    def sentences(ranked: NDArray[np.intp], least: float, *, is_for: bool) -> list[str]:
        sign = 1 if is_for else -1
        strong = (family for family in ranked if sign * sums[family] > least)
        found = (
            _family_told(sign * contributions, columns[family], values, teller, is_for=is_for)
            for family in strong
        )
        distinct = dict.fromkeys(sentence for sentence in found if sentence is not None)
        return list(islice(distinct, FOR_AT_MOST if is_for else AGAINST_AT_MOST))

    told = [
        *sentences(order, LEAST, is_for=True),
        *(AGAINST + sentence for sentence in sentences(order[::-1], LEAST, is_for=False)),
    ]
    if not told:
        told = sentences(order, 0.0, is_for=True)[:1] or [
            AGAINST + sentence for sentence in sentences(order[::-1], 0.0, is_for=False)[:1]
        ]
    return SEPARATOR.join(told)


def _family_told(
    contributions: Floats, columns: NDArray[np.intp], values: Row, teller: Teller, *, is_for: bool
) -> str | None:
    """Tell the strongest column of a family that points its way and about which something can be said."""
    for place in columns[np.argsort(-contributions[columns], kind="stable")]:
        if contributions[place] <= 0:
            return None
        sentence = teller.tell(int(place), values, is_for=is_for)
        if sentence is not None:
            return sentence
    return None
