"""Sessions: a cookie opens the pages of its person until it is over, revoked, or the person disabled."""

from pathlib import Path

from reports.center.database.engine import open_database
from tests.reports.center.published import center_over
from tests.reports.center.signed import QUICK, add_person, browser


def test_signing_out_ends_the_session(tmp_path: Path) -> None:
    center = center_over(tmp_path, open_database(f"sqlite:///{tmp_path}/center.db"), policy=QUICK)
    client = browser(center, add_person(center, "ana"))
    assert client.post("/sign-out").status_code == 303
