"""The tables of the centre's database, on SQLite and PostgreSQL alike; instants are UTC.

Secrets are kept as SHA-256 or argon2 digests, never as they are. Rows that belong to a person name it in
`user_id`; rows about a customer name the partner in `partner_id`.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# Constraints have names, so that a later migration can speak of them.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(sa.TypeDecorator[datetime]):
    """An instant with its zone, UTC, also where the database keeps none."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        """Refuse an instant without a zone: nobody could say when it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"An instant needs its zone; got {value!r}.")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        """Give the zone back."""
        return value if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the centre."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant(), str: sa.Text()}  # noqa: RUF012 read by SQLAlchemy


def _owner() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)


class User(Base):
    """Somebody who may sign in; `role` is a `Role`, `everything` a reach over all partners."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    everything: Mapped[bool] = mapped_column(default=False)
    password: Mapped[str | None]
    """argon2 digest of a local account; None where an identity provider vouches."""
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    reaches: Mapped[list["UserReach"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class UserReach(Base):
    """A root partner, or a location, whose customers a person sees; `kind` is partner or location."""

    __tablename__ = "user_reaches"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    partner_id: Mapped[str] = mapped_column(primary_key=True)


class UserSession(Base):
    """A signed-in browser, by the digest of its cookie."""

    __tablename__ = "user_sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _owner()
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiToken(Base):
    """A token of a program, by its digest; `prefix` is what a person recognises it by."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _owner()
    name: Mapped[str]
    prefix: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A sign-in that failed, by what it is counted against: an account, or an address."""

    __tablename__ = "sign_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    counted_against: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class AuditRow(Base):
    """A view, a download or a change: who, what of which dataset, how many rows, and what the file was."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    """No foreign key: what a person did stays when the person goes."""
    subject: Mapped[str]
    action: Mapped[str]
    dataset: Mapped[str | None]
    columns: Mapped[str | None]
    query: Mapped[str | None]
    rows: Mapped[int | None]
    sha256: Mapped[str | None]
    detail: Mapped[str | None]


class SavedQuery(Base):
    """A query somebody named, as text of the query grammar; a template is one offered for making reports."""

    __tablename__ = "saved_queries"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _owner()
    name: Mapped[str]
    description: Mapped[str]
    query: Mapped[str]
    is_template: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SavedReport(Base):
    """A report of a query: made once, or every so many hours; `status` is Active, Paused or Inactive."""

    __tablename__ = "saved_reports"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _owner()
    query_id: Mapped[str]
    """No foreign key: system queries are declared, not stored."""
    query: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    format: Mapped[str]
    status: Mapped[str]
    execute_now: Mapped[bool]
    start_at: Mapped[datetime]
    query_start_at: Mapped[datetime | None]
    query_end_at: Mapped[datetime | None]
    interval_hours: Mapped[int | None]
    recurrences: Mapped[int | None]
    callback_url: Mapped[str | None]
    callback_method: Mapped[str | None]
    created_at: Mapped[datetime]
    executions: Mapped[list["Execution"]] = relationship(cascade="all, delete-orphan")


class Execution(Base):
    """One making of a report, for one period: the instant at which it was due."""

    __tablename__ = "executions"
    __table_args__ = (sa.UniqueConstraint("report_id", "due_at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = _owner()
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(index=True)
    """Pending, Running, Paused, Completed, or Failed with a message."""
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a process has begun it."""
    generated_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    path: Mapped[str | None]
    rows: Mapped[int | None]
    sha256: Mapped[str | None]
    scope: Mapped[str | None]
    """Digest of the scope under which the file was made."""
    link: Mapped[str | None] = mapped_column(unique=True)
    """Digest of the secret in the link to the file."""
    call_at: Mapped[datetime | None]
    """From when on whoever runs next calls back; None where nobody wants to be called, or was."""
    message: Mapped[str | None]


class Tag(Base):
    """A label that a partner's admins put on a customer, or on one of its subscriptions."""

    __tablename__ = "tags"
    __table_args__ = (sa.UniqueConstraint("partner_id", "customer_id", "subscription_id", "tag"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str]
    subscription_id: Mapped[str] = mapped_column(default="")
    tag: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class Favourite(Base):
    """A dataset, report or customer that somebody wants at hand; `kind` says which."""

    __tablename__ = "favourites"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)


class ActionLink(Base):
    """A link that an administrator sets for a finding, or an action of the vendor's portal; none hides it."""

    __tablename__ = "action_links"
    action: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


OF_A_PERSON: tuple[type[Any], ...] = (ApiToken, SavedQuery, SavedReport, Execution, Favourite)
"""Tables of which a person sees its own rows; the second lock of PostgreSQL holds it."""
OF_A_PARTNER: tuple[type[Any], ...] = (Tag,)
"""Tables of which a person sees the rows of its partners."""
