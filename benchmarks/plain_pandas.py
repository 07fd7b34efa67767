"""The same work as an ordinary data scientist would script it: pandas features, `Booster.predict`, `to_csv`.

It reads what was known before each date, counts, sums and dates by customer, product and window (some 700
columns, as many as the job), predicts with the same boosters, and writes the same columns. It
checks nothing and gives no reasons. Its columns stand in for those that a booster wants, in turn: what a row
costs to predict is the same, what it says is not.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from benchmarks.meter import Meter

WINDOWS = (7, 30, 90, 180, 365, 1096)
SEEN = {
    # table: when it happened, when it was known, what it is about, what is summed up
    "transactions": ("transacted_on", "known_on", "product", "amount_cents"),
    "azure_consumption": ("month_on", "known_on", "workload", "amount_cents"),
    "opportunities": ("created_on", "known_on", "product", "amount_cents"),
    "agreements": ("started_on", "known_on", "revenue_division", "expiring_revenue_cents"),
    "technologies": ("seen_on", "known_on", "category", None),
    "signals": ("happened_at", "known_at", "topic", "strength"),
}


def plain_pandas(
    place: Path,
    as_ofs: tuple[date, ...],
    boosters: Mapping[str, Sequence[str]],
    published: Path,
    to: Path,
    meter: Meter,
) -> None:
    """Do the month; `boosters` are the texts of each product's, `published` has the columns to write."""
    for as_of in as_ofs:
        with meter.stage("features"):
            features = customers_at(place, pd.Timestamp(as_of))
        with meter.stage("scores"):
            for texts in boosters.values():
                for text in texts:
                    score(lgb.Booster(model_str=text), features)
        del features
    to.mkdir(parents=True, exist_ok=True)
    for path in sorted(published.glob("*.csv")):
        report = pd.read_csv(path, low_memory=False)
        with meter.stage("reports"):
            report.to_csv(to / path.name, index=False, encoding="utf-8-sig")


def customers_at(place: Path, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return one row a customer known at the date, sorted by account_id, with its features."""
    accounts = pd.read_parquet(place / "accounts.parquet")
    accounts = accounts[pd.to_datetime(accounts["known_on"]) < as_of]
    accounts = (
        accounts.sort_values("known_on").drop_duplicates("account_id", keep="last").set_index("account_id")
    )
    domains = accounts["domain"].reset_index().dropna().drop_duplicates("domain", keep=False)
    parts: list[pd.DataFrame | pd.Series[Any]] = [accounts[["employees"]]]
    for column in ("industry", "country", "segment"):
        parts.append(accounts[column].astype("category").cat.codes.rename(column).to_frame())
    for table, (happened, known, about, amount) in SEEN.items():
        rows = pd.read_parquet(place / f"{table}.parquet")
        rows[happened] = pd.to_datetime(rows[happened])
        rows = rows[(pd.to_datetime(rows[known]) < as_of) & (rows[happened] < as_of)]
        if table == "signals":
            rows = rows.merge(domains, on="domain", how="left", suffixes=("", "_of_domain"))
            rows["account_id"] = rows["account_id"].fillna(rows["account_id_of_domain"])
        parts += aggregated(rows, table, as_of, happened, about, amount)
    return accounts[[]].join(parts)


def aggregated(
    rows: pd.DataFrame, table: str, as_of: pd.Timestamp, happened: str, about: str, amount: str | None
) -> list[pd.DataFrame]:
    """Return counts, sums and days since the last row, by window and by what the rows are about."""
    parts = []
    last = rows.groupby("account_id")[happened].max()
    parts.append((as_of - last).dt.days.rename(f"{table}_days_since").to_frame())
    for days in WINDOWS:
        recent = rows[rows[happened] >= as_of - pd.Timedelta(days=days)]
        counts = recent.groupby(["account_id", about]).size().unstack(fill_value=0)
        parts.append(counts.add_prefix(f"{table}_{days}d_count_"))
        if amount is not None:
            sums = recent.groupby(["account_id", about])[amount].sum().unstack(fill_value=0)
            parts.append(sums.add_prefix(f"{table}_{days}d_{amount}_"))
    return parts


def score(
    booster: lgb.Booster, features: pd.DataFrame
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return the booster's margin of each row."""
    places = np.arange(booster.num_feature()) % features.shape[1]
    told: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = np.asarray(
        booster.predict(features.iloc[:, places], raw_score=True, validate_features=False)
    )
    return told
