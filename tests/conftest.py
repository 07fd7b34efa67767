"""Fixtures of the whole suite: a schema of its own on a real PostgreSQL server, an empty store of models."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.registry import versions
from models.registry.versions import Store

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of a fresh schema on the server; fails without one where CI is set, skips elsewhere."""
    engine = sa.create_engine(SERVER, connect_args={"connect_timeout": 5})
    schema = f"ascent_{uuid.uuid4().hex[:12]}"
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    except sa.exc.OperationalError as fault:
        told = f"needs a PostgreSQL server at {engine.url.render_as_string(hide_password=True)}: {fault.orig}"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    try:
        yield f"{SERVER}?options=-csearch_path%3D{schema}"
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty store: making one takes seconds, copying it none."""
    home = tmp_path_factory.mktemp("template")
    versions.find(versions.store(home), ["none"], month="2026-10", digest="d")
    return home / "mlflow.db"


@pytest.fixture
def sqlite(template: Path, tmp_path: Path) -> Store:
    """An empty store in the folder of the test."""
    (tmp_path / "mlflow.db").write_bytes(template.read_bytes())
    return versions.store(tmp_path)
