"""What somebody who means harm sends or has published: none of it leaves its place."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from reports.center.center import Center
from reports.center.database.engine import acting_for_all, open_database
from reports.center.database.tables import Tag
from reports.center.people import Role
from reports.field import Field, Form
from tests.reports.center.published import DATASETS, center_over, publish_month
from tests.reports.center.signed import QUICK, add_person, browser, program
from tests.reports.center.walled import CUSTOMER_IDS, PARTNER_IDS, PLAIN, WRITTEN

API = "/insights/v1/mpn"
HOSTILE = "5% \"'><script>alert(1)</script><img src=x onerror=alert(1)>"
PARTNER, CUSTOMER = f"P1{HOSTILE.replace('/', '')}", f"C1/..{HOSTILE}"
GIVEN = {
    **PLAIN,
    **dict.fromkeys(PARTNER_IDS, PARTNER),
    **dict.fromkeys(CUSTOMER_IDS, CUSTOMER),
    "productFamily": "meetings",
    "value": "1",
    "previousValue": "1",
    "statuses": f"Trial; {HOSTILE}",
    "section": HOSTILE,
    "invoiceCurrency": HOSTILE,
}
BY_FORM = {
    Form.DATE: "2026-11-20",
    Form.FLAG: "Yes",
    Form.INTEGER: "1",
    **dict.fromkeys((Form.MONEY, Form.HUNDREDTHS, Form.PROBABILITY), "0.50"),
}
PAGES = (
    *("/", "/customers", "/subscriptions", "/calling", "/targets", "/crm", "/evidence", "/downloads"),
    *("/reports", "/templates", "/resources", "/people", "/audit", "/links", "/account"),
    *(f"/downloads/new?dataset={name}&chosen=1&column={PARTNER_IDS[0]}" for name in WRITTEN[:1]),
    f"/customers/{quote(PARTNER, safe='')}/{quote(CUSTOMER, safe='')}",
    f"/customers?q={quote(HOSTILE)}&tag={quote(HOSTILE)}&partner={quote(PARTNER)}&sort={quote(HOSTILE)}",
    f"/targets?product={quote(HOSTILE)}",
    f"/subscriptions?family={quote(HOSTILE)}&table={quote(HOSTILE)}&sort={quote(HOSTILE)}",
    f"/resources?q={quote(HOSTILE)}&topic={quote(HOSTILE)}",
    f"/audit?who={quote(HOSTILE)}",
    f"/dictionary/{quote(HOSTILE, safe='')}",
    f"/{quote(HOSTILE, safe='')}",
    f"/sign-in?next={quote(HOSTILE)}",
)
ABOVE = (
    *("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/center.db", "....//center.db"),
    *("..\\..\\center.db", "..%5c..%5ccenter.db", "%2fetc%2fpasswd", "//etc/passwd", "center.db%00.csv"),
    *("..%252f..%252fcenter.db", "file:///etc/passwd", "2026-10/../../center.db", "link.key", "."),
)


def cell(field: Field) -> str | None:
    """A cell of somebody who may choose what is published about it."""
    if field.name in GIVEN:
        return GIVEN[field.name] or None
    if field.form is Form.ENUM:
        return field.column.allowed[0]
    return BY_FORM.get(field.form, HOSTILE)


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    """A centre whose every text, name, tag and id is hostile."""
    home = tmp_path_factory.mktemp("hostile")
    rows = {name: [{one.name: cell(one) for one in DATASETS[name].report.fields}] for name in WRITTEN}
    publish_month(home, "2026-09", rows)
    publish_month(home, "2026-10", rows)
    found = center_over(home, open_database(f"sqlite:///{home}/center.db"), policy=QUICK)
    with acting_for_all(found.database) as session:
        for subscription in ("", HOSTILE):
            session.add(
                Tag(
                    partner_id=PARTNER,
                    customer_id=CUSTOMER,
                    subscription_id=subscription,
                    tag=HOSTILE,
                    created_by=HOSTILE,
                    created_at=found.now(),
                )
            )
    yield found
    found.database.dispose()


@pytest.fixture(scope="module")
def admin(center: Center) -> TestClient:
    """Somebody with every page, whose name is hostile too, with a report and a template."""
    client = browser(center, add_person(center, HOSTILE, Role.GLOBAL_ADMIN, everything=True))
    told = {"dataset": WRITTEN[0], "column": "AccountName", "name": HOSTILE}
    filters = {"filter": "AccountName", "operator": "=", "value": HOSTILE}
    assert client.post("/templates", data={**told, **filters}).status_code == 303
    asked = {**told, **filters, "interval": "24", "start": "2026-11-01T08:00"}
    assert client.post("/reports", data=asked).status_code == 303
    return client


@pytest.fixture(scope="module")
def stranger(center: Center) -> TestClient:
    """Somebody who has not signed in."""
    return browser(center)


class Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 the parser's signature
        self.names += [name for name, _ in attrs]


@pytest.mark.parametrize("path", PAGES)
def test_no_text_becomes_markup_whatever_it_says(admin: TestClient, path: str) -> None:
    page = admin.get(path).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    attributes = Attributes()
    attributes.feed(page)
    assert not [name for name in attributes.names if name.startswith("on")]


def test_the_hostile_texts_are_really_there(admin: TestClient) -> None:
    customer = next(path for path in PAGES if path.startswith("/customers/"))
    for path in ("/customers", "/reports", "/templates", customer):
        assert "&lt;script&gt;alert(1)" in admin.get(path).text, path


@pytest.mark.parametrize("told", ABOVE)
@pytest.mark.parametrize(
    "path",
    [
        "/static/{}",
        "/static/vendor/{}",
        "/dictionary/{}",
        "/charts/{}.json",
        "/reports/files/{}",
        "/downloads/file?dataset={}",
        "/downloads/preview?dataset=CLASAzurePropensity&column={}",
        API + "/ScheduledReport/download/{}",
        API + "/ScheduledReport/execution/{}",
        API + "/ScheduledDataset?datasetName={}",
    ],
)
def test_no_path_leads_out_of_its_folder(
    admin: TestClient, stranger: TestClient, path: str, told: str
) -> None:
    for client in (admin, stranger):
        answer = client.get(path.format(told))
        assert answer.status_code in (303, 307, 400, 401, 404, 405)
        assert b"root:" not in answer.content
        assert b"SQLite format" not in answer.content
        assert "root:" not in answer.headers.get("location", "")


def test_a_month_is_never_named_by_a_reader(center: Center) -> None:
    client = program(center, add_person(center, "ada", Role.SALES_AGENT, everything=True))
    for month in ("../2026-10", "2026-10/../..", "/etc"):
        asked = (
            f"SELECT AccountName, Month FROM CLASAzurePropensity WHERE Month = '{month}' TIMESPAN LIFETIME"
        )
        answer = client.get(f"{API}/ScheduledQueries/testQueryResult", params={"exportQuery": asked})
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name" + b",x" * 30_000, "at most 200 columns"),
        (b"name," * 200 + b"\n", "columns"),
        (b'name\n"' + b"a" * 5_000_000 + b'"\n', "field limit"),
        (b'name\n"' + b"a\n" * 2_000_000, "cannot be read as CSV"),
        (b"name\n" + b"a\n" * 60_000, "at most 50,000 rows"),
        (b"\n" * 9_000_000, "empty"),
        (b"a" * (10 * 1024 * 1024 + 1), "at most 10 MB"),
        (b"\x00" * 1000, "no text"),
        (b"PK\x03\x04\x14\x00" + b"\xff" * 1000, "no text"),
    ],
)
def test_an_upload_that_swells_is_refused(admin: TestClient, content: bytes, told: str) -> None:
    answer = admin.post("/crm", files={"file": ("accounts.csv", content)})
    said = " ".join(answer.text.rpartition("notice error")[2].split())[:300]
    assert answer.status_code == 400
    assert told in said


@pytest.mark.parametrize("path", ["/templates", "/reports", "/tags", "/favourites"])
def test_a_form_of_countless_fields_is_refused(admin: TestClient, path: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert admin.post(path, content=b"a=1&" * 100_000, headers=kind).status_code == 400


def test_what_is_written_into_a_sheet_from_tags_runs_nowhere(admin: TestClient, center: Center) -> None:
    for formula in ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\uff1d1", "|calc"):
        told = {"partner": PARTNER, "customer": CUSTOMER, "do": "add", "tag": formula}
        assert admin.post("/tags", data=told).status_code == 400
    # What stands in the database all the same begins a cell only as what it is.
    with acting_for_all(center.database) as session:
        session.add(
            Tag(
                partner_id=PARTNER,
                customer_id=CUSTOMER,
                tag='!=HYPERLINK("x")',
                created_by="x",
                created_at=center.now(),
            )
        )
    lines = admin.get("/customers/file").text.splitlines()
    assert not [one for line in lines for one in line.split(",") if one[:1] in ("=", "+", "@")]
