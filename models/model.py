"""What was learned about a product: boosters, weights, level and anchors; saved as text, nothing pickled."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
from scipy.special import logit

from models.calibrate import Calibration
from models.trees import Floats, Trees, Values

BOOSTERS = ("look_alike", "conversion", "intent", "everything")
"""The boosters of a product, in the order of their margins."""
FIT, INTENT, EVERYTHING = slice(0, 2), slice(2, 3), 3
"""Which margins fit and intent are told by; a purchase is told by all."""
_ALL = slice(None)
TOO_FEW_PURCHASES = 20
SMALL_TREES_BELOW = 300
POOLED_BELOW = 200
"""Purchases at which the product's own trees and the pooled ones weigh the same."""


class State(StrEnum):
    """Whether and how a product is scored for a customer."""

    SCORED = "Scored"
    POOLED = "Pooled model"
    TOO_LITTLE = "Not scored: too little history"
    OUT_OF_SCOPE = "Not scored: out of scope"


def log_odds_of(share: float) -> float:
    """Return the log-odds of a share; of none or all those of one in a million."""
    return float(logit(min(max(share, 1e-6), 1 - 1e-6)))


def own_weight(purchases: int) -> float:
    """Return the weight of a product's own margin against the pooled one."""
    return purchases / (purchases + POOLED_BELOW)


@dataclass(frozen=True, slots=True)
class Margins:
    """The boosters of a product, or of all products together.

    The first two read who the customer is: like whom owns or buys it, and like whom buys it now.
    """

    look_alike: Trees
    conversion: Trees
    intent: Trees
    everything: Trees

    def read(self, values: Values, *, which: slice = _ALL, threads: int = 1) -> Floats:
        """Return the raw margins, one column a booster of those asked for."""
        return np.column_stack([trees.margin(values, threads=threads) for trees in self.each()[which]])

    def each(self) -> tuple[Trees, ...]:
        """Return the boosters in the order of the margins."""
        return self.look_alike, self.conversion, self.intent, self.everything


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Calibrated log-odds of a purchase within the horizon, told three ways; one value a row."""

    fit: Floats
    intent: Floats
    purchase: Floats


@dataclass(frozen=True, slots=True)
class Anchors:
    """Log-odds of the average customer at the product's first release; scores stand on them."""

    fit: float
    intent: float
    purchase: float


