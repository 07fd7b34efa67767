"""What we expect of every agreement that ends soon."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from features.build import Frames
from features.products import AZURE
from features.sources.world import World, connect
from models.calibrate import Calibration
from models.renewal import RenewalModel
from scoring.compiled import compile_renewal
from scoring.renewals import RENEWALS, score_renewals
from tests.scoring.handmade import frames, trees
from tests.worlds import Row, world

JUNE = date(2026, 6, 25)
NAMES = ("employees", "agreement_days_to_end")
MODEL = RenewalModel(
    trained_through=date(2026, 3, 25),
    customers=100,
    names=NAMES,
    levels={},
    trees=trees(NAMES, 0),
    calibration=Calibration((1.0,), 0.0),
    anchor=0.0,
)


def agreement(name: str, *, ends_on: date = date(2026, 12, 31), **more: object) -> Row:
    return {
        "agreement_id": name,
        "account_id": "c",
        "ends_on": ends_on,
        "expiring_revenue_cents": 5000,
        **more,
    }


def scored(
    folder: Path, agreements: Sequence[Row], *, employees: float = 10, model: RenewalModel | None = MODEL
) -> pd.DataFrame:
    there = world(
        folder / "world",
        partners=[
            {"partner_id": "root", "partner_name": "Root"},
            {"partner_id": "branch", "partner_name": "Branch", "parent_partner_id": "root"},
        ],
        partner_accounts=[{"account_id": "c", "partner_id": "root"}],
        agreements=agreements,
    )
    return told(there, frames(folder, [AZURE], {JUNE: [{"account_id": "c", "employees": employees}]}), model)


def told(there: World, built: Frames, model: RenewalModel | None) -> pd.DataFrame:
    with connect() as engine:
        compiled = None if model is None else compile_renewal(model)
        table = score_renewals(engine, built, there, compiled, as_of=JUNE).rows
    assert table.schema.equals(RENEWALS)
    rows: pd.DataFrame = table.to_pandas().set_index("agreement_id")
    return rows


def test_agreements_in_force_that_end_within_a_year_are_listed(tmp_path: Path) -> None:
    rows = [
        agreement("soon"),
        agreement("last day", ends_on=JUNE),
        agreement("ended", ends_on=date(2026, 6, 24)),
        agreement("far", ends_on=date(2027, 6, 25)),
        agreement("not begun", started_on=date(2026, 7, 1)),
    ]
    assert list(scored(tmp_path, rows).index) == ["last day", "soon"]


def test_the_score_follows_the_odds_of_renewal(tmp_path: Path) -> None:
    likely = scored(tmp_path / "large", [agreement("a")], employees=10).loc["a"]
    unlikely = scored(tmp_path / "small", [agreement("a")], employees=0).loc["a"]
    assert (likely["renewal_class"], unlikely["renewal_class"]) == ("High", "Very Low")
    assert likely["renewal_score"] > unlikely["renewal_score"]
    assert likely["renewal_probability"] > 0.5 > unlikely["renewal_probability"]


def test_reasons_are_told_of_every_scored_agreement(tmp_path: Path) -> None:
    assert scored(tmp_path, [agreement("a")])["renewal_reasons"]["a"] == "a company of 10 employees"


def test_without_a_model_there_was_too_little_history(tmp_path: Path) -> None:
    row = scored(tmp_path, [agreement("a")], model=None).loc["a"]
    assert row["renewal_state"] == "Not scored: too little history"
    assert pd.isna(row["renewal_score"])
    assert row["expiring_revenue_cents"] == 5000


def test_a_known_outcome_and_a_customer_that_is_not_listed_are_out_of_scope(tmp_path: Path) -> None:
    rows = [agreement("known", outcome="renewed"), agreement("stranger", account_id="z"), agreement("open")]
    states = scored(tmp_path, rows)["renewal_state"].to_dict()
    assert states == {
        "known": "Not scored: out of scope",
        "open": "Scored",
        "stranger": "Not scored: out of scope",
    }


def test_an_agreement_belongs_to_the_root_of_the_partner_that_holds_it(tmp_path: Path) -> None:
    rows = [agreement("a", partner_id="branch"), agreement("b", partner_id="gone"), agreement("c")]
    held = scored(tmp_path, rows)["global_id"]
    assert (held["a"], held["b"]) == ("root", "gone")
    assert pd.isna(held["c"])


def test_without_partners_an_agreement_belongs_to_nobody_else(tmp_path: Path) -> None:
    there = world(tmp_path / "world", agreements=[agreement("a", partner_id="p")])
    built = frames(tmp_path, [AZURE], {JUNE: [{"account_id": "c", "employees": 5.0}]})
    assert pd.isna(told(there, built, MODEL)["global_id"]["a"])
