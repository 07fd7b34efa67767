"""Who follows the link to a file is written down as far as it is known."""

import sqlalchemy as sa

from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.delivery.reports import create_report, list_makings
from reports.center.delivery.run import run_due
from tests.reports.center.delivery.small import TEXT, Small, bytes_of
from tests.reports.center.signed import browser, program


def test_who_fetches_a_file_is_written_down_as_far_as_it_is_known(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    (making,) = list_makings(small.center, small.ada, report.id)
    assert making.link is not None
    expected = bytes_of(small.center, small.ada, TEXT)
    fetched = [
        browser(small.center).get(making.link),
        program(small.center, small.bea).get(making.link),
        browser(small.center, small.bea).get(making.link),
        browser(small.center, small.ada).get(f"/reports/files/{making.id}"),
    ]
    assert [answer.content for answer in fetched] == [expected] * 4
    with acting_for_all(small.center.database) as session:
        rows = session.scalars(
            sa.select(AuditRow).where(AuditRow.action == "fetch report").order_by(AuditRow.id)
        ).all()
    told = f"CSV, Spain: {len(expected)} bytes"
    assert [(row.subject, row.detail) for row in rows] == [
        ("ada", f"{told}, by its link from testclient"),
        ("ada", f"{told}, by its link from testclient"),
        ("ada", f"{told}, by its link from testclient, as bea"),
        ("ada", told),
    ]
