"""Open the centre's database, and work in it as somebody.

On PostgreSQL a second lock stands behind the first: policies show a transaction only the rows of whom it acts
for, also to a query that forgets to ask whose they are. It holds for the role `ascent_center`, which owns
nothing, and for the owner of the tables; a transaction that names nobody sees no such rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from features.errors import CallRefused
from reports.center.database.tables import OF_A_PARTNER, OF_A_PERSON
from reports.center.people import Person

ROLE = "ascent_center"
VERSION_TABLE = "center_version"
"""Not Alembic's own name: the centre may share a database with a store of models, which uses that."""
MIGRATIONS = Path(__file__).parent / "migrations"
CONNECTIONS = 20
"""Kept open; as many again while many ask, which is one for each thread that answers."""
SEPARATOR = "\x1f"
"""Between partners in a setting of the second lock."""

# Migrations of several processes that start at once follow each other.
_MIGRATING = 0x617363656E74
_LOCK = sa.text(
    "SELECT set_config('app.user', :user, true), set_config('app.partners', :partners, true),"
    " set_config('app.every_partner', :every_partner, true), set_config('app.everybody', :everybody, true),"
    " (SELECT set_config('role', rolname, true) FROM pg_roles"
    f" WHERE rolname = '{ROLE}' AND pg_has_role(session_user, oid, 'MEMBER'))"
)


def open_database(url: str) -> sa.Engine:
    """Open the database at a URL, brought to the newest version.

    Raises:
        CallRefused: it is neither SQLite nor PostgreSQL, or the second lock would not hold.
    """
    parsed = _parsed(url)
    engine = sa.create_engine(
        parsed, pool_pre_ping=not _is_sqlite(parsed), pool_size=CONNECTIONS, max_overflow=CONNECTIONS
    )
    if _is_sqlite(parsed):
        _prepare_file(Path(str(parsed.database)))
        sa.event.listen(engine, "connect", _prepare_sqlite)
    try:
        _migrate(engine)
        _check_lock(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def configuration(connection: sa.Connection) -> Config:
    """Return what Alembic needs to know of our migrations."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def acting(engine: sa.Engine, person: Person | None) -> Iterator[Session]:
    """Work as a person, or as nobody, in one transaction; committed at the end."""
    with _session(engine, person, everybody=False) as session:
        yield session


@contextmanager
def acting_for_all(engine: sa.Engine) -> Iterator[Session]:
    """Work for everybody in one transaction: due schedules, and finding whose a secret is.

    The declared way through the second lock; what a person asks for goes through `acting`.
    """
    with _session(engine, None, everybody=True) as session:
        yield session


@contextmanager
def _session(engine: sa.Engine, person: Person | None, *, everybody: bool) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        if engine.dialect.name == "postgresql":
            reach = None if person is None else person.reach
            session.execute(
                _LOCK,
                {
                    "user": "" if person is None else str(person.id),
                    "partners": "" if reach is None else SEPARATOR.join(sorted(reach.partners)),
                    "every_partner": "on" if reach is not None and reach.everything else "",
                    "everybody": "on" if everybody else "",
                },
            )
        yield session


def _migrate(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        command.upgrade(configuration(connection), "head")


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise CallRefused(
            f"The database is told as a URL like sqlite:///PATH or postgresql://HOST/NAME; got {url!r}."
        ) from None
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise CallRefused(f"The download centre keeps its database in sqlite or postgresql; got {kind!r}.")
    if kind == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise CallRefused(f"What the centre remembers is kept in a file, as sqlite:///PATH; got {url!r}.")
    return parsed if kind == "sqlite" else parsed.set(drivername="postgresql+psycopg")


def _is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _prepare_file(path: Path) -> None:
    """Make the file, which nobody else on the machine may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 SQLAlchemy's signature
    cursor = connection.cursor()
    for told in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {told}")
    cursor.close()


def _check_lock(engine: sa.Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    tables = [table.__tablename__ for table in (*OF_A_PERSON, *OF_A_PARTNER)]
    with acting(engine, None) as session:
        active = sa.text("SELECT row_security_active(:table)")
        open_to_all = [table for table in tables if not session.scalar(active, {"table": table})]
        user = session.scalar(sa.text("SELECT session_user"))
    if open_to_all:
        raise CallRefused(
            f"Row security does not bind the database user {user}: {len(open_to_all)} of {len(tables)}"
            f" tables are open to it ({', '.join(open_to_all)}). Let it be a member: GRANT {ROLE} TO {user};"
        )
