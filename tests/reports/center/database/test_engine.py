"""The database: its migrations are its tables, and it is opened, shared and refused as told."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from features.errors import CallRefused
from reports.center.database.engine import VERSION_TABLE, acting, configuration, open_database
from reports.center.database.tables import AuditRow, Base, User, UserSession

NOON = datetime(2026, 10, 28, 12, tzinfo=UTC)


def test_on_sqlite_the_migrations_make_what_the_tables_declare(tmp_path: Path) -> None:
    assert _differences(open_database(_file(tmp_path))) == []


def test_on_postgresql_the_migrations_make_what_the_tables_declare(postgres: str) -> None:
    engine = open_database(postgres)
    assert _differences(engine) == []
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_go_back_and_forth(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = _file(tmp_path) if kind == "sqlite" else str(request.getfixturevalue("postgres"))
    engine = open_database(url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        assert sa.inspect(connection).get_table_names() == [VERSION_TABLE]
        command.upgrade(configuration(connection), "head")
    assert _differences(engine) == []
    engine.dispose()


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    _add_user(open_database(_file(tmp_path)))
    with acting(open_database(_file(tmp_path)), None) as session:
        assert session.scalars(sa.select(User.subject)).all() == ["ana"]


def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(open_database, [_file(tmp_path)] * 4))
    assert [_differences(engine) for engine in engines] == [[]] * 4


def test_an_sqlite_file_is_for_its_owner_alone_and_lets_readers_read(tmp_path: Path) -> None:
    open_database(_file(tmp_path))
    assert stat.S_IMODE((tmp_path / "center.db").stat().st_mode) == 0o600
    with sqlite3.connect(tmp_path / "center.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_row_of_nobody_is_refused(tmp_path: Path) -> None:
    orphan = UserSession(digest="d", user_id=99, csrf="c", created_at=NOON, expires_at=NOON)
    with (
        pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"),
        acting(open_database(_file(tmp_path)), None) as session,
    ):
        session.add(orphan)


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    engine = open_database(_file(tmp_path))
    with pytest.raises(sa.exc.IntegrityError), acting(engine, None) as session:
        session.execute(sa.insert(AuditRow), [{"id": 7, "at": NOON, "subject": "ana", "action": "view"}] * 2)
    with acting(engine, None) as session:
        assert session.scalars(sa.select(AuditRow)).all() == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("center.db", "told as a URL like"),
        ("sqlite://", "kept in a file"),
        ("sqlite:///:memory:", "kept in a file"),
        ("mysql://there/center", "in sqlite or postgresql; got 'mysql'"),
    ],
)
def test_another_database_is_refused(url: str, told: str) -> None:
    with pytest.raises(CallRefused, match=told):
        open_database(url)


def _file(folder: Path) -> str:
    return f"sqlite:///{folder}/center.db"


def _differences(engine: sa.Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        return list(compare_metadata(context, Base.metadata))


def _add_user(engine: sa.Engine) -> None:
    with acting(engine, None) as session:
        session.add(User(subject="ana", name="Ana", role="report viewer", created_at=NOON))
