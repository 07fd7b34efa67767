"""Training before each of some past dates, scoring at it, and judging with what happened after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from features.build import Frames, build
from features.errors import NotEnoughData
from features.periods import quarter_as_of
from features.products import Catalogue
from features.sources.tables import EITHER_REQUIRED
from features.sources.world import World, connect
from models import labels, splits
from models.train import train_all
from pipelines.backtesting import outcomes
from pipelines.backtesting.groups import group_rows
from pipelines.backtesting.judged import Later, judged, read_oracle
from pipelines.backtesting.measures import measure, measure_closed
from pipelines.backtesting.pictures import draw
from pipelines.backtesting.verdicts import Verdict, verdicts
from scoring.compiled import compile_models
from scoring.score import Dates, Rules, score

MEASURES = "backtest.csv"
GROUPS = "backtest_clusters.csv"
CLOSED = "backtest_closed.csv"
VERDICTS = "backtest_verdicts.csv"
PICTURE = "backtest.png"


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the recipe was worth: `measures` and `groups` as published, and a verdict on each criterion.

    `rows` are what was judged, as `judged.judged` gives them.
    """

    rows: pd.DataFrame
    measures: pd.DataFrame
    groups: pd.DataFrame
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How each date is trained and scored: what is the same on every date, and as in a release."""

    catalogue: Catalogue
    rules: Rules
    jobs: int = 1
    seed: int = 0


def backtest(  # noqa: PLR0913 - the choices of a backtest, each by name
    world: World,
    as_ofs: Sequence[date],
    to: Path,
    *,
    recipe: Recipe,
    work: Path,
    truth: Path | None = None,
    memory: str = "2GB",
    draws: int = 200,
    progress: Callable[[str], None] = lambda _: None,
) -> Backtest:
    """Judge the recipe at each as-of date, write `backtest.csv` and its companions to `to`, and return them.

    Each date trains with what was known before it; nothing is carried from one date to another. Feature
    frames are shared: a frame holds what was known before its own date, whoever reads it. `work` is for them;
    `truth` tells the true probabilities of a sample world.

    Raises:
        NotEnoughData: a date cannot be judged yet, or has no history to train on.
    """
    dates = tuple(sorted(set(as_ofs)))
    trained_on = _training_dates(world, dates)
    later = _later(world, recipe.catalogue, dates, truth)
    needed = (
        {when for some in trained_on.values() for when in some} | set(dates) | set(map(quarter_as_of, dates))
    )
    frames = build(world, sorted(needed), recipe.catalogue, work, memory=memory, progress=progress)
    parts = []
    for when in dates:
        progress(f"backtest of {when}")
        parts.append(_judged_at(frames, world, recipe, later, when, trained_on[when], progress))
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        raise NotEnoughData("No product had purchases enough to train on before any of the dates.")
    progress("intervals")
    return _written(rows, to, draws=draws, seed=recipe.seed)


def _training_dates(world: World, dates: Sequence[date]) -> Mapping[date, tuple[date, ...]]:
    """Return the training dates before each date to judge, once it is sure that all can be judged."""
    with connect() as engine:
        outcomes.require_closed(dates, world, seen=outcomes.seen_through(engine, world))
        first_on = labels.first_record(engine, world)
    if first_on is None:
        names = " and ".join(table.name for table in EITHER_REQUIRED)
        raise NotEnoughData(f"A backtest needs rows in {names}; there are none.")
    lag = splits.purchase_lag(world)
    return {when: splits.training_dates(when, lag=lag, first_on=first_on) for when in dates}


def _later(world: World, catalogue: Catalogue, dates: Sequence[date], truth: Path | None) -> Later:
    with connect() as engine:
        seen = outcomes.seen_through(engine, world)
        return Later(
            labels.read(engine, world, catalogue, dates, cut=seen),
            outcomes.opportunities(engine, world, catalogue, dates, seen=seen),
            read_oracle(truth),
        )


def _judged_at(
    frames: Frames,
    world: World,
    recipe: Recipe,
    later: Later,
    when: date,
    trained_on: Sequence[date],
    progress: Callable[[str], None],
) -> pd.DataFrame:
    """Train as a release at that date would, score, and set what happened beside it."""
    training = train_all(
        replace(frames, as_ofs=tuple(trained_on)),
        world,
        recipe.catalogue,
        cut=when,
        as_ofs=trained_on,
        jobs=recipe.jobs,
        seed=recipe.seed,
        progress=progress,
    )
    for leak in training.telltales:
        progress(str(leak))
    with connect() as engine:
        known = labels.read(engine, world, recipe.catalogue, training.as_ofs, cut=when)
    on = Dates(as_of=when, fit_as_of=quarter_as_of(when), previous=None)
    compiled = compile_models(training.models)
    scores = score(frames, compiled, on, rules=recipe.rules, explain=False, threads=recipe.jobs)
    for warning in scores.warnings:
        progress(warning)
    return judged(frames, training, known, scores.rows, later, as_of=when)


def _written(rows: pd.DataFrame, to: Path, *, draws: int, seed: int) -> Backtest:
    measured = measure(rows, draws=draws, seed=seed)
    grouped = group_rows(rows, draws=draws, seed=seed)
    closed = measure_closed(rows, draws=draws, seed=seed)
    told = verdicts(measured, grouped)
    to.mkdir(parents=True, exist_ok=True)
    _write(measured, to / MEASURES)
    _write(grouped, to / GROUPS)
    _write(closed, to / CLOSED)
    _write(verdict_rows(told), to / VERDICTS)
    draw(rows, grouped, to / PICTURE)
    return Backtest(rows, measured, grouped, told)


def verdict_rows(told: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row a criterion and product: its figure, the interval if it has one, whether it holds."""
    return pd.DataFrame(
        {
            "criterion": [one.criterion for one in told],
            "product": [one.product for one in told],
            "value": [one.figure.value for one in told],
            "low": [one.figure.low for one in told],
            "high": [one.figure.high for one in told],
            "holds": ["Yes" if one.holds else "No" for one in told],
            "judgement": [one.judgement for one in told],
        }
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
