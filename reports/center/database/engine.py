"""Open the centre's database, and work in it as somebody."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.database.tables import Base
from reports.center.people import Person


def open_database(url: str) -> sa.Engine:
    """Open the database at a URL, brought to the newest version."""
    engine = sa.create_engine(url)
    Base.metadata.create_all(engine)
    return engine


@contextmanager
def acting(engine: sa.Engine, person: Person | None) -> Iterator[Session]:  # noqa: ARG001 the second lock follows
    """Work as a person, or as nobody, in one transaction; committed at the end."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def acting_for_all(engine: sa.Engine) -> Iterator[Session]:
    """Work for everybody in one transaction: the schedules, and looking up who a secret belongs to."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
