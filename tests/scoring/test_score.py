"""What we expect of every listed customer and product."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest
from scipy.special import logit

from features import declared, matrix
from features.build import Frames, build
from features.products import AZURE, M365, Catalogue
from models.model import PropensityModel
from models.revenue import Past, RevenueModel
from scoring.cells import BALANCED, Thresholds
from scoring.compiled import compile_models
from scoring.score import SCORES, Dates, Rules, score
from scoring.telling import Teller, is_of_any_partner
from tests.scoring.handmade import Row, frames, model
from tests.worlds import world

APRIL, MAY, JUNE = date(2026, 4, 25), date(2026, 5, 25), date(2026, 6, 25)
DATES = Dates(as_of=JUNE, fit_as_of=APRIL, previous=MAY)
JUNE_ALONE = Dates(as_of=JUNE, fit_as_of=JUNE, previous=None)


PLANTED: Row = {
    "account_id": "c",
    "partner_id": "zebra",
    "product": "Azure",
    "transacted_on": date(2026, 6, 8),
    "quantity": 4321,
    "amount_cents": 98_765_432,
}


SOLD_BEFORE = RevenueModel(
    trained_through=APRIL,
    names=("employees",),
    levels={},
    products=("Azure",),
    past={"Azure": Past(purchases=30, median_cents=300.4, mean_cents=600.5, smearing=2.0)},
    trees=None,
)


@pytest.fixture(scope="module")
def azure() -> PropensityModel:
    return model(AZURE, fit="employees", intent="own_visits_90d")


def customer(account_id: str, employees: float, visits: float, **more: object) -> Row:
    return {"account_id": account_id, "employees": employees, "own_visits_90d__Azure": visits, **more}


def scored(
    there: Frames, model: PropensityModel | None, dates: Dates = JUNE_ALONE, **more: Any
) -> pd.DataFrame:
    table = score(there, compile_models({"Azure": model}), dates, **more).rows
    assert table.schema.equals(SCORES)
    told: pd.DataFrame = table.to_pandas().set_index("account_id")
    return told


def on_june(folder: Path, rows: Sequence[Row]) -> Frames:
    return frames(folder, [AZURE], {JUNE: rows})


def test_fit_gives_the_letter_and_intent_the_number(tmp_path: Path, azure: PropensityModel) -> None:
    corners = [customer(f"{e}{v}", e, v) for e in (0, 10) for v in (0, 10)]
    told = scored(on_june(tmp_path, corners), azure)
    assert told["cell"].to_dict() == {"00": "D4", "010": "D1", "100": "A4", "1010": "A1"}
    assert told["cluster"].to_dict() == {
        "00": "Educate",
        "010": "Educate",
        "100": "Act Now",
        "1010": "Act Now",
    }


def test_another_table_of_cells_and_other_thresholds_can_be_given(
    tmp_path: Path, azure: PropensityModel
) -> None:
    there = on_june(tmp_path, [customer("a", 10, 0)])
    assert scored(there, azure, rules=Rules(table=BALANCED))["cluster"]["a"] == "Nurture"
    easy = Rules(thresholds={"Azure": Thresholds(high=3, medium=2, low=1)})
    likely = on_june(tmp_path, [customer("a", 6, 0)])
    assert scored(likely, azure)["fit_class"]["a"] != "High"
    assert scored(likely, azure, rules=easy)["fit_class"]["a"] == "High"


def test_every_listed_customer_and_product_has_a_state(tmp_path: Path, azure: PropensityModel) -> None:
    rows = [
        customer("listed", 5, 5),
        customer("too small", 5, 5, in_scope__Azure=False),
        customer("gone", 5, 5, is_listed=False),
    ]
    there = frames(tmp_path, [M365, AZURE], {JUNE: rows})
    models = compile_models({"Azure": azure, "M365": None})
    table = score(there, models, JUNE_ALONE).rows.select(["account_id", "product", "state"])
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("listed", "Azure", "Scored"),
        ("listed", "M365", "Not scored: too little history"),
        ("too small", "Azure", "Not scored: out of scope"),
        ("too small", "M365", "Not scored: too little history"),
    ]


def test_the_cells_of_an_unscored_product_are_empty(tmp_path: Path, azure: PropensityModel) -> None:
    there = on_june(tmp_path, [customer("a", 5, 5), customer("b", 5, 5, in_scope__Azure=False)])
    unscored = score(there, compile_models({"Azure": azure}), JUNE_ALONE).rows.slice(1)
    assert {name for name in SCORES.names if pc.all(pc.is_valid(unscored[name])).as_py()} == {
        "account_id",
        "product",
        "state",
    }


def test_few_purchases_are_told_as_a_pooled_model(tmp_path: Path, azure: PropensityModel) -> None:
    pooled = replace(azure, own_weight=0.4)
    assert scored(on_june(tmp_path, [customer("a", 5, 5)]), pooled)["state"]["a"] == "Pooled model"


def test_fit_stands_for_the_quarter_and_intent_for_the_month(tmp_path: Path, azure: PropensityModel) -> None:
    at = {
        APRIL: [customer("grew", 0, 10), customer("unlisted", 0, 0, is_listed=False)],
        MAY: [],
        JUNE: [customer("grew", 10, 0), customer("unlisted", 10, 0), customer("young", 10, 0)],
    }
    at[MAY] = at[JUNE]
    told = scored(frames(tmp_path, [AZURE], at), azure, DATES)
    assert told["cell"].to_dict() == {"grew": "D4", "unlisted": "A4", "young": "A4"}
    assert told["fit_as_of"].to_dict() == {"grew": APRIL, "unlisted": JUNE, "young": JUNE}
    assert set(told["intent_as_of"]) == {JUNE}


def test_trend_compares_with_last_month_under_one_model(tmp_path: Path, azure: PropensityModel) -> None:
    may = [customer("up", 5, 0), customer("down", 5, 10), customer("same", 5, 5)]
    june = [customer("up", 5, 10), customer("down", 5, 0), customer("same", 5, 5), customer("fresh", 5, 5)]
    told = scored(frames(tmp_path, [AZURE], {APRIL: june, MAY: may, JUNE: june}), azure, DATES)
    expected = {"up": "Improving", "down": "Declining", "same": "Steady", "fresh": "New"}
    assert told["trend"].to_dict() == expected


def test_reasons_are_told_for_act_now_and_evaluate_alone(tmp_path: Path, azure: PropensityModel) -> None:
    there = on_june(tmp_path, [customer(f"{e}", e, 10) for e in range(11)])
    told = scored(there, azure)
    acted_on = told["cluster"].isin(["Act Now", "Evaluate"])
    assert acted_on.any()
    assert not acted_on.all()
    assert (told["reasons"].notna() == acted_on).all()
    assert "10 visits to Azure pages in 90 days" in told["reasons"]["10"]
    assert scored(there, azure, explain=False)["reasons"].isna().all()


def test_the_probability_is_that_of_the_log_odds(tmp_path: Path, azure: PropensityModel) -> None:
    told = scored(on_june(tmp_path, [customer("a", 3, 3), customer("b", 8, 8)]), azure)
    assert logit(told["probability"].tolist()) == pytest.approx(told["purchase_log_odds"].tolist())
    assert told["probability"]["b"] > told["probability"]["a"]


def test_a_customer_alone_is_scored_as_among_others(tmp_path: Path, azure: PropensityModel) -> None:
    rows = [customer(f"c{number}", number % 11, number % 7) for number in range(40)]
    together = scored(on_june(tmp_path, rows), azure)
    alone = scored(on_june(tmp_path, rows[7:8]), azure)
    pd.testing.assert_frame_equal(together.loc[["c7"]], alone)


def test_money_is_what_a_purchase_would_bring_times_its_chance(
    tmp_path: Path, azure: PropensityModel
) -> None:
    there = on_june(tmp_path, [customer("a", 3, 3), customer("b", 8, 8)])
    told = score(there, compile_models({"Azure": azure}, SOLD_BEFORE), JUNE_ALONE).rows.to_pandas()
    assert told["median_cents"].tolist() == [300, 300]
    assert told["expected_cents"].tolist() == (told["probability"] * 600.5).round().tolist()


def test_money_of_a_product_never_sold_is_empty(tmp_path: Path, azure: PropensityModel) -> None:
    never = replace(SOLD_BEFORE, past={})
    models = compile_models({"Azure": azure}, never)
    told = score(on_june(tmp_path, [customer("a", 3, 3)]), models, JUNE_ALONE).rows
    assert told["median_cents"].null_count == told["expected_cents"].null_count == 1


def test_a_planted_order_of_another_partner_shows_no_number_no_day_and_no_name(tmp_path: Path) -> None:
    relations = [{"account_id": "c", "partner_id": partner} for partner in ("mine", "zebra")]
    there = world(
        tmp_path / "world",
        partners=[
            {"partner_id": "mine", "partner_name": "Mine"},
            {"partner_id": "zebra", "partner_name": "Zebra"},
        ],
        accounts=[{"account_id": "c", "employees": 10}],
        partner_accounts=relations,
        transactions=[PLANTED],
        opportunities=[
            {**PLANTED, "status": "won", "created_on": date(2026, 6, 1), "closed_on": date(2026, 6, 8)}
        ],
    )
    built = build(there, [JUNE], Catalogue((AZURE,)), tmp_path / "frames")
    names = [name for name in matrix.all_names(built) if is_of_any_partner(declared.feature(name))]
    teller = Teller(names, {}, product=AZURE, catalogue=built.catalogue)
    row = matrix.read(built, [JUNE], AZURE, names, {}).values[0]
    told = [teller.tell(place, row, is_for=True) for place in range(len(names))]
    assert "bought Azure before" in told
    assert [text for text in told if text and re.search("Zebra|98|987|4321|4,321|17 days", text)] == []


def test_without_anybody_in_scope_everything_is_out_of_scope(tmp_path: Path, azure: PropensityModel) -> None:
    told = scored(on_june(tmp_path, [customer("a", 1, 1, in_scope__Azure=False)]), azure)
    assert list(told["state"]) == ["Not scored: out of scope"]
    assert np.isnan(told["probability"]["a"])
