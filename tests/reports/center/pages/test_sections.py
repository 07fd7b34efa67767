import pytest

from reports.center.advice import ADVICE
from reports.center.pages.sections import (
    HEADLINE,
    MANAGED,
    MICROSOFT,
    QUALITY_OF_CUSTOMERS,
    QUEUES,
    SUBSCRIPTION_SECTIONS,
    TRAINING,
    USAGE,
    Section,
    Told,
)
from reports.licenses.kpis import KPIS
from tests.reports.center.published import DATASETS

SECTIONS = (*SUBSCRIPTION_SECTIONS, USAGE, QUALITY_OF_CUSTOMERS, QUEUES, TRAINING)
SHOWN = (*HEADLINE, MANAGED, *MICROSOFT, *(told for section in SECTIONS for told in section.kpis))


def test_every_kpi_of_the_contract_is_shown_and_no_other() -> None:
    assert {(told.id, told.name) for told in SHOWN} == {(kpi.id, kpi.name) for kpi in KPIS}


@pytest.mark.parametrize("told", [told for told in SHOWN if told.parts], ids=lambda told: told.label)
def test_a_share_tells_what_it_is_a_share_of(told: Told) -> None:
    assert "%(denominator)s" in told.parts


def test_shares_that_tell_no_parts_are_counts() -> None:
    shares = {(kpi.id, kpi.name) for kpi in KPIS if kpi.denominator}
    assert {(told.id, told.name) for told in SHOWN if told.parts} == shares


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_section_shows_published_columns_and_has_advice(section: Section) -> None:
    header = DATASETS[section.table.dataset].report.header
    shown = {column.name for column in section.table.columns}
    shown |= {column.beside for column in section.table.columns if column.beside}
    assert shown <= set(header)
    assert section.table.order.column in {column.name for column in section.table.columns}
    assert section.finding in ADVICE
    assert section.table.key == section.key


def test_keys_are_anchors_of_their_own() -> None:
    keys = [section.key for section in SECTIONS]
    assert len(set(keys)) == len(keys)