@dataclass(frozen=True, slots=True)
class Calibrations:
    """Fit and intent from their own margins, purchase from all of them."""

    fit: Calibration
    intent: Calibration
    purchase: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class PropensityModel:
    """What was learned about one product.

    `values` has one row a customer and one column a name of `names`, in that order; text features are the
    positions in `levels`. `own` is None where the pooled trees stand alone, `pooled` where the own ones do.
    """

    product: str
    trained_through: date
    purchases: int
    own_weight: float
    names: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    own: Margins | None
    pooled: Margins | None
    calibrations: Calibrations
    anchors: Anchors

    @property
    def state(self) -> State:
        """Whether the product's own trees carry the model; alone in its catalogue they do from the first."""
        return State.SCORED if self.own_weight >= 0.5 else State.POOLED

    def margins(self, values: Values, *, which: slice = _ALL, threads: int = 1) -> Floats:
        """Return the blended raw margins: a column of each booster asked for, one row a row of `values`."""
        each = [margins.read(values, which=which, threads=threads) for _, margins in self._blend()]
        return self.blend(np.column_stack(each))

    def boosters(self) -> dict[str, Trees]:
        """Return the boosters by the names of their files: the product's own ones, then the pooled ones."""
        return {
            f"{whose}_{name}": trees
            for whose, margins in (("own", self.own), ("pooled", self.pooled))
            if margins is not None
            for name, trees in zip(BOOSTERS, margins.each(), strict=True)
        }

    def purchase_weights(self) -> tuple[float, ...]:
        """Return what the margin of each of `boosters` counts in the purchase log-odds."""
        return tuple(
            share * weight for share, _ in self._blend() for weight in self.calibrations.purchase.weights
        )

    def blend(self, margins: Floats) -> Floats:
        """Blend raw margins of the own boosters (the first columns) and as many of the pooled ones."""
        shares = [share for share, _ in self._blend()]
        told = np.zeros((len(margins), margins.shape[1] // len(shares)))
        for share, part in zip(shares, np.hsplit(margins, len(shares)), strict=True):
            told += share * part
        return told

    def fit(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the calibrated log-odds of fit alone; the same as in `log_odds` at half the trees."""
        return self.calibrations.fit.log_odds(self.margins(values, which=FIT, threads=threads))

    def log_odds(self, values: Values, *, threads: int = 1) -> LogOdds:
        """Return the calibrated log-odds of each row."""
        return self.calibrated(self.margins(values, threads=threads))

    def calibrated(self, margins: Floats) -> LogOdds:
        """Return the log-odds of rows of blended margins."""
        told = self.calibrations
        return LogOdds(
            told.fit.log_odds(margins[:, FIT]),
            told.intent.log_odds(margins[:, INTENT]),
            told.purchase.log_odds(margins),
        )

    def importance(self) -> dict[str, float]:
        """Return each feature's share of the gain in the purchase log-odds; the shares add up to 1."""
        told = np.zeros(len(self.names))
        for share, margins in self._blend():
            for weight, trees in zip(self.calibrations.purchase.weights, margins.each(), strict=True):
                gain = trees.importance()
                told[list(trees.columns)] += share * weight * gain / max(gain.sum(), 1e-12)
        return dict(zip(self.names, (told / max(told.sum(), 1e-12)).tolist(), strict=True))

    def tree_counts(self) -> dict[str, int]:
        """Return the number of trees of each booster, by the name of its file."""
        return {name: trees.count for name, trees in self.boosters().items()}

    def _blend(self) -> Iterator[tuple[float, Margins]]:
        if self.own is not None:
            yield self.own_weight, self.own
        if self.pooled is not None:
            yield 1 - self.own_weight, self.pooled

    def save(self, folder: Path) -> None:
        """Write the boosters as text and the rest as `model.json`; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        told: dict[str, object] = {
            "product": self.product,
            "trained_through": self.trained_through.isoformat(),
            "purchases": self.purchases,
            "own_weight": self.own_weight,
            "names": self.names,
            "levels": dict(self.levels),
            "calibrations": asdict(self.calibrations),
            "anchors": asdict(self.anchors),
            "own": _write(folder, "own", self.own),
            "pooled": _write(folder, "pooled", self.pooled),
        }
        write_json(folder / "model.json", told)


def load(folder: Path) -> PropensityModel:
    """Read what `PropensityModel.save` wrote."""
    told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    calibrations = told["calibrations"]
    return PropensityModel(
        product=told["product"],
        trained_through=date.fromisoformat(told["trained_through"]),
        purchases=told["purchases"],
        own_weight=told["own_weight"],
        names=tuple(told["names"]),
        levels={name: tuple(levels) for name, levels in told["levels"].items()},
        own=_read(folder, "own", told["own"]),
        pooled=_read(folder, "pooled", told["pooled"]),
        calibrations=Calibrations(
            *(calibration(calibrations[name]) for name in ("fit", "intent", "purchase"))
        ),
        anchors=Anchors(**told["anchors"]),
    )


def calibration(told: Mapping[str, object]) -> Calibration:
    """Read a calibration from its JSON form."""
    weights, level = told["weights"], told["level"]
    assert isinstance(weights, list)
    assert isinstance(level, float)
    return Calibration(tuple(weights), level)


def write_json(path: Path, told: Mapping[str, object]) -> None:
    """Write JSON that is the same bytes for the same content."""
    path.write_text(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _write(folder: Path, whose: str, margins: Margins | None) -> list[dict[str, object]] | None:
    if margins is None:
        return None
    side: list[dict[str, object]] = []
    for name, trees in zip(BOOSTERS, margins.each(), strict=True):
        (folder / f"{whose}_{name}.txt").write_text(trees.text, encoding="utf-8")
        side.append({"name": name, "columns": trees.columns, "code": trees.code})
    return side


def _read(folder: Path, whose: str, side: list[dict[str, object]] | None) -> Margins | None:
    if side is None:
        return None
    return Margins(*(_trees(folder / f"{whose}_{row['name']}.txt", row) for row in side))


def _trees(path: Path, row: Mapping[str, object]) -> Trees:
    columns, code = row["columns"], row["code"]
    assert isinstance(columns, list)
    assert code is None or isinstance(code, int)
    return Trees(path.read_text(encoding="utf-8"), tuple(columns), code)
