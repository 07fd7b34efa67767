"""Whether an agreement will be renewed: one booster over the customer's features and its facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from features import matrix, renewals
from features.build import Frames
from features.sources.tables import AGREEMENTS
from features.sources.world import World, connect
from models.calibrate import Calibration, calibrate, relevel
from models.figures import Figures, Rehearsal, judge
from models.learn import TOO_FEW_TO_JUDGE, folds_of
from models.model import SMALL_TREES_BELOW, TOO_FEW_PURCHASES, calibration, log_odds_of, write_json
from models.splits import Split
from models.trees import FOLDS, Floats, Ground, Growth, Trees, Values

NAME = "renewal"
_FACT_NAMES = tuple(fact.name for fact in renewals.FACTS)
_DAYS_TO_END = "agreement_days_to_end"
_TEXT_FACTS = tuple(fact.name for fact in renewals.FACTS if fact.is_text)


@dataclass(frozen=True, slots=True)
class Agreements:
    """One row is an agreement of a listed customer at an as-of date; `values` as the model's `names`."""

    agreement_ids: NDArray[np.str_]
    accounts: NDArray[np.str_]
    as_of: NDArray[np.datetime64]
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalModel:
    """What was learned about renewals; one row of `values` is an agreement, one column a name of `names`."""

    trained_through: date
    customers: int
    names: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    trees: Trees
    calibration: Calibration
    anchor: float
    """Log-odds of the average agreement at the first release; scores stand on it."""

    def log_odds(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the calibrated log-odds that each agreement is renewed."""
        return self.calibration.log_odds(self.trees.margin(values, threads=threads)[:, None])

    def save(self, folder: Path) -> None:
        """Write the booster as text and the rest as `model.json`; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "renewal.txt").write_text(self.trees.text, encoding="utf-8")
        told: dict[str, object] = {
            "trained_through": self.trained_through.isoformat(),
            "customers": self.customers,
            "names": self.names,
            "levels": dict(self.levels),
            "calibration": asdict(self.calibration),
            "anchor": self.anchor,
        }
        write_json(folder / "model.json", told)


def load(folder: Path) -> RenewalModel:
    """Read what `RenewalModel.save` wrote."""
    told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    names = tuple(told["names"])
    return RenewalModel(
        trained_through=date.fromisoformat(told["trained_through"]),
        customers=told["customers"],
        names=names,
        levels={name: tuple(levels) for name, levels in told["levels"].items()},
        trees=Trees((folder / "renewal.txt").read_text(encoding="utf-8"), tuple(range(len(names)))),
        calibration=calibration(told["calibration"]),
        anchor=told["anchor"],
    )


@dataclass(frozen=True, slots=True)
class TrainedRenewal:
    """The renewal model and its figures."""

    model: RenewalModel
    figures: Figures


def read(
    frames: Frames,
    world: World,
    as_ofs: Sequence[date],
    *,
    names: Sequence[str],
    levels: Mapping[str, tuple[str, ...]],
    days: int = renewals.DAYS_AHEAD,
) -> Agreements:
    """Read the agreements of listed customers that end within `days` of each as-of date."""
    with connect() as engine:
        held = renewals.due(engine, world, as_ofs, days=days)
    return _joined(frames, held, as_ofs, names, levels)


def train(
    frames: Frames, world: World, split: Split, *, cut: date, seed: int, anchor: float | None
) -> TrainedRenewal | None:
    """Train on the agreements whose outcome was known before `cut`; None with too few of either outcome.

    As for products, calibration sees margins that did not see the customer, and the newest date on which
    there are outcomes is rehearsed by trees grown on the dates closed by then.
    """
    with connect() as engine:
        held = renewals.due(engine, world, split.as_ofs)
        told = renewals.outcomes(engine, world, cut=cut)
    held = held.merge(told, on="agreement_id", how="inner", validate="m:1")
    names = (*matrix.customer_names(frames), *_FACT_NAMES)
    levels = {**matrix.levels(frames, split.as_ofs, matrix.customer_names(frames)), **_fact_levels(held)}
    rows = _joined(frames, held, split.as_ofs, names, levels)
    known = dict(zip(told["agreement_id"], told["is_renewed"], strict=True))
    renewed = np.array([known[name] for name in rows.agreement_ids.tolist()], dtype=np.float64)
    fewest = min(len(np.unique(rows.accounts[renewed == outcome])) for outcome in (0, 1))
    if fewest < TOO_FEW_PURCHASES:
        return None
    grown = _grow(rows, renewed, names, split, leaves=4 if fewest < SMALL_TREES_BELOW else 7, seed=seed)
    model = RenewalModel(
        trained_through=split.judge,
        customers=len(np.unique(rows.accounts)),
        names=names,
        levels=levels,
        trees=grown.trees,
        calibration=calibrate(grown.unseen, renewed, Calibration((1.0,), 0.0)),
        anchor=log_odds_of(float(renewed.mean())) if anchor is None else anchor,
    )
    return TrainedRenewal(model, _figures(model, rows, renewed, grown, split, seed))


