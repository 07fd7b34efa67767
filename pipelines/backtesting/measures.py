"""How good the probabilities were: one row an as-of date, a product and a population."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models import evaluate
from models.evaluate import Floats, Interval
from models.learn import TOO_FEW_TO_JUDGE
from models.resampling import Draws, Ranking, interval

POOLED = "pooled"
"""All as-of dates together; intervals are over customers, so a customer's dates count as one."""
ALL = "all"
"""All products together, and all customers."""
WHITESPACE = "whitespace"
OWNERS = "owners"
POPULATIONS = (ALL, WHITESPACE, OWNERS)

Measured = Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a date (or all), of a product (or all)."""

    as_of: str
    product: str
    rows: pd.DataFrame


def groups(judged: pd.DataFrame) -> Iterator[Group]:
    """Give the rows by as-of date and product, then those of all dates and of all products."""
    dates = [*sorted(judged["as_of"].unique()), POOLED]
    for as_of in dates:
        on_date = judged if as_of == POOLED else judged[judged["as_of"] == as_of]
        for product in (*judged["product"].unique(), ALL):
            yield Group(as_of, product, on_date if product == ALL else on_date[on_date["product"] == product])


def measure(judged: pd.DataFrame, *, draws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return the measures of the judged rows, each of the main ones with `_low` and `_high`.

    One row is an as-of date or `pooled`, a product or `all`, and a population; `judgement` says where there
    are too few outcomes. A measure that the rows cannot tell is empty.
    """
    told = [_row(group, population, draws, seed) for group in groups(judged) for population in POPULATIONS]
    return pd.DataFrame(told)


def _row(group: Group, population: str, draws: int, seed: int) -> dict[str, object]:
    owner = group.rows["owner"].to_numpy(dtype=bool)
    keep = {ALL: np.ones_like(owner), OWNERS: owner, WHITESPACE: ~owner}[population]
    rows = group.rows[keep]
    bought = rows["bought"].to_numpy(dtype=np.float64)
    told: dict[str, object] = {
        "as_of": group.as_of,
        "product": group.product,
        "population": population,
        "rows": len(rows),
        "customers": rows["account_id"].nunique(),
        "positives": int(bought.sum()),
        "base_rate": bought.mean() if len(bought) else float("nan"),
        "judgement": "" if bought.sum() >= TOO_FEW_TO_JUDGE else "too few outcomes to judge",
    }
    for name, one in measures(rows, draws=draws, seed=seed).items():
        told[name] = one.value
        if name not in WITHOUT_INTERVAL:
            told[f"{name}_low"], told[f"{name}_high"] = one.low, one.high
    return told


def measure_closed(judged: pd.DataFrame, *, draws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return how well the probabilities tell won opportunities from lost ones, among those that closed.

    One row is an as-of date or `pooled`, and a product or `all`: opportunities closed within the horizon,
    those won, AUC and its interval over customers. A customer's opportunity is one row, so that a customer
    with many is not taken for one more likely to win.
    """
    told = []
    for group in groups(judged):
        won, lost = (group.rows[name].to_numpy(dtype=np.int64) for name in ("won", "lost"))
        closed = group.rows.loc[group.rows.index.repeat(won + lost)]
        happened = np.repeat(np.tile([1.0, 0.0], len(won)), np.column_stack([won, lost]).ravel())
        sample = Draws(closed["account_id"].to_numpy(), draws=draws, seed=seed)
        auc = interval(sample.ranking(happened, closed["probability"].to_numpy(dtype=np.float64)).auc)
        told.append((group.as_of, group.product, len(closed), int(won.sum()), auc.value, auc.low, auc.high))
    return pd.DataFrame(told, columns=["as_of", "product", "closed", "won", "auc", "auc_low", "auc_high"])


WITHOUT_INTERVAL = ("ece", "bins_on_diagonal", "oracle_auc")


def measures(rows: pd.DataFrame, *, draws: int = 200, seed: int = 0) -> Measured:
    """Return every measure of the probabilities, of the oracle, of the plain guesses and of fit alone."""
    bought, probability = (rows[name].to_numpy(dtype=np.float64) for name in ("bought", "probability"))
    sample = Draws(rows["account_id"].to_numpy(), draws=draws, seed=seed)
    ranking = sample.ranking(bought, probability)
    losses = _losses(sample, bought, probability)
    observed = sample.sums(bought)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected_over_observed = np.where(observed > 0, sample.sums(probability) / observed, np.nan)
    told = {
        "auc": interval(ranking.auc),
        "pr_auc": interval(ranking.pr_auc),
        "lift_at_10": interval(ranking.lift_at_10),
        "brier": interval(losses.brier),
        "log_loss": interval(losses.log_loss),
        "ece": _bare(evaluate.ece(bought, probability)),
        "expected_over_observed": interval(expected_over_observed),
        "calibration_slope": interval(sample.calibration_slope(bought, probability)),
        "bins_on_diagonal": _bare(_bins_on_diagonal(rows)),
    }
    oracle = rows["oracle"].to_numpy(dtype=np.float64)
    best = sample.ranking(bought, oracle).auc if not np.isnan(oracle).any() else ranking.auc * np.nan
    told |= {"oracle_auc": interval(best), "auc_minus_oracle": interval(ranking.auc - best)}
    for guess in ("recency", "popularity"):
        told |= _against(guess, sample, bought, rows[guess].to_numpy(dtype=np.float64), ranking, losses)
    fit = rows["fit"].to_numpy(dtype=np.float64)
    fit_ranking = sample.ranking(bought, fit)
    return told | {
        "fit_auc": interval(fit_ranking.auc),
        "fit_lift_at_10": interval(fit_ranking.lift_at_10),
        "fit_brier": interval(_losses(sample, bought, fit).brier),
    }


@dataclass(frozen=True, slots=True)
class _Losses:
    brier: Floats
    log_loss: Floats


def _losses(sample: Draws, bought: Floats, probability: Floats) -> _Losses:
    safe = np.clip(probability, 1e-12, 1 - 1e-12)
    return _Losses(
        sample.means((bought - probability) ** 2),
        sample.means(-(bought * np.log(safe) + (1 - bought) * np.log1p(-safe))),
    )


def _against(
    guess: str, sample: Draws, bought: Floats, probability: Floats, ranking: Ranking, losses: _Losses
) -> Measured:
    """Return what a plain guess is worth, and the model's paired differences from it."""
    other, other_losses = sample.ranking(bought, probability), _losses(sample, bought, probability)
    return {
        f"{guess}_auc": interval(other.auc),
        f"{guess}_lift_at_10": interval(other.lift_at_10),
        f"{guess}_brier": interval(other_losses.brier),
        f"{guess}_log_loss": interval(other_losses.log_loss),
        f"auc_minus_{guess}": interval(ranking.auc - other.auc),
        f"brier_minus_{guess}": interval(losses.brier - other_losses.brier),
        f"log_loss_minus_{guess}": interval(losses.log_loss - other_losses.log_loss),
    }


def _bins_on_diagonal(rows: pd.DataFrame) -> float:
    """Return how many of ten equal-count bins have the expected rate in the interval of the observed one."""
    if not len(rows):
        return float("nan")
    bins = evaluate.reliability(
        rows["bought"].to_numpy(dtype=np.float64),
        rows["probability"].to_numpy(dtype=np.float64),
        rows["account_id"].to_numpy(),
    )
    return float(((bins["low"] <= bins["expected"]) & (bins["expected"] <= bins["high"])).sum())


def _bare(value: float) -> Interval:
    return Interval(value, float("nan"), float("nan"))
