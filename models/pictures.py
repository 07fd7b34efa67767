"""A model's figures as pictures for its MLflow run: is it calibrated, and what does its ranking gain?"""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def reliability(bins: pd.DataFrame, path: Path) -> None:
    """Draw `evaluate.reliability`: expected against observed rates in bins of equal count."""
    figure = _figure()
    axes = figure.subplots()
    most = float(max(bins["expected"].max(), bins["high"].max()))
    axes.plot([0, most], [0, most], color="grey", linewidth=1)
    bars = np.vstack([bins["observed"] - bins["low"], bins["high"] - bins["observed"]]).clip(min=0)
    axes.errorbar(bins["expected"], bins["observed"], yerr=bars, fmt="o", capsize=3)
    axes.set(title="Ten equal groups by expectation", xlabel="expected win rate", ylabel="observed win rate")
    _save(figure, path)


def gain(shares: pd.DataFrame, path: Path) -> None:
    """Draw `evaluate.gain`: the share of wins found among the customers expected most."""
    figure = _figure()
    axes = figure.subplots()
    rows = np.append(0.0, shares["share_of_rows"].to_numpy())
    axes.plot(rows, rows, color="grey", linewidth=1)
    axes.plot(rows, np.append(0.0, shares["share_of_wins"].to_numpy()), marker="o")
    axes.set(title="Wins found", xlabel="share of customers, most expected first", ylabel="share of wins")
    _save(figure, path)


def _figure() -> Figure:
    figure = Figure(figsize=(5.5, 4), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _save(figure: Figure, path: Path) -> None:
    # No software or date in the file: the same rows give the same bytes.
    figure.savefig(path, dpi=100, metadata={"Software": None})
