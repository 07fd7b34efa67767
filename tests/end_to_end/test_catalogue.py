"""A company's own products, declared in a file and nowhere else; its tables hold little else than orders."""

from pathlib import Path

import pytest

from models.model import State
from reports import dialect
from reports.blocks import FIRMOGRAPHICS, IDENTITY
from tests.end_to_end.commands import digests, here, is_whole, of_month, published, report_of, rows

OF_PRODUCT = ("Cluster", "Fit", "Intent", "SignalExplanation", "PotentialRevenue", "Propensity", "ScoreState")


def test_each_report_that_products_name_is_published(resold: Path) -> None:
    assert set(digests(resold)) == {"ResellerCloud.csv", "ResellerOffice.csv", "ResellerBoats.csv"}
    assert is_whole(resold)


def test_a_report_has_the_identity_firmographic_and_product_blocks(resold: Path) -> None:
    names = dialect.names(published(resold) / "propensity" / "ResellerCloud.csv")
    begins = [field.name for field in (*IDENTITY, *FIRMOGRAPHICS)]
    assert list(names[: len(begins)]) == begins
    assert {f"Cloud{name}" for name in OF_PRODUCT} <= set(names)
    assert [name for name in names if name.startswith("Has") or "Office" in name] == []


def test_a_product_is_scored_without_any_signal_or_technology(resold: Path) -> None:
    scored = [row for row in rows(resold, "ResellerOffice") if row["OfficeCluster"]]
    assert scored
    assert {row["OfficeScoreState"] for row in scored} <= {State.SCORED.value, State.POOLED.value}
    acted_on = [row for row in scored if row["OfficeCluster"] in ("Act Now", "Evaluate")]
    assert all(row["OfficeSignalExplanation"] for row in acted_on)


def test_a_product_that_nobody_bought_says_so_and_its_cells_are_empty(resold: Path) -> None:
    found = rows(resold, "ResellerBoats")
    assert {row.pop("BoatsScoreState") for row in found} == {"Not scored: too little history"}
    assert {row[name] for row in found for name in row if name.startswith("Boats")} == {""}
    (boats,) = [line for line in report_of(resold)["products"] if line["prefix"] == "Boats"]
    assert (boats["state"], boats["purchases"]) == (State.TOO_LITTLE.value, 0)


def test_absent_and_empty_tables_are_told_in_the_run_report(resold: Path) -> None:
    report = report_of(resold)
    assert {"signals", "opportunities", "partners"} <= set(report["missing"])
    counted = {table["name"]: table["rows"] for table in report["tables"]}
    assert counted["technologies"] == 0
    assert counted["transactions"] > 1000


def test_champions_of_other_products_are_not_used(reseller: Path, resold: Path) -> None:
    ended = here("report", *of_month(reseller, resold, "2026-11"))
    assert ended.code == 2
    assert "Champions trained for this catalogue by 2026-11-25 were expected" in ended.err


@pytest.mark.parametrize("scope", ["emploees < 300", "employees <", "employees"])
def test_a_scope_that_is_no_rule_over_features_stops_before_anything_is_read(
    reseller: Path, tmp_path: Path, scope: str
) -> None:
    catalogue = tmp_path / "catalogue.py"
    written = (reseller / "catalogue.py").read_text("utf-8")
    catalogue.write_text(written.replace('sold_as=("M365",)', f'sold_as=("M365",), scope="{scope}"'), "utf-8")
    ended = here("monthly", *of_month(reseller, tmp_path / "home"), "--catalogue", catalogue)
    assert ended.code == 2
    assert f"{catalogue}: The scope of Office must be SQL over declared features" in ended.err
    assert not (tmp_path / "home").exists()
