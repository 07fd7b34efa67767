"""What we expect of every listed customer and product at an as-of date."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.special import expit

from features import matrix
from features.build import Frames
from features.matrix import Matrix
from features.products import Product
from models.model import LogOdds, PropensityModel, State
from models.scale import points
from scoring.cells import (
    CELLS,
    CLASSES,
    CLUSTERS,
    DEFAULT,
    STANDARD,
    TOLD_CLUSTERS,
    CellTable,
    Thresholds,
    cells,
    told,
)
from scoring.compiled import CompiledModels, CompiledProduct, CompiledRevenue
from scoring.patterns.patterns import CHECKED_ROWS
from scoring.reasons import reasons, require_told
from scoring.telling import Teller
from scoring.trend import trends

Floats = NDArray[np.float64]
Values = NDArray[np.float32]
Strings = NDArray[np.object_]

SCORES = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("product", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        ("fit_score", pa.int8()),
        ("fit_class", pa.string()),
        ("intent_score", pa.int8()),
        ("intent_class", pa.string()),
        ("cell", pa.string()),
        ("cluster", pa.string()),
        ("purchase_log_odds", pa.float64()),
        ("probability", pa.float64()),
        ("median_cents", pa.int64()),
        ("mean_cents", pa.int64()),
        ("expected_cents", pa.int64()),
        ("trend", pa.string()),
        ("reasons", pa.string()),
        ("fit_as_of", pa.date32()),
        ("intent_as_of", pa.date32()),
    ]
)
"""One row is a listed customer and a product. All but the first three are null where it is not scored;
`reasons` also where the cluster is neither Act Now nor Evaluate, money where no revenue was ever seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The as-of dates a month stands on; a feature frame of each must be there."""

    as_of: date
    fit_as_of: date
    """Of the quarter: the date that fit scores stand for."""
    previous: date | None
    """Of the month before; None where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is called High, and which cell belongs to which cluster; `thresholds` by a product's prefix."""

    table: CellTable = DEFAULT
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)

    def thresholds_of(self, product: Product) -> Thresholds:
        """Return the product's own thresholds, or the standard ones."""
        return self.thresholds.get(product.prefix, STANDARD)


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows of scores, and a sentence about each booster that could not be scored by its tables."""

    rows: pa.Table
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Subject:
    """A product and its models over the feature frames."""

    frames: Frames
    product: Product
    compiled: CompiledProduct
    revenue: CompiledRevenue | None
    threads: int

    @property
    def model(self) -> PropensityModel:
        """What was learned about the product."""
        return self.compiled.model

    def checked(self, now: Matrix, *, explain: bool, rows: int) -> "_Subject":
        """Return the subject with models that were held against LightGBM on some of the rows."""
        compiled = self.compiled.checked(now.values, explains=explain, rows=rows)
        if self.revenue is None:
            return replace(self, compiled=compiled)
        revenue = self.revenue.checked(self.for_revenue(now), self.product.prefix, rows=rows)
        return replace(self, compiled=compiled, revenue=revenue)

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence about each booster without tables."""
        of_revenue = () if self.revenue is None else self.revenue.warnings(self.product.prefix)
        return self.compiled.patterns.warnings + of_revenue

    def read(self, when: date) -> Matrix:
        """Read the listed customers in scope at a date."""
        return matrix.read(self.frames, [when], self.product, self.model.names, self.model.levels)

    def for_revenue(self, now: Matrix) -> Values:
        """Return the rows as the model of revenue reads them: the same where both were trained together."""
        assert self.revenue is not None
        asked = self.revenue.model
        if (asked.names, asked.levels) == (self.model.names, self.model.levels):
            return now.values
        when = now.as_of[0].astype(object)
        return matrix.read(self.frames, [when], self.product, asked.names, asked.levels).values

    def log_odds(self, there: Matrix) -> LogOdds:
        """Return the log-odds of the rows."""
        return self.compiled.log_odds(there.values, threads=self.threads)

    def fit(self, there: Matrix) -> Floats:
        """Return the log-odds of fit of the rows."""
        return self.compiled.fit(there.values, threads=self.threads)


def score(
    frames: Frames,
    models: CompiledModels,
    dates: Dates,
    *,
    rules: Rules | None = None,
    explain: bool = True,
    threads: int = 1,
    checked_rows: int = CHECKED_ROWS,
) -> Scored:
    """Return the scores of every listed customer and product (`SCORES`), sorted by account_id and product.

    A product without a model had too little history. Reasons are left out of what nobody reads, such as a
    backtest. On `checked_rows` of a product's rows the boosters' tables are held against LightGBM.

    Raises:
        ReasonsBroken: an Act Now or Evaluate row has no reason, or reasons do not add up.
    """
    rules = rules or Rules()
    parts: list[pa.Table] = []
    warnings: list[str] = []
    for product in frames.catalogue.products:
        listed, in_scope = _listed(frames, dates.as_of, product)
        compiled = models.products.get(product.prefix)
        parts.append(_unscored(listed[~in_scope], product, State.OUT_OF_SCOPE))
        if compiled is None:
            parts.append(_unscored(listed[in_scope], product, State.TOO_LITTLE))
        elif in_scope.any():
            subject = _Subject(frames, product, compiled, models.revenue, threads)
            now = subject.read(dates.as_of)
            subject = subject.checked(now, explain=explain, rows=checked_rows)
            parts.append(_scored(subject, now, dates, rules, explain=explain))
            warnings += subject.warnings
    rows = pa.concat_tables(parts).sort_by([("account_id", "ascending"), ("product", "ascending")])
    return Scored(rows, tuple(warnings))


