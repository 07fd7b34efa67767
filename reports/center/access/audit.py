"""Write down who viewed, downloaded and changed what."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import AuditRow
from reports.center.people import Person


def write_audit(  # noqa: PLR0913 a named argument a column
    center: Center,
    person: Person | None,
    action: str,
    *,
    session: Session | None = None,
    dataset: str | None = None,
    columns: Sequence[str] = (),
    query: str | None = None,
    rows: int | None = None,
    sha256: str | None = None,
    detail: str | None = None,
) -> None:
    """Write an audit row: in the transaction of the change it tells of, or in one of its own."""
    row = AuditRow(
        at=center.now(),
        user_id=None if person is None else person.id,
        subject="" if person is None else person.subject,
        action=action,
        dataset=dataset,
        columns=", ".join(columns) or None,
        query=query,
        rows=rows,
        sha256=sha256,
        detail=detail,
    )
    if session is not None:
        session.add(row)
        return
    with acting(center.database, person) as own:
        own.add(row)
