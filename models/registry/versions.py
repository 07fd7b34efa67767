"""Where models are kept: runs, versions and aliases in MLflow, which is imported here alone, and lazily."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from models import pictures

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models import ModelSignature
    from mlflow.tracking import MlflowClient

EXPERIMENT = "ascent"
CHAMPION = "champion"
CHALLENGER = "challenger"
FOLDER = "model"
SQLITE = "sqlite:///"
REQUIREMENTS = ("lightgbm", "numpy", "scipy", "pandas")
"""What a model needs to be loaded elsewhere; given, so that MLflow does not find out by loading it."""


class Savable(Protocol):
    """A model that writes itself into a folder."""

    def save(self, folder: Path) -> None:
        """Write the model."""


@dataclass(frozen=True, slots=True)
class Store:
    """A tracking and registry database, and the folder of its artifacts."""

    uri: str
    artifacts: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A model to record: its registered name, the model, and what is said of it.

    `names` are the features it reads where it is served as a pyfunc, `texts` those of them that are text; a
    model without names is kept as files alone.
    """

    name: str
    model: Savable
    names: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    parameters: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    importance: Mapping[str, float] = field(default_factory=dict)
    reliability: pd.DataFrame | None = None
    gain: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A registered version: of which model, made for which month, from which inputs, trained through when."""

    name: str
    number: str
    month: str
    digest: str
    cut: str
    tags: Mapping[str, str]


def store(home: Path, tracking: str = "") -> Store:
    """Return the store of a home: a database URL if one is given, else SQLite beside the artifacts."""
    home = home.resolve()
    return Store(tracking or f"{SQLITE}{home / 'mlflow.db'}", home / "artifacts")


def record(
    where: Store, releases: Sequence[Release], *, month: str, cut: str, digest: str, tags: Mapping[str, str]
) -> dict[str, Version]:
    """Record a month's training: one parent run, one child a model with its figures, pictures and files.

    A model that an earlier, interrupted run of the same month and inputs has recorded is not recorded again.

    Returns:
        The registered version of each model, by name.
    """
    with _client(where) as client:
        _close_interrupted(client, where)
        told = {**tags, "ascent.month": month, "ascent.digest": digest, "ascent.cut": cut}
        parent = client.create_run(_experiment(client, where), run_name=f"month {month}", tags=told)
        versions = {}
        for release in releases:
            found = _find(client, release.name, month=month, digest=digest)
            versions[release.name] = found or _record(client, parent, release, told)
        client.set_terminated(parent.info.run_id)
        return versions


def find(where: Store, names: Sequence[str], *, month: str, digest: str) -> dict[str, Version]:
    """Return the versions that were recorded for a month from the same inputs, by name."""
    with _client(where) as client:
        found = {name: _find(client, name, month=month, digest=digest) for name in names}
        return {name: one for name, one in found.items() if one is not None}


def aliased(where: Store, names: Sequence[str], alias: str = CHAMPION) -> dict[str, Version]:
    """Return the versions that carry an alias, by name; a model without one is left out."""
    with _client(where) as client:
        found = {}
        for name in names:
            for one in _versions(client, name):
                if alias in client.get_model_version(name, one.number).aliases:
                    found[name] = one
        return found


def numbered(where: Store, numbers: Mapping[str, str]) -> dict[str, Version]:
    """Return the versions with those numbers, by name; one that is not there is left out."""
    with _client(where) as client:
        return {
            name: one
            for name, number in numbers.items()
            for one in _versions(client, name)
            if one.number == number
        }


def fetch(where: Store, one: Version, to: Path) -> Path:
    """Copy the files of a version below a folder and return where they are."""
    with _client(where) as client:
        import mlflow

        uri = client.get_model_version_download_uri(one.name, one.number)
        kept = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(to)))
        return next(kept.rglob("model.json")).parent


def move_alias(where: Store, one: Version, alias: str, reason: str) -> None:
    """Give a version an alias, which any other version of the model loses, and say why."""
    with _client(where) as client:
        client.set_registered_model_alias(one.name, alias, one.number)
        client.set_model_version_tag(one.name, one.number, f"ascent.{alias}", reason)


@contextmanager
def _client(where: Store) -> Iterator[MlflowClient]:
    """Open the store; MLflow's own chatter is kept out of the run's output."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    where.artifacts.mkdir(parents=True, exist_ok=True)
    import mlflow
    from mlflow.tracking import MlflowClient

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    _make_whole(where)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(where.uri)
    mlflow.set_registry_uri(where.uri)
    try:
        with warnings.catch_warnings():
            # Of its own use of its libraries: nothing that we could mend.
            warnings.simplefilter("ignore")
            yield MlflowClient()
    finally:
        mlflow.set_tracking_uri(before)
        mlflow.set_registry_uri(before)


