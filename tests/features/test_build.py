from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import build as building
from features import declared
from features.build import Frames, build
from features.customers import Partner, customers, locations
from features.errors import CallRefused
from features.products import AZURE, Catalogue, Product
from features.sources.tables import SCORING_TABLES, table
from features.sources.world import connect
from tests.features.naive import instant
from tests.features.random_worlds import AS_OF, FEW, TWO, Written, not_yet_known, together, worlds
from tests.worlds import Row, world

EARLIER = (AS_OF - timedelta(40), AS_OF - timedelta(400))


def frames_of(written: Written, *as_ofs: date) -> list[pa.Table]:
    """Return the frames of the dates, built in one pass; whether a column may be null is not compared."""
    with TemporaryDirectory() as folder:
        frames = build(world(Path(folder) / "world", **written), as_ofs, TWO, Path(folder), threads=1)
        tables = [pq.read_table(frames.path(when)) for when in as_ofs]
    return [pa.table(table.columns, names=table.column_names) for table in tables]


def listed(written: Written) -> list[pa.Table]:
    with TemporaryDirectory() as folder, connect(threads=1) as engine:
        there = world(Path(folder), **written)
        return [told(engine, there, AS_OF, Partner()) for told in (customers, locations)]


def cut(written: Written, when: date) -> Written:
    """Return the history that ends at the date: what was known before it."""
    ended = {}
    for name, rows in written.items():
        column = table(name).known
        ended[name] = [row for row in rows if column is None or instant(row[column]) < instant(when)]  # type: ignore[arg-type]
    return ended


@given(worlds(), not_yet_known())
@FEW
def test_rows_not_yet_known_change_no_feature(written: Written, poison: Written) -> None:
    assert frames_of(together(written, poison), AS_OF) == frames_of(written, AS_OF)


@given(worlds(), not_yet_known())
@FEW
def test_rows_not_yet_known_list_nobody_and_delist_nobody(written: Written, poison: Written) -> None:
    assert listed(together(written, poison)) == listed(written)


YESTERDAY = AS_OF - timedelta(1)
HISTORY: Written = {
    "partners": [{"partner_id": "p1"}],
    "accounts": [{"account_id": "a", "domain": "a.example"}],
    "partner_accounts": [{"account_id": "a"}],
    "transactions": [],
    "azure_consumption": [],
    "agreements": [{"agreement_id": "g", "account_id": "a", "ends_on": date(2025, 1, 1)}],
    "opportunities": [{"opportunity_id": "o", "account_id": "a", "product": "Azure", "created_on": YESTERDAY - timedelta(9)}],
    "technologies": [{"account_id": "a", "technology": "Sage", "seen_on": date(2023, 1, 1)}],
    "signals": [],
}
LATE: tuple[tuple[str, Row], ...] = (
    ("accounts", {"account_id": "a", "employees": 7}),
    ("accounts", {"account_id": "b"}),
    ("partner_accounts", {"account_id": "a", "until_on": date(2024, 1, 1)}),
    ("transactions", {"account_id": "a", "product": "Azure", "transacted_on": date(2024, 1, 1)}),
    ("azure_consumption", {"account_id": "a", "month_on": date(2024, 2, 1)}),
    ("agreements", {"agreement_id": "g", "account_id": "a", "ends_on": date(2025, 1, 1), "outcome": "lost"}),
    ("opportunities", {"opportunity_id": "o", "account_id": "a", "product": "Azure", "created_on": YESTERDAY, "status": "won"}),
    ("technologies", {"account_id": "a", "technology": "Sage", "seen_on": date(2023, 1, 1), "gone_on": YESTERDAY}),
    ("signals", {"account_id": "a", "happened_at": instant(date(2024, 3, 1))}),
    ("signals", {"domain": "a.example", "happened_at": instant(date(2024, 3, 1))}),
)


@pytest.fixture(scope="module")
def plain() -> list[pa.Table]:
    return frames_of(HISTORY, AS_OF)


@pytest.mark.parametrize(("name", "row"), LATE)
def test_a_row_known_a_day_before_counts_and_one_known_at_the_instant_does_not(
    name: str, row: Row, plain: list[pa.Table]
) -> None:
    column = str(table(name).known)

    def known_on(when: date) -> list[pa.Table]:
        moment = instant(when) if column.endswith("_at") else when
        return frames_of(together(HISTORY, {name: [{**row, column: moment}]}), AS_OF)

    assert known_on(YESTERDAY) != plain
    assert known_on(AS_OF) == plain


def test_late_rows_are_tried_for_every_table_that_features_read() -> None:
    assert {name for name, _ in LATE} == {row.table.name for row in declared.FEATURES}


@given(worlds(), st.sampled_from((AS_OF, *EARLIER)))
@FEW
def test_a_frame_on_full_history_equals_one_on_history_cut_at_its_date(written: Written, when: date) -> None:
    assert frames_of(written, when) == frames_of(cut(written, when), when)


@given(worlds())
@settings(FEW, max_examples=6)
def test_as_of_dates_built_in_one_pass_equal_each_built_alone(written: Written) -> None:
    dates = (AS_OF, *EARLIER)
    assert frames_of(written, *dates) == [frames_of(written, when)[0] for when in dates]


def test_passes_of_one_date_give_what_one_pass_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    written = together(HISTORY, dict([(name, [row]) for name, row in LATE if "known" in row]))
    at_once = frames_of(written, AS_OF, *EARLIER)
    monkeypatch.setattr(building, "ROWS_AT_ONCE", 1)
    assert frames_of(written, AS_OF, *EARLIER) == at_once
