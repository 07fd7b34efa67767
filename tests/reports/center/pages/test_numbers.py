from datetime import UTC, datetime

import pytest

from reports.center.pages.numbers import Formats
from tests.reports.center.published import DATASETS

AT = datetime(2026, 10, 25, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "number", "money", "percent", "day"),
    [
        ("en", "1,234,567.8", "$1,234.50", "12.3%", "Oct 25, 2026, 09:05 UTC"),
        ("es", "1.234.567,8", "1.234,50 US$", "12,3 %", "25 oct 2026, 09:05 UTC"),
        ("fr", "1 234 567,8", "1 234,50 $US", "12,3 %", "25 oct. 2026, 09:05 UTC"),
        ("tr", "1.234.567,8", "$1.234,50", "%12,3", "25 Eki 2026, 09:05 UTC"),
    ],
)
def test_values_are_written_as_a_reader_expects_them(
    language: str, number: str, money: str, percent: str, day: str
) -> None:
    formats = Formats(language)
    told = (
        formats.number("1234567.8", 1),
        formats.money("1234.5", digits=2),
        formats.percent("0.1234", 1),
        formats.instant(AT),
    )
    spaces = str.maketrans({"\u00a0": " ", "\u202f": " "})
    assert tuple(one.translate(spaces) for one in told) == (number, money, percent, day)


def test_what_is_unknown_is_a_dash_and_what_cannot_be_read_stays() -> None:
    formats = Formats("en")
    assert (formats.number(None), formats.money(""), formats.date(None)) == ("\N{EN DASH}",) * 3
    assert (formats.number("not_available"), formats.date("soon"), formats.number("NaN")) == (
        "not_available",
        "soon",
        "NaN",
    )


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("AzureExpectedRevenue", "1234.50", "$1,234.50"),
        ("OrgSize", "1200", "1,200"),
        ("AzurePurchaseProbability", "0.0243", "2.4%"),
        ("FitAsOf", "2026-10-25", "Oct 25, 2026"),
        ("DUNSNumber", "490001849", "490001849"),
    ],
)
def test_a_cell_is_written_by_the_form_of_its_column(column: str, cell: str, told: str) -> None:
    assert Formats("en").cell(DATASETS["CLASAzurePropensity"].report.field(column), cell) == told