def _listed(frames: Frames, as_of: date, product: Product) -> tuple[Strings, NDArray[np.bool_]]:
    """Return the listed customers and whether each is in the product's scope."""
    scope = f"in_scope__{product.prefix}"
    frame = pq.read_table(frames.path(as_of), columns=["account_id", "is_listed", scope])
    listed = frame.filter(frame["is_listed"])
    accounts: Strings = listed["account_id"].to_numpy().astype(object)
    return accounts, listed[scope].fill_null(False).to_numpy().astype(bool)


def _unscored(accounts: Strings, product: Product, state: State) -> pa.Table:
    known: dict[str, Any] = {"account_id": accounts, "product": product.prefix, "state": state.value}
    return _table(known, len(accounts))


def _scored(subject: _Subject, now: Matrix, dates: Dates, rules: Rules, *, explain: bool) -> pa.Table:
    log_odds = subject.log_odds(now)
    probability = expit(log_odds.purchase)
    classified = _classified(subject, now, log_odds, dates, rules)
    before = _purchase_log_odds(subject, dates.previous, now.accounts)
    return _table(
        {
            "account_id": now.accounts,
            "product": subject.product.prefix,
            "state": subject.model.state.value,
            **classified,
            "purchase_log_odds": log_odds.purchase,
            "probability": probability,
            "trend": trends(log_odds.purchase, before),
            "reasons": _reasons(subject, now, log_odds, classified["cluster"]) if explain else None,
            "intent_as_of": now.as_of,
            **_money(subject, now, probability),
        },
        len(now.accounts),
    )


def _classified(
    subject: _Subject, now: Matrix, log_odds: LogOdds, dates: Dates, rules: Rules
) -> dict[str, NDArray[Any]]:
    """Return scores, classes, cells and clusters, and the date fit stands for."""
    fit, fit_as_of = _fit(subject, now, log_odds.fit, dates)
    thresholds, anchors = rules.thresholds_of(subject.product), subject.model.anchors
    fit_points, intent_points = points(fit, anchors.fit), points(log_odds.intent, anchors.intent)
    fit_classes, intent_classes = thresholds.classes(fit_points), thresholds.classes(intent_points)
    cell = cells(fit_classes, intent_classes)
    return {
        "fit_score": fit_points,
        "fit_class": told(CLASSES, fit_classes),
        "intent_score": intent_points,
        "intent_class": told(CLASSES, intent_classes),
        "cell": told(CELLS, cell),
        "cluster": told(CLUSTERS, rules.table.clusters(cell)),
        "fit_as_of": fit_as_of,
    }


def _fit(
    subject: _Subject, now: Matrix, fit_now: Floats, dates: Dates
) -> tuple[Floats, NDArray[np.datetime64]]:
    """Return fit at the quarter's first date, or now for whoever was not listed then; and which date."""
    if dates.fit_as_of == dates.as_of:
        return fit_now, now.as_of
    then = subject.read(dates.fit_as_of)
    quarter = _aligned(then.accounts, subject.fit(then), now.accounts)
    is_new = np.isnan(quarter)
    return (
        np.where(is_new, fit_now, quarter),
        np.where(is_new, now.as_of, np.datetime64(dates.fit_as_of, "D")),
    )


def _purchase_log_odds(subject: _Subject, when: date | None, accounts: NDArray[np.str_]) -> Floats:
    """Return the purchase log-odds of the accounts on another date, same model; NaN if not listed then."""
    if when is None:
        return np.full(len(accounts), np.nan)
    then = subject.read(when)
    return _aligned(then.accounts, subject.log_odds(then).purchase, accounts)


def _aligned(there: NDArray[np.str_], values: Floats, wanted: NDArray[np.str_]) -> Floats:
    """Return the value of each wanted account, NaN where it is not there; `there` is sorted."""
    if not len(there):
        return np.full(len(wanted), np.nan)
    place = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    return np.where(there[place] == wanted, values[place], np.nan)


def _reasons(subject: _Subject, now: Matrix, log_odds: LogOdds, clusters: NDArray[Any]) -> Strings:
    """Return the reasons of the rows a seller acts on, None for the others."""
    model = subject.model
    acted_on = np.isin(clusters, TOLD_CLUSTERS)
    teller = Teller(model.names, model.levels, product=subject.product, catalogue=subject.frames.catalogue)
    families = matrix.families(model.names)
    found = reasons(
        subject.compiled,
        now.values[acted_on],
        log_odds.purchase[acted_on],
        families,
        teller,
        threads=subject.threads,
    )
    require_told(found, now.accounts[acted_on].tolist(), product=model.product)
    texts: Strings = np.full(len(clusters), None, dtype=object)
    texts[acted_on] = found
    return texts


def _money(subject: _Subject, now: Matrix, probability: Floats) -> dict[str, NDArray[Any]]:
    """Return the cents a purchase would bring in its first twelve months, and the cents to expect."""
    if subject.revenue is None:
        return {}
    values, prefix = subject.for_revenue(now), subject.product.prefix
    median, mean = subject.revenue.cents(values, prefix, threads=subject.threads)
    return {"median_cents": median, "mean_cents": mean, "expected_cents": probability * mean}


def _table(columns: Mapping[str, Any], rows: int) -> pa.Table:
    """Return the columns as `SCORES`: constants repeated, missing ones and NaN null, cents whole."""
    return pa.table([_array(columns.get(column.name), column.type, rows) for column in SCORES], schema=SCORES)


def _array(values: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None or isinstance(values, str):
        return pa.array([values] * rows, type=kind)
    if pa.types.is_integer(kind) and values.dtype.kind == "f":
        return pa.array(np.rint(values), from_pandas=True).cast(kind)
    return pa.array(values.tolist() if values.dtype.kind == "U" else values, type=kind, from_pandas=True)
