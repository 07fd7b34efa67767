import stat
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reports.center.database.engine import acting_for_all
from reports.center.database.tables import Execution, User, UserReach
from reports.center.delivery.links import KEY_NAME, Delivered, open_link, open_making
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import create_report, delete_report, list_makings
from reports.center.delivery.run import run_due
from reports.center.people import Role
from tests.reports.center.delivery.small import TEXT, Small, bytes_of


def made(small: Small) -> tuple[str, str, str]:
    """A report, its making, and the secret of the link."""
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    (making,) = list_makings(small.center, small.ada, report.id)
    assert making.link is not None
    return report.id, making.id, making.link.rsplit("/", 1)[1]


def fetched(small: Small, secret: str) -> Delivered | None:
    try:
        return open_link(small.center, secret)
    except NotThere:
        return None


def test_a_link_is_told_again_and_opens_the_same_file(small: Small) -> None:
    report, making, secret = made(small)
    again = list_makings(small.center, small.ada, report)[0].link
    assert again == f"http://127.0.0.1:8000/insights/v1/mpn/ScheduledReport/download/{secret}"
    assert open_link(small.center, secret.upper()).path.read_bytes() == bytes_of(
        small.center, small.ada, TEXT
    )
    assert open_making(small.center, small.ada, making) == open_link(small.center, secret)


def test_the_database_knows_the_digest_alone_and_the_key_is_its_owner_s(small: Small) -> None:
    _, _, secret = made(small)
    with acting_for_all(small.center.database) as session:
        kept = session.scalars(sa.select(Execution)).one()
    assert secret not in (kept.link, kept.path, kept.message)
    assert stat.S_IMODE((small.center.files / KEY_NAME).stat().st_mode) == 0o600


def test_a_link_ends(small: Small) -> None:
    _, _, secret = made(small)
    small.clock.at += timedelta(hours=24, seconds=-1)
    assert fetched(small, secret) is not None
    small.clock.turn(seconds=1)
    assert fetched(small, secret) is None


@pytest.mark.parametrize(
    "change",
    [
        sa.update(User).where(User.subject == "ada").values(is_active=False),
        sa.update(User).where(User.subject == "ada").values(role=Role.REPORT_VIEWER),
        sa.update(UserReach).where(UserReach.partner_id == "P1").values(partner_id="P9"),
        sa.delete(User).where(User.subject == "ada"),
    ],
)
def test_a_link_holds_for_the_scope_under_which_its_file_was_made(
    small: Small, change: sa.UpdateBase
) -> None:
    _, making, secret = made(small)
    with acting_for_all(small.center.database) as session:
        session.execute(change)
    assert fetched(small, secret) is None
    with pytest.raises(NotThere):
        open_making(small.center, small.ada, making)


def test_a_deleted_report_leaves_no_link(small: Small) -> None:
    report, _, secret = made(small)
    delete_report(small.center, small.ada, report)
    assert fetched(small, secret) is None


def test_the_making_of_another_is_not_there(small: Small) -> None:
    _, making, _ = made(small)
    with pytest.raises(NotThere):
        open_making(small.center, small.bea, making)


@pytest.mark.parametrize("secret", ["", "a", "0" * 64, "../link.key", "\x00", "\ud800"])
def test_a_guessed_link_is_not_there(small: Small, secret: str) -> None:
    made(small)
    assert fetched(small, secret) is None
