"""Row security of PostgreSQL: a query that forgets whose rows it wants finds those of whom it acts for."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from features.errors import CallRefused
from reports.center.database.engine import ROLE, acting, acting_for_all, open_database
from reports.center.database.tables import (
    OF_A_PARTNER,
    OF_A_PERSON,
    ApiToken,
    AuditRow,
    Execution,
    Favourite,
    SavedQuery,
    SavedReport,
    Tag,
    User,
)
from reports.center.people import Person, Reach, Role

NOON = datetime(2026, 10, 28, 12, tzinfo=UTC)


@pytest.fixture
def database(postgres: str) -> Iterator[sa.Engine]:
    """Two people, 1 of partner P1 and 2 of P2, with a row of each in every locked table."""
    engine = open_database(postgres)
    with acting_for_all(engine) as session:
        session.add_all(User(id=i, subject=f"s{i}", name="N", role="r", created_at=NOON) for i in (1, 2))
        session.flush()
        for i in (1, 2):
            session.add_all(_rows_of(i))
            session.flush()
    yield engine
    engine.dispose()


@pytest.mark.parametrize("table", OF_A_PERSON)
def test_a_person_finds_its_own_rows_without_asking_for_them(database: sa.Engine, table: type) -> None:
    for i in (1, 2):
        with acting(database, _person(i)) as session:
            assert session.scalars(sa.select(table.user_id)).all() == [i]  # type: ignore[attr-defined]


def test_a_person_finds_the_tags_of_its_partners(database: sa.Engine) -> None:
    for reach, found in (
        (Reach(partners=frozenset({"P1"})), ["P1"]),
        (Reach(partners=frozenset({"P1", "P2"})), ["P1", "P2"]),
        (Reach(everything=True), ["P1", "P2"]),
        (Reach(locations=frozenset({"P1"})), []),
        (Reach(), []),
    ):
        with acting(database, _person(1, reach)) as session:
            assert session.scalars(sa.select(Tag.partner_id).order_by(Tag.partner_id)).all() == found


@pytest.mark.parametrize("table", [*OF_A_PERSON, *OF_A_PARTNER])
def test_nobody_finds_nothing_and_background_work_finds_all(database: sa.Engine, table: type) -> None:
    with acting(database, None) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    with acting_for_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 2


def test_one_transaction_leaves_nothing_open_for_the_next(database: sa.Engine) -> None:
    single = sa.create_engine(database.url, pool_size=1, max_overflow=0)
    with acting_for_all(single) as session:
        assert len(session.scalars(sa.select(Favourite)).all()) == 2
    with acting(single, None) as session:
        assert session.scalars(sa.select(Favourite)).all() == []
    single.dispose()


def test_rows_of_others_can_be_neither_changed_nor_made(database: sa.Engine) -> None:
    with acting(database, _person(1)) as session:
        changed = session.execute(sa.update(SavedQuery).values(name="mine"))
        deleted = session.execute(sa.delete(Favourite))
    assert (changed.rowcount, deleted.rowcount) == (1, 1)  # type: ignore[attr-defined]
    for made in (Favourite(user_id=2, kind="dataset", key="k"), _tag("P2", "new")):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
            acting(database, _person(1)) as session,
        ):
            session.add(made)


def test_what_was_audited_cannot_be_changed(database: sa.Engine) -> None:
    with acting(database, _person(1)) as session:
        session.add(AuditRow(at=NOON, subject="s1", action="view"))
    for change in (sa.update(AuditRow).values(action="none"), sa.delete(AuditRow)):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            acting_for_all(database) as session,
        ):
            session.execute(change)


def test_work_is_done_as_a_role_that_owns_nothing(database: sa.Engine) -> None:
    with acting(database, _person(1)) as session:
        assert session.scalar(sa.text("SELECT current_user")) == ROLE
        owners = session.scalars(
            sa.text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = current_schema()")
        )
        assert ROLE not in owners.all()
        assert session.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) is False


def test_a_user_that_is_only_a_member_of_the_role_can_run_the_centre(
    database: sa.Engine, login: tuple[str, sa.URL]
) -> None:
    name, url = login
    with database.begin() as connection:
        connection.execute(sa.text(f"GRANT {ROLE} TO {name}"))
    engine = open_database(url.render_as_string())
    with acting(engine, _person(2)) as session:
        assert session.scalars(sa.select(ApiToken.user_id)).all() == [2]
    engine.dispose()


def test_a_user_whom_the_lock_does_not_bind_is_refused(
    database: sa.Engine, login: tuple[str, sa.URL]
) -> None:
    name, url = login
    with database.begin() as connection:
        connection.execute(sa.text(f"ALTER ROLE {name} BYPASSRLS"))
        schema = connection.scalar(sa.text("SELECT current_schema()"))
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA {schema} TO {name}"))
        connection.execute(sa.text(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {name}"))
    with pytest.raises(CallRefused, match=f"does not bind the database user {name}: 6 of 6 tables"):
        open_database(url.render_as_string())


def test_the_owner_of_the_tables_is_bound_too(postgres: str, login: tuple[str, sa.URL]) -> None:
    name, url = login
    server = sa.create_engine(postgres)
    with server.begin() as connection:
        schema = connection.scalar(sa.text("SELECT current_schema()"))
        connection.execute(sa.text(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {name}"))
    engine = open_database(url.render_as_string())
    with acting_for_all(engine) as session:
        session.add_all(User(id=i, subject=f"s{i}", name="N", role="r", created_at=NOON) for i in (1, 2))
        session.flush()
        session.add_all(Favourite(user_id=i, kind="dataset", key="k") for i in (1, 2))
    with acting(engine, _person(2)) as session:
        assert session.scalar(sa.text("SELECT current_user")) == name
        assert session.scalars(sa.select(Favourite.user_id)).all() == [2]
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM favourites")) == 0
    engine.dispose()
    server.dispose()


@pytest.fixture
def login(postgres: str) -> Iterator[tuple[str, sa.URL]]:
    """A user of the server that owns nothing yet, and the URL at which it opens the database."""
    name = f"ascent_login_{uuid.uuid4().hex[:8]}"
    server = sa.create_engine(postgres)
    with server.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE {name} LOGIN"))
    yield name, server.url.set(username=name)
    with server.begin() as connection:
        connection.execute(sa.text(f"DROP OWNED BY {name} CASCADE"))
        connection.execute(sa.text(f"DROP ROLE {name}"))
    server.dispose()


def _person(i: int, reach: Reach | None = None) -> Person:
    reach = reach or Reach(partners=frozenset({f"P{i}"}))
    return Person(id=i, subject=f"s{i}", name="N", role=Role.SALES_AGENT, reach=reach)


def _tag(partner: str, tag: str) -> Tag:
    return Tag(partner_id=partner, customer_id="C1", tag=tag, created_by="s", created_at=NOON)


def _rows_of(i: int) -> list[object]:
    told = {"name": "N", "description": "", "query": "SELECT a FROM b", "created_at": NOON}
    return [
        ApiToken(user_id=i, name="N", prefix="p", digest=f"d{i}", created_at=NOON, expires_at=NOON),
        SavedQuery(id=f"q{i}", user_id=i, **told),
        SavedReport(
            id=f"r{i}",
            user_id=i,
            query_id="q",
            format="CSV",
            status="Active",
            execute_now=True,
            start_at=NOON,
            executions=[Execution(id=f"e{i}", user_id=i, due_at=NOON, status="Pending")],
            **told,
        ),
        Favourite(user_id=i, kind="dataset", key="k"),
        _tag(f"P{i}", "vip"),
    ]