@dataclass(frozen=True, slots=True)
class _Grown:
    trees: Trees
    unseen: Floats
    """Margins, in one column, of trees that did not see the customer."""
    rehearsal: Trees | None


def _grow(
    rows: Agreements, renewed: Floats, names: tuple[str, ...], split: Split, *, leaves: int, seed: int
) -> _Grown:
    growth = Growth(names=names, monotone=(0,) * len(names), leaves=leaves, seed=seed)
    ground = Ground(rows.values, renewed, growth)
    folds = folds_of(rows.accounts)
    apart = [(np.flatnonzero(folds != number), np.flatnonzero(folds == number)) for number in range(FOLDS)]
    count, texts = ground.grow_over(apart)
    columns = tuple(range(len(names)))
    unseen = np.empty((len(renewed), 1))
    for text, (_, left_out) in zip(texts, apart, strict=True):
        unseen[left_out, 0] = Trees(text, columns).margin(rows.values[left_out])
    before = np.flatnonzero(_before(rows, split))
    rehearsal = Trees(ground.grow(before, count), columns) if len(before) else None
    return _Grown(Trees(ground.grow(np.arange(len(renewed)), count), columns), unseen, rehearsal)


def _before(rows: Agreements, split: Split) -> NDArray[np.bool_]:
    """Tell of which rows the outcome could be known by the judge."""
    days_to_end = rows.values[:, rows.values.shape[1] - len(_FACT_NAMES) + _FACT_NAMES.index(_DAYS_TO_END)]
    known_on = rows.as_of + (days_to_end + AGREEMENTS.lag.days).astype("timedelta64[D]")
    return np.asarray(known_on < np.datetime64(split.judge, "D"))


def _figures(
    model: RenewalModel, rows: Agreements, renewed: Floats, grown: _Grown, split: Split, seed: int
) -> Figures:
    rehearsal = None
    newest = rows.as_of == np.datetime64(split.judge, "D")
    before = _before(rows, split)
    if grown.rehearsal is not None and newest.sum() >= TOO_FEW_TO_JUDGE:
        told = calibrate(grown.unseen[before], renewed[before], Calibration((1.0,), 0.0))
        told = relevel(grown.rehearsal.margin(rows.values[before])[:, None], renewed[before], told)
        expected = expit(told.log_odds(grown.rehearsal.margin(rows.values[newest])[:, None]))
        rehearsal = Rehearsal(split.judge, rows.accounts[newest], renewed[newest], np.asarray(expected))
    return Figures(
        product=NAME,
        purchases=model.customers,
        rows=len(renewed),
        base_rate=float(renewed.mean()),
        own_weight=1.0,
        trees={NAME: model.trees.count},
        importance=dict(zip(model.names, _shares(model.trees.importance()), strict=True)),
        judged=judge(rehearsal, seed=seed),
    )


def _shares(gain: Floats) -> list[float]:
    shares: list[float] = (gain / max(float(gain.sum()), 1e-12)).tolist()
    return shares


def _fact_levels(held: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the levels of the text facts, the most frequent first, ties by name."""
    found = {}
    for name in _TEXT_FACTS:
        counts = held[name].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        found[name] = tuple(str(level) for level in counts.index[: matrix.LEVELS_AT_MOST])
    return found


def _joined(
    frames: Frames,
    held: pd.DataFrame,
    as_ofs: Sequence[date],
    names: Sequence[str],
    levels: Mapping[str, tuple[str, ...]],
) -> Agreements:
    """Set each agreement beside its customer's features; agreements of customers that are not listed go."""
    of_customer = [name for name in names if name not in _FACT_NAMES]
    there = matrix.read(frames, as_ofs, None, of_customer, levels)
    customers = pd.MultiIndex.from_arrays([there.as_of.astype("datetime64[s]"), there.accounts])
    asked = pd.MultiIndex.from_arrays([held["as_of"].to_numpy().astype("datetime64[s]"), held["account_id"]])
    place = customers.get_indexer(asked)
    kept, place = held[place >= 0], place[place >= 0]
    facts = [_numbers(kept[name], levels.get(name)) for name in names if name in _FACT_NAMES]
    return Agreements(
        agreement_ids=kept["agreement_id"].to_numpy().astype(np.str_),
        accounts=kept["account_id"].to_numpy().astype(np.str_),
        as_of=kept["as_of"].to_numpy().astype("datetime64[D]"),
        values=np.ascontiguousarray(np.column_stack([there.values[place], *facts]), dtype=np.float32),
    )


def _numbers(column: "pd.Series[str] | pd.Series[float]", order: tuple[str, ...] | None) -> Values:
    if order is None:
        return column.to_numpy(dtype=np.float32, na_value=np.nan)
    codes = pd.Index(order).get_indexer(pd.Index(column))
    return np.where(codes < 0, len(order), codes).astype(np.float32)
