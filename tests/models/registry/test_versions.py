"""The registry: real stores, real files; a version counts when it is whole, and loads elsewhere."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.products import AZURE
from models.registry import versions
from models.registry.versions import Release, Store
from tests.scoring.handmade import model

MADE = {"month": "2026-10", "cut": "2026-10-25", "digest": "d1"}


@dataclass(frozen=True)
class Note:
    """A model that is a file."""

    text: str

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "model.json").write_text(self.text)


def recorded(where: Store, *releases: Release) -> dict[str, versions.Version]:
    return versions.record(where, releases, **MADE, tags={"ascent.code": "1"})


def test_a_recorded_model_is_found_again_by_month_and_inputs(sqlite: Store, tmp_path: Path) -> None:
    version = recorded(sqlite, Release(name="ascent-x", model=Note("{}")))["ascent-x"]
    assert versions.find(sqlite, ["ascent-x"], month="2026-10", digest="d1") == {"ascent-x": version}
    assert versions.find(sqlite, ["ascent-x"], month="2026-10", digest="other") == {}
    assert (versions.fetch(sqlite, version, tmp_path / "to") / "model.json").read_text() == "{}"


def test_recording_the_same_month_again_makes_no_second_version(sqlite: Store) -> None:
    first = recorded(sqlite, Release(name="ascent-x", model=Note("{}")))
    assert recorded(sqlite, Release(name="ascent-x", model=Note("{}"))) == first


def test_an_alias_moves_from_version_to_version_with_its_reason(sqlite: Store) -> None:
    old = recorded(sqlite, Release(name="ascent-x", model=Note("1")))["ascent-x"]
    new = versions.record(
        sqlite,
        [Release(name="ascent-x", model=Note("2"))],
        month="2027-01",
        cut="2027-01-25",
        digest="d2",
        tags={},
    )["ascent-x"]
    versions.move_alias(sqlite, old, versions.CHAMPION, "first release")
    versions.move_alias(sqlite, new, versions.CHAMPION, "not worse")
    (champion,) = versions.aliased(sqlite, ["ascent-x", "ascent-y"]).values()
    assert champion.number == new.number
    assert champion.tags["ascent.champion"] == "not worse"
    assert versions.numbered(sqlite, {"ascent-x": "1"})["ascent-x"].number == old.number


MODEL = model(AZURE, fit="employees", intent="own_signals_30d", also=("industry",))


def served() -> Release:
    made = replace(MODEL, levels={"industry": ("Retail", "Health")})
    return Release(
        name="ascent-Azure",
        model=made,
        names=made.names,
        texts=frozenset(made.levels),
        parameters={"trees": 3},
        metrics={"auc": 0.7, "unknown": float("nan")},
        importance={"employees": 1.0},
        reliability=pd.DataFrame(
            {"bin": [1], "rows": [9], "expected": [0.1], "observed": [0.1], "low": [0.0], "high": [0.2]}
        ),
        gain=pd.DataFrame({"share_of_rows": [0.5, 1.0], "share_of_wins": [0.8, 1.0]}),
    )


LOAD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow, pandas as pd
mlflow.set_tracking_uri(sys.argv[1]); mlflow.set_registry_uri(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/ascent-Azure@champion")
rows = pd.read_json(sys.argv[2], orient="records", dtype=False)
print(model.predict(rows).to_json(orient="records"))
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_registered_model_loads_elsewhere_and_gives_probability_and_score(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = (
        request.getfixturevalue("sqlite")
        if kind == "sqlite"
        else Store(request.getfixturevalue("postgres"), tmp_path / "artifacts")
    )
    version = recorded(where, served())["ascent-Azure"]
    versions.move_alias(where, version, versions.CHAMPION, "first release")
    rows = pd.DataFrame({"employees": [1.0, 9.0], "own_signals_30d": [0.0, 8.0], "industry": ["Health", "?"]})
    rows.to_json(tmp_path / "rows.json", orient="records")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, "-I", "-c", LOAD, where.uri, str(tmp_path / "rows.json")],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    told = pd.DataFrame(json.loads(run.stdout.splitlines()[-1]))
    values = np.array([[1, 0, 1], [9, 8, 2]], dtype=np.float32)
    expected = 1 / (1 + np.exp(-MODEL.log_odds(values).purchase))
    assert told["probability"].to_numpy() == pytest.approx(expected)
    assert set(told) == {"probability", "score", "fit_score", "intent_score"}
    assert told["score"].between(0, 100).all()


def test_a_store_that_a_killed_run_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db.partial").write_bytes(b"half a database")
    where = versions.store(tmp_path)
    assert versions.find(where, ["ascent-x"], month="2026-10", digest="d1") == {}
    assert sorted(path.name for path in tmp_path.glob("mlflow.db*")) == ["mlflow.db"]
