"""A value as a seller reads it."""

import re

import numpy as np
import pytest

from features import declared, renewals
from features.feature import Unit
from features.products import AZURE, Catalogue
from scoring.telling import Teller, is_of_any_partner, rough_value, singular, told_value

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, Unit.COUNT, "no"),
        (12345, Unit.COUNT, "12,345"),
        (123456, Unit.CENTS, "USD 1,235"),
        (1, Unit.DAYS, "1 day"),
        (1200, Unit.DAYS, "1,200 days"),
        (0.347, Unit.SHARE, "35 %"),
        (2.0, Unit.NUMBER, "2"),
        (1.46, Unit.NUMBER, "1.5"),
        (1, Unit.FLAG, "yes"),
        (0, Unit.FLAG, "no"),
    ],
)
def test_a_value_is_told_in_its_unit(value: float, unit: Unit, expected: str) -> None:
    assert told_value(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, Unit.COUNT, "no"),
        (4321, Unit.COUNT, "one or more"),
        (98765432, Unit.CENTS, "one or more"),
        (30, Unit.DAYS, "less than a month"),
        (91, Unit.DAYS, "less than three months"),
        (365, Unit.DAYS, "less than a year"),
        (366, Unit.DAYS, "more than a year"),
    ],
)
def test_any_partners_rows_are_told_without_number_or_day(value: float, unit: Unit, expected: str) -> None:
    assert rough_value(value, unit) == expected


def told(columns: dict[str, float], *, is_for: bool = True, levels: tuple[str, ...] = ()) -> str | None:
    """Tell the first of the columns."""
    coded = {name: levels for name in columns if declared.feature(name).is_text}
    teller = Teller(tuple(columns), coded, product=AZURE, catalogue=Catalogue())
    return teller.tell(0, np.array(list(columns.values()), dtype=np.float32), is_for=is_for)


def test_a_sentence_shows_its_value_and_that_of_another_feature() -> None:
    assert (
        told({"own_visits_30d": 12, "own_visits_30_60d": 4})
        == "12 visits to Azure pages in 30 days, 4 the 30 days before"
    )
    assert (
        told({"own_visits_30d": 1, "own_visits_30_60d": 0})
        == "1 visit to Azure pages in 30 days, none the 30 days before"
    )


def test_a_text_is_told_by_its_level() -> None:
    assert told({"industry": 1}, levels=("Retail", "Health")) == "works in Health"


def test_an_unknown_value_is_told_as_unknown_and_a_rare_text_not_as_unknown() -> None:
    assert told({"employees": NAN}) == "company size unknown"
    assert told({"industry": 2}, levels=("Retail", "Health")) is None


def test_a_product_among_each_is_named_and_the_product_itself_never_told() -> None:
    assert told({"units_1096d__M365": 3}) == "owns Microsoft 365"
    assert told({"bought_days__Azure": NAN}) is None


def test_a_fact_without_its_number_is_not_told_where_it_is_not_so() -> None:
    assert told({"own_opportunities_now": 1}) == "an opportunity for Azure is open"
    assert told({"own_opportunities_now": 0}, is_for=False) is None


def test_reasons_never_read_backwards() -> None:
    assert told({"own_downloads_90d": 0}, is_for=True) is None
    assert told({"own_downloads_90d": 0}, is_for=False) == "no downloads about Azure in 90 days"
    assert told({"own_downloads_90d": 1}, is_for=False) is not None
    assert told({"own_strength_180d": 900, "own_signals_30d": 1}, is_for=False) is None
    assert told({"own_signal_days": NAN}, is_for=True) is None


def test_days_of_any_partners_orders_are_rough() -> None:
    assert told({"own_bought_days": 12}) == "last bought Azure less than a month ago"
    assert told({"bought_days__M365": 200}) == "last bought Microsoft 365 less than a year ago"


def test_a_derived_value_is_as_much_anyones_business_as_its_inputs() -> None:
    assert is_of_any_partner(declared.feature("own_overdue_ratio"))
    assert not is_of_any_partner(declared.feature("own_signal_share"))


def test_every_model_feature_can_be_told() -> None:
    columns = [row.name for row in declared.BY_NAME.values() if row.told]
    row = np.full(len(columns), 2, dtype=np.float32)
    levels = {name: ("a", "b", "c") for name in columns if declared.feature(name).is_text}
    teller = Teller(columns, levels, product=AZURE, catalogue=Catalogue())
    told = {name: teller.tell(place, row, is_for=True) for place, name in enumerate(columns)}
    assert [name for name, sentence in told.items() if sentence is None or "{" in sentence] == []


def test_no_sentence_of_any_partners_rows_shows_a_number() -> None:
    columns = [
        name
        for name, row in declared.BY_NAME.items()
        if row.told and is_of_any_partner(row) and row not in renewals.FACTS
    ]
    row = np.full(len(columns), 4321, dtype=np.float32)
    teller = Teller(columns, {}, product=AZURE, catalogue=Catalogue())
    told = [
        teller.tell(place, row, is_for=True)
        for place, name in enumerate(columns)
        if declared.feature(name).unit is not Unit.NUMBER
    ]
    assert len(told) > 20
    assert [sentence for sentence in told if sentence and "4,321" in sentence] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" visits to Azure pages in 30 days", " visit to Azure pages in 30 days"),
        (" job postings about Azure in 180 days", " job posting about Azure in 180 days"),
        (" other technologies in use", " other technology in use"),
        (" technologies in use competing with Azure", " technology in use competing with Azure"),
        (" Power Apps technologies in use", " Power Apps technology in use"),
        (" employees", " employee"),
        (" the 30 days before", " the 30 days before"),
        (" ago", " ago"),
        ("", ""),
    ],
)
def test_the_noun_after_a_one_is_singular(text: str, expected: str) -> None:
    assert singular(text) == expected


def test_nothing_after_a_one_is_said_of_several() -> None:
    columns = [name for name, row in declared.BY_NAME.items() if row.told and row.unit is Unit.COUNT]
    teller = Teller(columns, {}, product=AZURE, catalogue=Catalogue())
    row = np.ones(len(columns), dtype=np.float32)
    told = [teller.tell(place, row, is_for=True) or "" for place in range(len(columns))]
    assert any(sentence.startswith("1 ") for sentence in told)
    assert [
        one for one in told if one.startswith("1 ") and re.search(r" (that|which|who|are|have) ", one)
    ] == []


def test_an_agreement_is_told_in_full_to_the_partner_that_holds_it() -> None:
    assert told({"agreement_days_to_end": 40}) == "ends in 40 days"


def test_no_sentence_tells_an_amount_of_money() -> None:
    told = [row for row in declared.BY_NAME.values() if row.unit is Unit.CENTS]
    assert told
    assert [row.name for row in told if "{value}" in (row.told or "")] == []
