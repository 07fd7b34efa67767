"""A month through the real command line: six files, the same bytes, nothing known later, nothing half."""

import random
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.sources.tables import TABLES
from models.registry import versions
from models.registry.versions import CHALLENGER
from reports.contracts import REPORTS
from tests.end_to_end.commands import (
    MONTH,
    digests,
    empty,
    here,
    is_whole,
    manifest,
    of_month,
    of_reseller,
    published,
    report_of,
    rows,
)
from tests.end_to_end.killing import killed_after, killed_once, seconds_of

AS_OF = date(2026, 10, 25)


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
    report = report_of(home)
    assert {line["prefix"] for line in report["products"]} >= {"Azure", "M365"}
    assert any(line["clusters"]["Act Now"] for line in report["products"])
    assert report["files"][0]["predicates"]["HasAzure"] > 0
    assert {"inputs", "features", "scores", "reports"} <= {stage["name"] for stage in report["stages"]}
    evidence = published(home) / "evidence"
    assert "<h1>Ascent 2026-10" in (evidence / "run_report.html").read_text("utf-8")
    assert (evidence / "model_cards" / "Azure.md").read_text("utf-8").startswith("# Azure")


def test_a_second_run_changes_nothing(reseller: Path, resold: Path, tmp_path: Path) -> None:
    again = tmp_path / "home"
    shutil.copytree(resold, again, symlinks=True)
    ended = here("monthly", *of_reseller(reseller, again))
    assert (ended.code, "unchanged" in ended.out) == (0, True), ended.err
    assert written(again) == written(resold)
    assert digests(again) == digests(resold)


def test_another_home_and_rows_known_later_give_the_same_bytes(
    world: Path, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    ended = here("monthly", *of_month(poisoned(world, tmp_path / "poisoned"), other))
    assert ended.code == 0, ended.err
    assert digests(other) == digests(home)


def test_a_run_killed_between_training_and_publication_is_finished_by_a_second_start(
    reseller: Path, resold: Path, tmp_path: Path
) -> None:
    draw = random.Random(7)
    there = tmp_path / "home"
    shutil.copytree(resold, there, symlinks=True)
    empty(there)
    call = of_reseller(reseller, there)
    longest = seconds_of(call)
    for _ in range(16):
        unpublish(there)
        killed_after(call, draw.uniform(0, longest))
        assert is_absent_or_whole(there)
    for _ in range(4):
        unpublish(there)
        killed_once(call, (there / "versions" / MONTH).exists, then=draw.uniform(0, 0.02))
        assert is_absent_or_whole(there)
    ended = here("monthly", *call)
    assert ended.code == 0, ended.err
    assert digests(there) == digests(resold)


def test_a_run_killed_in_training_is_finished_by_a_second_start(
    reseller: Path, resold: Path, tmp_path: Path
) -> None:
    draw = random.Random(8)
    there = tmp_path / "home"
    call = of_reseller(reseller, there)
    # First of all: once a training is recorded as a whole, no later start trains again.
    killed_once(call, lambda: recorded_models(there) > 0)
    assert not published(there).exists()
    for _ in range(3):
        killed_after(call, draw.uniform(0.5, 6))
        assert is_absent_or_whole(there)
    ended = here("monthly", *call)
    assert ended.code == 0, ended.err
    assert digests(there) == digests(resold)


def test_a_run_killed_between_publication_and_its_end_is_settled_by_a_second_start(
    reseller: Path, resold: Path, tmp_path: Path
) -> None:
    there = tmp_path / "home"
    shutil.copytree(resold, there, symlinks=True)
    with sqlite3.connect(there / "mlflow.db") as models:
        # All that such a run leaves undone.
        assert models.execute("DELETE FROM registered_model_aliases").rowcount > 0
        lost = "UPDATE model_version_tags SET value = 'no' WHERE key = 'ascent.promoted' AND name = ?"
        assert models.execute(lost, ["ascent-Office"]).rowcount == 1
    models.close()
    ended = here("monthly", *of_reseller(reseller, there))
    assert ended.code == 0, ended.err
    told = manifest(there)["models"]
    champions = versions.aliased(versions.store(there), [*told, "ascent-Boats"])
    assert {name: one.number for name, one in champions.items()} == told
    assert set(versions.aliased(versions.store(there), list(told), CHALLENGER)) == {"ascent-Office"}
    assert digests(there) == digests(resold)


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


def written(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "versions" / MONTH).iterdir())


def unpublish(home: Path) -> None:
    """Take away what is published; what a killed run has left elsewhere stays for the next."""
    published(home).unlink(missing_ok=True)
    shutil.rmtree(home / "versions", ignore_errors=True)


def is_absent_or_whole(home: Path) -> bool:
    return not published(home).exists() or is_whole(home)


def recorded_models(home: Path) -> int:
    return len(list((home / "artifacts").glob("**/model.json")))
