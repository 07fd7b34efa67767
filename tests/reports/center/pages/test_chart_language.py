import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator

from reports.center.center import Center
from reports.center.pages import chart_language
from reports.center.pages.chart_language import in_language
from reports.licenses.charts import CHARTS, Canvas
from tests.reports.center.signed import add_person, browser

WORDS = {"poor": "l'échec", "good": "bon", "Calls with media": "Appels"}
SPEC = {
    "data": {"values": [{"grade": "poor", "label": "7.4 % poor"}, {"grade": "good", "label": "1,200"}]},
    "transform": [{"filter": "datum.grade == 'poor'"}],
    "encoding": {
        "x": {"title": "Calls with media"},
        "color": {"scale": {"domain": ["good", "poor"], "range": ["#000", "#fff"]}},
    },
}


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(chart_language, "_words", lambda _: WORDS)
    return in_language(SPEC, "fr")


def test_words_agree_wherever_they_stand(french: Any) -> None:
    assert [row["grade"] for row in french["data"]["values"]] == ["l'échec", "bon"]
    assert french["encoding"]["color"]["scale"]["domain"] == ["bon", "l'échec"]
    assert french["transform"] == [{"filter": "datum.grade == 'l\\'échec'"}]
    assert french["encoding"]["x"]["title"] == "Appels"
    assert french["encoding"]["color"]["scale"]["range"] == ["#000", "#fff"]


def test_numbers_in_labels_and_on_axes_are_those_of_the_language(french: Any) -> None:
    labels = [row["label"].replace("\u202f", " ").replace("\xa0", " ") for row in french["data"]["values"]]
    assert labels == ["7,4 % l'échec", "1 200"]
    assert french["config"]["locale"]["number"]["decimal"] == ","
    assert french["config"]["locale"]["time"]["shortMonths"][1] == "févr."


def test_in_english_nothing_changes() -> None:
    assert in_language(SPEC, "en") is SPEC


def test_every_title_and_level_of_the_charts_is_a_word() -> None:
    known = {word.replace("%%", "%") for word in chart_language.WORDS}
    week = {"week": "2026-10-18", "family": "calling", "place": 1, "total": 9, "percent": 1.0}
    row = {**week, "level": "used", "licences": 1, "users": 1, "band": "0", "grade": "poor", "calls": 2}
    row |= {"endpoint": "x", "feature": "y", "section": "renewing", "label": "1"}
    for chart in CHARTS:
        found = set(titles(chart.draw([row], Canvas(width=None, columns=1)).to_dict()))
        assert found <= known | {None}, chart.name


def titles(part: Any) -> list[str | None]:
    if isinstance(part, list):
        return [title for one in part for title in titles(one)]
    if not isinstance(part, dict):
        return []
    own = [part["title"]] if "title" in part else []
    return own + [title for key, one in part.items() if key != "title" for title in titles(one)]


@pytest.mark.parametrize("language", ["es", "fr", "tr"])
def test_a_chart_in_another_language_is_valid(licensed: Center, language: str) -> None:
    source = files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    schema = Draft7Validator(json.loads(source.read_text(encoding="utf-8")))
    client = browser(licensed, add_person(licensed, "seller", partners=("P1",)))
    client.headers["accept-language"] = language
    for chart in CHARTS:
        spec = client.get(f"/charts/{chart.name}.json?family=calling").json()
        assert spec["config"]["locale"]["number"]["decimal"] == ","
        assert [error.message for error in schema.iter_errors(spec)] == []