def _make_whole(where: Store) -> None:
    """Make a new SQLite store aside: one that a killed run left half-migrated could never be opened again."""
    if not where.uri.startswith(SQLITE):
        return
    path = Path(where.uri.removeprefix(SQLITE))
    if path.exists():
        return
    from mlflow.tracking import MlflowClient

    partial = path.with_name(f"{path.name}.partial")
    for left in path.parent.glob(f"{partial.name}*"):
        left.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        MlflowClient(f"{SQLITE}{partial}").search_experiments(max_results=1)
    partial.replace(path)


def _experiment(client: MlflowClient, where: Store) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    return str(client.create_experiment(EXPERIMENT, artifact_location=where.artifacts.as_uri()))


def _close_interrupted(client: MlflowClient, where: Store) -> None:
    """End the runs that a killed job has left running: one job at a time works in a home."""
    experiment = _experiment(client, where)
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "KILLED")


def _find(client: MlflowClient, name: str, *, month: str, digest: str) -> Version | None:
    for one in _versions(client, name):
        if one.month == month and one.digest == digest:
            return one
    return None


def _versions(client: MlflowClient, name: str) -> list[Version]:
    """Return the finished versions of a model, the newest first."""
    rows: list[ModelVersion] = list(client.search_model_versions(f"name = '{name}'"))
    finished = [row for row in rows if row.status == "READY" and "ascent.month" in row.tags]
    return [
        Version(
            name=name,
            number=str(row.version),
            month=row.tags["ascent.month"],
            digest=row.tags["ascent.digest"],
            cut=row.tags["ascent.cut"],
            tags=dict(row.tags),
        )
        for row in sorted(finished, key=lambda row: -int(row.version))
    ]


def _record(client: MlflowClient, parent: Run, release: Release, tags: Mapping[str, str]) -> Version:
    """Record one model as a child run and register it; its tags come last and make the version count."""
    import mlflow
    from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

    experiment = parent.info.experiment_id
    tags = {**tags, **release.tags}
    nested = {**tags, MLFLOW_PARENT_RUN_ID: parent.info.run_id}
    child = client.create_run(experiment, run_name=release.name, tags=nested)
    with TemporaryDirectory() as scratch, mlflow.start_run(run_id=child.info.run_id):
        mlflow.log_params(dict(release.parameters))
        mlflow.log_metrics({name: value for name, value in release.metrics.items() if value == value})
        _log_pictures(release, Path(scratch))
        folder = Path(scratch) / FOLDER
        release.model.save(folder)
        mlflow.log_artifacts(str(folder), FOLDER)
        number = _register(client, child, release, folder)
    for tag, value in tags.items():
        client.set_model_version_tag(release.name, number, tag, value)
    return Version(
        name=release.name,
        number=number,
        month=tags["ascent.month"],
        digest=tags["ascent.digest"],
        cut=tags["ascent.cut"],
        tags=dict(tags),
    )


def _register(client: MlflowClient, child: Run, release: Release, folder: Path) -> str:
    """Register a served model as a pyfunc, any other as the files it is."""
    import mlflow
    from mlflow.exceptions import MlflowException

    source = f"{child.info.artifact_uri}/{FOLDER}"
    if release.names:
        code = Path(__file__).parent.parent
        source = mlflow.pyfunc.log_model(
            name="served",
            python_model=str(code / "registry" / "scorer.py"),
            artifacts={FOLDER: str(folder)},
            code_paths=[str(code)],
            signature=_signature(release),
            pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
        ).model_uri
    try:
        client.create_registered_model(release.name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return str(client.create_model_version(release.name, source, child.info.run_id).version)


def _signature(release: Release) -> ModelSignature:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema, TensorSpec

    inputs: list[ColSpec | TensorSpec] = [
        ColSpec(DataType.string if name in release.texts else DataType.double, name, required=False)
        for name in release.names
    ]
    outputs: list[ColSpec | TensorSpec] = [ColSpec(DataType.double, "probability")]
    outputs += [ColSpec(DataType.long, name) for name in ("score", "fit_score", "intent_score")]
    return ModelSignature(inputs=Schema(inputs), outputs=Schema(outputs))


def _log_pictures(release: Release, scratch: Path) -> None:
    import mlflow

    if release.importance:
        table = pd.Series(dict(release.importance), name="share_of_gain").sort_values(ascending=False)
        table.to_csv(scratch / "importance.csv", index_label="feature")
        mlflow.log_artifact(str(scratch / "importance.csv"))
    for name, frame, draw in (
        ("reliability", release.reliability, pictures.reliability),
        ("gain", release.gain, pictures.gain),
    ):
        if frame is not None and len(frame):
            draw(frame, scratch / f"{name}.png")
            mlflow.log_artifact(str(scratch / f"{name}.png"))
