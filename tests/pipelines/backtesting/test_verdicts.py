"""Whether scores mean what they say."""

import pandas as pd
import pytest

from pipelines.backtesting.groups import group_rows
from pipelines.backtesting.measures import measure
from pipelines.backtesting.verdicts import Verdict, verdicts
from tests.pipelines.backtesting.judgement import judged


def told(rows: pd.DataFrame) -> dict[str, Verdict]:
    found = verdicts(measure(rows, draws=60), group_rows(rows, draws=60))
    return {verdict.criterion: verdict for verdict in found if verdict.product == "all"}


@pytest.fixture(scope="module")
def right() -> dict[str, Verdict]:
    return told(judged())


@pytest.fixture(scope="module")
def wrong() -> dict[str, Verdict]:
    return told(judged(shift=0.8, sharpness=2.0))


def test_the_truth_keeps_every_criterion(right: dict[str, Verdict]) -> None:
    assert {name: verdict.figure for name, verdict in right.items() if not verdict.holds} == {}
    assert len(right) == 12


@pytest.mark.parametrize(
    "criterion",
    [
        "expected over observed within 0.9-1.1",
        "calibration slope within 0.8-1.25",
        "at least 8 of 10 bins hold the diagonal",
    ],
)
def test_a_model_too_high_and_too_sure_breaks_what_it_should(
    wrong: dict[str, Verdict], criterion: str
) -> None:
    assert not wrong[criterion].holds


def test_a_model_that_knows_nothing_is_not_ahead_of_the_guesses_and_far_from_the_oracle() -> None:
    rows = judged()
    blind = told(rows.assign(probability=rows["popularity"]))
    assert not blind["AUC within 0.03 of the oracle"].holds
    assert not blind["AUC at least 0.05 above popularity alone"].holds


def test_an_empty_class_and_a_better_educate_are_told() -> None:
    rows = judged()
    swapped = rows.assign(cluster=rows["cluster"].replace({"Act Now": "Educate", "Educate": "Act Now"}))
    assert not told(swapped)["win rate of Act Now above that of Evaluate"].holds
    assert not told(rows.assign(intent_class="Low"))["every intent class populated (least share)"].holds


def test_without_an_oracle_there_is_no_verdict_on_it() -> None:
    assert "AUC within 0.03 of the oracle" not in told(judged().assign(oracle=float("nan")))


def test_verdicts_on_few_outcomes_say_so() -> None:
    few = judged(customers=30, dates=1)
    assert {one.judgement for one in told(few).values()} == {"too few outcomes to judge"}
    assert {one.judgement for one in told(judged()).values()} == {""}
