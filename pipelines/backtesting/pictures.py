"""The backtest as a picture: expected against observed rates, and the lift of each cluster."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from models import evaluate
from pipelines.backtesting.measures import ALL, POOLED
from scoring.cells import CLUSTERS


def draw(judged: pd.DataFrame, grouped: pd.DataFrame, path: Path) -> None:
    """Write a PNG of all dates together: reliability left, lift per cluster and product right."""
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    _reliability(left, judged)
    _lifts(right, grouped)
    # No software or date in the file: the same rows give the same bytes.
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _reliability(axes: Axes, judged: pd.DataFrame) -> None:
    bins = evaluate.reliability(
        judged["bought"].to_numpy(dtype=np.float64),
        judged["probability"].to_numpy(dtype=np.float64),
        judged["account_id"].to_numpy(),
    )
    most = float(max(bins["expected"].max(), bins["high"].max()))
    axes.plot([0, most], [0, most], color="grey", linewidth=1)
    bars = np.vstack([bins["observed"] - bins["low"], bins["high"] - bins["observed"]])
    axes.errorbar(bins["expected"], bins["observed"], yerr=bars, fmt="o", capsize=3)
    axes.set(title="Ten equal groups by expectation", xlabel="expected win rate", ylabel="observed win rate")


def _lifts(axes: Axes, grouped: pd.DataFrame) -> None:
    shown = grouped[(grouped["as_of"] == POOLED) & (grouped["grouping"] == "cluster")]
    products = [*(name for name in shown["product"].unique() if name != ALL), ALL]
    width = 0.8 / len(CLUSTERS)
    for place, cluster in enumerate(CLUSTERS):
        rows = shown[shown["value"] == cluster].set_index("product").reindex(products)
        middles = np.arange(len(products)) + (place - (len(CLUSTERS) - 1) / 2) * width
        bars = np.vstack([rows["lift"] - rows["lift_low"], rows["lift_high"] - rows["lift"]]).clip(min=0)
        axes.bar(middles, rows["lift"], width, yerr=bars, capsize=2, label=cluster)
    axes.axhline(1, color="grey", linewidth=1)
    axes.set_xticks(np.arange(len(products)), products, rotation=30, ha="right")
    axes.set(title="Win rate against all customers", ylabel="lift")
    axes.legend()
