"""Growing the boosters of a product, or of all together; margins that did not see their customer."""

import zlib
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from models.model import BOOSTERS, SMALL_TREES_BELOW, Margins
from models.splits import Split
from models.trees import FOLDS, Floats, Ground, Growth, Rows, Trees, Values

OWN_RATE = 0.1
POOLED_RATE = 0.15
"""Pooled rows are many: half the trees at twice the rate do as well."""
TOO_FEW_TO_JUDGE = 40
"""Wins on the newest date below which it neither stops the trees nor counts as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which features there are, which of them fit and intent read, and in which direction each may work."""

    names: tuple[str, ...]
    fit: tuple[int, ...]
    intent: tuple[int, ...]
    monotone: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Labelled rows; one row is a customer on a date (and a product, where products are pooled).

    `bought` is a purchase within the horizon; `good` that, or an owner who stayed. Where products are pooled
    the last column of `values` is the product's code. A row stands for as many as its weight says; for itself
    where there are none.
    """

    values: Values
    accounts: NDArray[np.str_]
    as_of: NDArray[np.datetime64]
    bought: Floats
    good: Floats
    weights: Floats | None = None
    pooled: bool = False

    @property
    def purchasers(self) -> int:
        """The number of distinct customers that bought."""
        return len(np.unique(self.accounts[self.bought > 0]))

    def rows(self, rows: Rows) -> "Sample":
        """Return some of the rows, by position."""
        return Sample(
            values=self.values[rows],
            accounts=self.accounts[rows],
            as_of=self.as_of[rows],
            bought=self.bought[rows],
            good=self.good[rows],
            weights=None if self.weights is None else self.weights[rows],
            pooled=self.pooled,
        )


@dataclass(frozen=True, slots=True)
class Learned:
    """The boosters of all rows, those of each fold of customers left out, and those of the earlier dates."""

    final: Margins
    folds: tuple[Margins, ...]
    rehearsal: Margins | None

    def of_product(self, code: int) -> "Learned":
        """Return pooled boosters as those of the product with that code."""

        def coded(margins: Margins) -> Margins:
            return Margins(*(replace(trees, code=code) for trees in margins.each()))

        return Learned(
            coded(self.final),
            tuple(coded(margins) for margins in self.folds),
            None if self.rehearsal is None else coded(self.rehearsal),
        )

    def unseen(self, values: Values, folds: NDArray[np.int8]) -> Floats:
        """Return the margins of each row from the boosters that did not see its customer."""
        told = np.empty((len(values), len(BOOSTERS)))
        for number, margins in enumerate(self.folds):
            told[folds == number] = margins.read(values[folds == number])
        return told


def folds_of(accounts: NDArray[np.str_]) -> NDArray[np.int8]:
    """Return the fold of each customer: the same in every product, month and run."""
    names, place = np.unique(accounts, return_inverse=True)
    fold = np.array([zlib.crc32(b"fold" + name.encode()) % FOLDS for name in names.tolist()], dtype=np.int8)
    return fold[place]


def learn(sample: Sample, layout: Layout, *, split: Split, seed: int, jobs: int = 1) -> Learned:
    """Grow the boosters on all rows, with each fold left out, and on the dates closed by the judge.

    The number of trees is the best on the judge of those grown on the earlier dates; where it holds too few
    wins, or there is nothing earlier, the best over the folds of customers. For fit always the latter: who
    owns today owned yesterday, so a later date of the same customers would reward learning them by heart. Fit
    changes slowly, so four dates teach it.
    """
    everything = tuple(range(len(layout.names)))
    kinds = (
        (layout.fit, sample.good),
        (layout.fit, sample.bought),
        (layout.intent, sample.bought),
        (everything, sample.bought),
    )
    parallel = Parallel(n_jobs=jobs, backend="threading")
    grown = parallel(
        delayed(_grow)(sample, layout, columns, labels, split, seed) for columns, labels in kinds
    )
    finals, *folds, rehearsals = (
        Margins(*of_kind) if None not in of_kind else None for of_kind in zip(*grown, strict=True)
    )
    assert finals is not None
    return Learned(finals, tuple(margins for margins in folds if margins is not None), rehearsals)


def _grow(
    sample: Sample, layout: Layout, columns: tuple[int, ...], labels: Floats, split: Split, seed: int
) -> list[Trees | None]:
    """Return the trees of all rows, of each fold left out, and of the earlier dates, in this order."""
    ground = _ground(sample, layout, columns, labels, seed)
    is_fit = columns == layout.fit
    rows = _spread_out(sample.as_of) if is_fit else np.arange(len(labels))
    folds = folds_of(sample.accounts)[rows]
    apart = [(rows[folds != number], rows[folds == number]) for number in range(FOLDS)]
    before = np.flatnonzero(np.isin(sample.as_of, np.array(split.earlier, dtype="datetime64[D]")))
    newest = np.flatnonzero(sample.as_of == np.datetime64(split.judge, "D"))
    rehearsal: str | None = None
    if is_fit or not len(before) or labels[newest].sum() < TOO_FEW_TO_JUDGE:
        count, of_folds = ground.grow_over(apart)
        rehearsal = ground.grow(before, count) if len(before) else None
    else:
        count, (rehearsal,) = ground.grow_over([(before, newest)])
        of_folds = tuple(ground.grow(rest, count) for rest, _ in apart)
    texts = [ground.grow(rows, count), *of_folds, rehearsal]
    code = 0 if sample.pooled else None
    return [None if text is None else Trees(text, columns, code) for text in texts]


def _spread_out(as_of: NDArray[np.datetime64]) -> Rows:
    """Return the rows of at most four dates, evenly spread and the newest among them."""
    dates = np.unique(as_of)
    step = -(-len(dates) // 4)
    return np.flatnonzero(np.isin(as_of, dates[::-1][::step]))


def _ground(sample: Sample, layout: Layout, columns: tuple[int, ...], labels: Floats, seed: int) -> Ground:
    names = tuple(layout.names[column] for column in columns)
    monotone = tuple(layout.monotone[column] for column in columns)
    if sample.pooled:
        columns, names, monotone = (*columns, len(layout.names)), (*names, "product"), (*monotone, 0)
    values = sample.values if len(columns) == sample.values.shape[1] else sample.values[:, list(columns)]
    leaves = 4 if sample.purchasers < SMALL_TREES_BELOW else 7
    rate = POOLED_RATE if sample.pooled else OWN_RATE
    growth = Growth(names=names, monotone=monotone, leaves=leaves, rate=rate, seed=seed)
    return Ground(values, labels, growth, sample.weights)
