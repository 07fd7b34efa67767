"""A month through the real command line: six files, the same bytes, nothing known later, nothing half."""

import csv
import json
import random
import shutil
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.sources.tables import TABLES
from reports.contracts import REPORTS
from tests.end_to_end.commands import command, digests, is_whole, monthly

AS_OF = date(2026, 10, 25)


def rows(home: Path, report: str) -> list[dict[str, str]]:
    path = home / "published" / "2026-10" / "propensity" / f"{report}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_month_publishes_the_six_reports_with_a_manifest_that_holds(home: Path) -> None:
    assert set(digests(home)) == {f"{report.name}.csv" for report in REPORTS}
    assert is_whole(home)
    assert all(rows(home, report.name) for report in REPORTS)


def test_every_row_that_sellers_should_act_on_has_reasons(home: Path) -> None:
    found = rows(home, "CLASAzurePropensity")
    acted_on = [row for row in found if row["AzureCluster"] in ("Act Now", "Evaluate")]
    assert acted_on
    assert all(row["AzureSignalExplanation"] for row in acted_on)


def test_the_run_report_tells_inputs_models_cohorts_and_stages(home: Path) -> None:
    evidence = home / "published" / "2026-10" / "evidence"
    report = json.loads((evidence / "run_report.json").read_text("utf-8"))
    assert {line["prefix"] for line in report["products"]} >= {"Azure", "M365"}
    assert any(breach.startswith("transactions") for breach in report["breaches"])
    assert report["files"][0]["predicates"]["HasAzure"] > 0
    assert "<h1>Ascent 2026-10" in (evidence / "run_report.html").read_text("utf-8")
    assert (evidence / "model_cards" / "Azure.md").read_text("utf-8").startswith("# Azure")


def test_a_second_run_changes_nothing(world: Path, home: Path, tmp_path: Path) -> None:
    again = tmp_path / "home"
    shutil.copytree(home, again, symlinks=True)
    versions = sorted((again / "versions" / "2026-10").iterdir())
    ended = monthly(world, again)
    assert (ended.code, "unchanged" in ended.out) == (0, True), ended.err
    assert sorted((again / "versions" / "2026-10").iterdir()) == versions


def poisoned(world: Path, folder: Path) -> Path:
    """Copy a world and add, to every table, rows that are known only from the as-of instant on."""
    folder.mkdir()
    for table in TABLES:
        path = world / f"{table.name}.parquet"
        if not path.exists():
            continue
        there = pq.read_table(path)
        if table.known is not None:
            later = there.slice(0, 300)
            when = pa.array([AS_OF] * len(later), pa.date32()).cast(there.schema.field(table.known).type)
            later = later.set_column(there.schema.get_field_index(table.known), table.known, when)
            for number in (name for name in ("quantity", "amount_cents") if name in there.column_names):
                place = there.schema.get_field_index(number)
                later = later.set_column(place, number, pc.multiply(later[number], 1000))
            there = pa.concat_tables([there, later])
        pq.write_table(there, folder / path.name)
    return folder


def test_another_home_and_rows_known_later_give_the_same_bytes(
    world: Path, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    ended = monthly(poisoned(world, tmp_path / "poisoned"), other)
    assert ended.code == 0, ended.err
    assert digests(other) == digests(home)


@pytest.mark.parametrize("start", ["trained", "new"])
def test_a_killed_run_leaves_no_half_month_and_a_second_start_finishes_it(
    start: str, world: Path, home: Path, trained: Path, tmp_path: Path
) -> None:
    """Kill the job at random moments: 18 between training and publication, 3 in training."""
    draw = random.Random(start)
    there = tmp_path / "home"
    if start == "trained":
        shutil.copytree(trained, there, symlinks=True)
    kills, longest = (18, 9.0) if start == "trained" else (3, 12.0)
    for _ in range(kills):
        run = subprocess.Popen(
            command("monthly", "--from", world, "--month", "2026-10", "--home", there),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(0.3, longest))
        run.send_signal(signal.SIGKILL)
        run.wait()
        published = there / "published" / "2026-10"
        assert not published.exists() or is_whole(there)
        if published.exists() and draw.random() < 0.7:
            published.unlink()
            shutil.rmtree(there / "versions")
    ended = monthly(world, there)
    assert ended.code == 0, ended.err
    assert is_whole(there)
    assert digests(there) == digests(home)
