import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from jsonschema import Draft7Validator

from reports.licenses.charts import CHARTS, write_charts
from reports.licenses.contracts import LICENSE_REPORTS

Cells = Mapping[str, object]
TREND = {"partnerId": "p1", "productFamily": "calling", "weekStart": "2026-10-04"}
ROWS: Mapping[str, Sequence[Cells]] = {
    "license_distribution_trend": (
        {**TREND, "used": 3, "assignedUnused": 2, "available": 5},
        {**TREND, "partnerId": "p2", "used": 1, "assignedUnused": 0, "available": 1},
        {**TREND, "weekStart": "2026-09-27", "used": "", "assignedUnused": "", "available": 4},
    ),
    "renewing_subscriptions": (
        {"partnerId": "p1", "productFamily": "calling", "used": 4, "consumedUnits": 3, "available": 2},
    ),
    "calling_users_by_usage": (
        {"partnerId": "p1", "weekStart": "2026-10-04", "usageBand": "20+", "users": 2},
        {"partnerId": "p1", "weekStart": "2026-10-04", "usageBand": "0", "users": 7},
        {"partnerId": "p1", "weekStart": "2026-09-27", "usageBand": "0", "users": ""},
    ),
    "call_quality_trend": (
        {
            "partnerId": "p1",
            "weekStart": "2026-10-04",
            "totalCallsWithMedia": 8,
            "totalGoodQualityCallsWithMedia": 7,
            "poorCalls": 1,
        },
    ),
    "call_quality_by_endpoint": (
        {
            "partnerId": "p1",
            "clientType": 'Desk "big", phone',
            "totalCallsWithMedia": 3,
            "totalGoodQualityCallsWithMedia": 2,
            "poorCalls": 1,
        },
    ),
    "calling_feature_use": (
        {"partnerId": "p1", "feature": "Park", "calls": 2, "callQueueEnabledOnly": "No"},
        {"partnerId": "p1", "feature": "Forward", "calls": 1200, "callQueueEnabledOnly": "No"},
        {"partnerId": "p1", "feature": "Forward", "calls": 9, "callQueueEnabledOnly": "Yes"},
    ),
}


def written(folder: Path, rows: Mapping[str, Sequence[Cells]]) -> Path:
    """Write every licence CSV with its header and the given cells, the others empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for report in LICENSE_REPORTS:
        names = [field.name for field in report.report.fields]
        lines: list[list[object]] = [
            [*names],
            *([row.get(name, "") for name in names] for row in rows.get(report.name, ())),
        ]
        text = "\r\n".join(
            ",".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines
        )
        (folder / f"{report.name}.csv").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    return folder


def spec(folder: Path, name: str) -> Any:
    return json.loads((folder / "charts" / f"{name}.vl.json").read_text(encoding="utf-8"))


def values(found: Any) -> list[dict[str, Any]]:
    """Return every inline value of a spec."""
    if isinstance(found, dict):
        own = found["data"].get("values", []) if "data" in found else []
        named = [row for rows in found.get("datasets", {}).values() for row in rows]
        return [
            *own,
            *named,
            *(row for key, part in found.items() if key != "datasets" for row in values(part)),
        ]
    return [row for part in found for row in values(part)] if isinstance(found, list) else []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = written(tmp_path_factory.mktemp("licenses"), ROWS)
    write_charts(place)
    return place


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    source = files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    return Draft7Validator(json.loads(source.read_text(encoding="utf-8")))


NAMES = [chart.name for chart in CHARTS]


def test_there_are_six_charts(folder: Path) -> None:
    assert len(NAMES) == 6
    assert sorted(path.name for path in (folder / "charts").iterdir()) == sorted(
        f"{name}.vl.json" for name in NAMES
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_valid_by_the_schema_of_vega_lite(
    folder: Path, schema: Draft7Validator, name: str
) -> None:
    assert [error.message for error in schema.iter_errors(spec(folder, name))] == []


def test_what_is_no_chart_is_refused_by_the_schema(folder: Path, schema: Draft7Validator) -> None:
    broken = spec(folder, "calling_users_by_usage") | {"mark": "no such mark"}
    assert not schema.is_valid(broken)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_opens_alone(folder: Path, name: str) -> None:
    text = (folder / "charts" / f"{name}.vl.json").read_text(encoding="utf-8")
    assert vl_convert.vegalite_to_png(text)[:4] == b"\x89PNG"
    assert values(spec(folder, name))
    assert '"url"' not in text


def test_levels_are_stacked_used_first_and_partners_summed(folder: Path) -> None:
    found = values(spec(folder, "license_distribution_trend"))
    last = [(row["level"], row["licences"]) for row in found if row["week"] == "2026-10-04"]
    assert last == [("used", 4), ("assigned, not used", 2), ("available", 6)]


def test_a_week_without_data_has_no_bar_but_its_place(folder: Path) -> None:
    chart = spec(folder, "calling_users_by_usage")
    assert {row["week"] for row in values(chart)} == {"2026-10-04"}
    assert chart["encoding"]["x"]["scale"]["domain"] == ["2026-09-27", "2026-10-04"]


def test_weeks_are_labelled_in_utc(folder: Path) -> None:
    # In local time a Sunday would be labelled as the Saturday before it west of Greenwich.
    assert "utcFormat(" in spec(folder, "calling_users_by_usage")["encoding"]["x"]["axis"]["labelExpr"]


def test_bands_come_from_few_calls_to_many(folder: Path) -> None:
    assert [row["band"] for row in values(spec(folder, "calling_users_by_usage"))] == ["0", "20+"]


def test_more_used_than_assigned_is_no_negative_bar(folder: Path) -> None:
    found = values(spec(folder, "used_assigned_available"))
    assert {row["level"]: row["licences"] for row in found} == {
        "used": 4,
        "assigned, not used": 0,
        "available": 2,
    }


def test_a_share_of_poor_calls_stands_beside_an_endpoint(folder: Path) -> None:
    found = values(spec(folder, "call_quality_by_endpoint"))
    assert {(row["endpoint"], row["label"]) for row in found} == {('Desk "big", phone', "33.3 % poor")}


def test_features_come_by_use_and_count_every_calling_customer(folder: Path) -> None:
    found = values(spec(folder, "calling_feature_use"))
    assert [(row["feature"], row["label"]) for row in found] == [("Forward", "1,200"), ("Park", "2")]


def test_a_chart_of_several_partners_says_so(folder: Path, tmp_path: Path) -> None:
    alone = {name: [row for row in rows if row["partnerId"] == "p1"] for name, rows in ROWS.items()}
    write_charts(written(tmp_path, alone))
    name = "license_distribution_trend"
    assert len(spec(tmp_path, name)["title"]["subtitle"]) == 1
    assert spec(folder, name)["title"]["subtitle"][1] == (
        "2 partners together: a customer of several counts for each"
    )


def test_without_rows_a_chart_says_that_there_is_no_data(tmp_path: Path) -> None:
    write_charts(written(tmp_path, {}))
    for name in NAMES:
        assert spec(tmp_path, name)["title"]["subtitle"] == ["No data"]
        assert values(spec(tmp_path, name)) == []


def test_the_same_rows_make_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in write_charts(written(tmp_path, ROWS)):
        assert path.read_bytes() == (folder / "charts" / path.name).read_bytes()
