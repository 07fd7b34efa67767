"""Licence reports in a run: their thresholds, and a folder of them for any date."""

from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.licensing import make_kpis, rules_of
from pipelines.settings import Settings
from reports.licenses.rules import Rules
from tests.reports.licenses.written import licensed, numbered, read, users


def test_the_settings_begin_with_the_contracts_thresholds() -> None:
    assert rules_of(Settings()) == Rules()


def test_licence_reports_are_written_for_any_date_and_say_what_is_missing(tmp_path: Path) -> None:
    licensed(
        tmp_path / "in",
        accounts=[{"account_id": "a"}],
        transactions=[{"account_id": "a", "product": "Azure", "transacted_on": date(2026, 1, 1)}],
        subscriptions=[{"subscription_id": "s1"}],
        subscription_quantities=[{"subscription_id": "s1", "total_units": 2}],
        license_assignments=users(numbered(3), subscription_id="s1"),
    )
    job = Job(
        month="2100-01",
        home=tmp_path / "home",
        settings=Settings(memory="500MB"),
        place=tmp_path / "in",
        day=date(2026, 10, 28),
    )
    done = make_kpis(job, tmp_path / "out", Journal(Console(file=StringIO())))
    (row,) = read(tmp_path / "out" / "overage_subscriptions.csv")
    assert (row["asOf"], row["overageUnits"]) == ("2026-10-28T00:00:00Z", "1")
    assert "call_quality_trend.csv: no data without calls" in done.no_data
