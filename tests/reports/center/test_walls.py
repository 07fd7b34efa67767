"""Nobody sees what is not theirs: every way in, for every role and reach, beside a naive telling of what is.

Two things are asserted of each answer. It shows no cell that is not the person's. And it is the same, byte
for byte, over a twin of the world that differs in nothing but what is not the person's: so no order, count,
sum, error or header depends on it.
"""

import csv
from io import BytesIO, StringIO
from urllib.parse import urlencode

import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from reports.center.app import PAGES
from reports.center.delivery.run import run_due
from reports.center.people import Role
from tests.reports.center.doors import House, Street, check, often, some, told
from tests.reports.center.published import DATASETS
from tests.reports.center.walled import MONEY, PAIRS, PERSONAL, REACHES, WRITTEN, Sight

API = "/insights/v1/mpn"
NOBODY = "NobodysColumn"
QUICK = (
    *("/", "/evidence", "/evidence/win-rates.json", "/downloads", "/downloads/new", "/reports", "/templates"),
    *("/resources", "/links", "/calling", "/crm"),
    "/charts/license_distribution_trend.json",
    "/charts/license_distribution_trend.json?partner=P2",
)
"""Pages that nobody's own doings change, and that cost so little that everybody walks them."""
SLOW = (
    *("/customers", "/customers?sort=expected", "/customers?sort=size", "/customers/file"),
    "/customers?product=Azure&cluster=Act+Now",
    "/customers?q=C3&tag=P2.customers.given.C3",
    *("/subscriptions", "/subscriptions?partner=P2"),
    *("/targets", "/targets?product=Azure&partner=P2", "/targets/file?calls=2"),
    *(f"/customers/{partner}/{customer}" for partner, customer in PAIRS),
)
OF_A_DATASET = (
    "/dictionary/{dataset}",
    "/downloads/new?dataset={dataset}&chosen=1&column={column}",
    "/downloads/preview?dataset={dataset}&chosen=1&column={column}",
    "/downloads/file?dataset={dataset}&chosen=1&column={column}",
    "/downloads/file?dataset={dataset}&chosen=1&column={own}&filter={column}&operator=%3E&value=7000000",
    "/downloads/file?dataset={dataset}&chosen=1&column={column}&range=LIFETIME&format=TSV",
    API + "/ScheduledDataset?datasetName={dataset}",
    API + "/ScheduledQueries/testQueryResult?exportQuery=SELECT {column} FROM {dataset}",
    API + "/ScheduledQueries/testQueryResult?exportQuery=SELECT {own} FROM {dataset} ORDER BY {column}",
    API + "/ScheduledQueries/testQueryResult?exportQuery=SELECT {own} FROM {dataset} WHERE {column} > '7'",
    API + "/ScheduledQueries/testQueryResult?exportQuery=SELECT DISTINCT {own}, {column} FROM {dataset}",
)
ELSEWHERE = {
    "/account": "shows a person its own sessions and tokens",
    "/people": "tested here by whom it lists",
    "/audit": "tested here by what it tells",
    "/reports/files/{making_id}": "tested here with makings of others",
    "/sign-in": "for nobody yet",
    "/sign-in/provider": "for nobody yet",
    "/sign-in/callback": "for nobody yet",
}
HIDDEN = [
    (name, column)
    for name in WRITTEN
    for column in DATASETS[name].report.header
    if column in MONEY or column in PERSONAL
]
EVERYBODY = {
    (sight.alike, sight.role == "global admin"): sight
    for sight in (Sight(role, reach) for role in Role for reach in REACHES.values())
}
"""One of each kind of people who see the same."""
sights = st.builds(Sight, st.sampled_from(Role), st.sampled_from(list(REACHES.values())))
columns = st.sampled_from([(name, one) for name in WRITTEN for one in DATASETS[name].report.header])


def test_every_page_is_walked() -> None:
    walked = {path.partition("?")[0] for path in (*QUICK, *SLOW, *OF_A_DATASET)} | set(ELSEWHERE)
    walked |= {"/customers/{partner}/{customer:path}", "/charts/{name}.json", "/dictionary/{name}"}
    gets = [
        route.path
        for router in PAGES
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    ]
    assert set(gets) <= walked


@pytest.mark.parametrize("path", QUICK)
def test_a_page_shows_everybody_what_is_its_own(street: Street, path: str) -> None:
    for sight in EVERYBODY.values():
        walk(street, sight, path)


@given(sight=sights, path=st.sampled_from(SLOW))
@often
def test_a_page_shows_a_person_what_is_its_own(street: Street, sight: Sight, path: str) -> None:
    walk(street, sight, path)


def walk(street: Street, sight: Sight, path: str) -> None:
    answer = street.world.browser(sight).get(path)
    assert answer.status_code < 500
    check(street, sight, answer.text, named=path)
    assert told(street.twin(sight).browser(sight).get(path)) == told(answer)


@pytest.mark.parametrize(("dataset", "column"), HIDDEN)
def test_a_hidden_column_answers_like_one_nobody_has(street: Street, dataset: str, column: str) -> None:
    sight = Sight(Role.REPORT_VIEWER, REACHES["all"])
    for path in OF_A_DATASET:
        hidden, unknown = (get(street.world, sight, path, dataset, name) for name in (column, NOBODY))
        assert hidden.text.replace(column, NOBODY) == unknown.text
        assert hidden.status_code == unknown.status_code
        assert "{column}" in path or column not in hidden.text


@given(sight=sights, asked=columns, path=st.sampled_from(OF_A_DATASET))
@often
def test_a_dataset_shows_a_person_what_is_its_own(
    street: Street, sight: Sight, asked: tuple[str, str], path: str
) -> None:
    dataset, column = asked
    answer = get(street.world, sight, path, dataset, column)
    assert answer.status_code < 500
    check(street, sight, answer.text)
    assert told(get(street.twin(sight), sight, path, dataset, column)) == told(answer)


def get(house: House, sight: Sight, path: str, dataset: str, column: str) -> Response:
    own = next(name for name in DATASETS[dataset].report.header if name in ("GlobalID", "partnerId"))
    client = house.program(sight) if path.startswith(API) else house.browser(sight)
    return client.get(path.format(dataset=dataset, column=column, own=own))


@given(sight=sights, do=st.sampled_from(["see", "file"]))
@some
def test_a_match_knows_a_person_s_own_customers_alone(street: Street, sight: Sight, do: str) -> None:
    sent = ("accounts.csv", "customerid\r\n" + "".join(f"{customer}\r\n" for _, customer in PAIRS))
    asked = {"do": do, "column": ["AzureExpectedRevenue", "AzureSignalExplanation", NOBODY]}
    answers = [
        house.browser(sight).post("/crm", data=asked, files={"file": sent})
        for house in (street.world, street.twin(sight))
    ]
    check(street, sight, answers[0].text)
    assert told(answers[0]) == told(answers[1])


def by_hand(street: Street, sight: Sight, dataset: str, names: list[str]) -> list[list[str]]:
    """The published file of the latest month, filtered by hand."""
    declared = DATASETS[dataset]
    path = street.world.center.shelf.published / "2026-10" / declared.path
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        [row[name] for name in names]
        for row in rows
        if sight.row(dataset, row[declared.partner], row[declared.customer] if declared.customer else "")
    ]


@given(sight=sights, dataset=st.sampled_from(WRITTEN))
@some
def test_a_file_holds_the_bytes_of_the_published_one_filtered_by_hand(
    street: Street, sight: Sight, dataset: str
) -> None:
    names = [name for name in DATASETS[dataset].report.header if sight.column(name)]
    client = street.world.browser(sight)

    def file(format: str) -> Response:
        asked = [("dataset", dataset), ("format", format), *(("column", name) for name in names)]
        return client.get(f"/downloads/file?{urlencode(asked)}")

    if not sight.dataset(dataset):
        assert {file(format).status_code for format in ("CSV", "XLSX")} <= {403, 404}
        return
    rows = by_hand(street, sight, dataset, names)
    for format, mark in (("CSV", ","), ("TSV", "\t")):
        written = StringIO(newline="")
        csv.writer(written, delimiter=mark, lineterminator="\r\n").writerows([names, *rows])
        assert file(format).content == b"\xef\xbb\xbf" + written.getvalue().encode()
    table = pq.read_table(BytesIO(file("PARQUET").content))
    assert (table.column_names, table.num_rows) == (names, len(rows))
    sheet = openpyxl.load_workbook(BytesIO(file("XLSX").content), read_only=True).worksheets[0]
    cells = [[plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == [[plain(cell) for cell in row] for row in [names, *rows]]
    assert [[plain(str(cell or "")) for cell in row.values()] for row in table.to_pylist()] == cells[1:]


def plain(cell: object) -> str:
    """A cell whatever its kind: numbers without zeros that say nothing."""
    text = "" if cell is None else str(cell)
    return text.rstrip("0").rstrip(".") if text.replace(".", "").isdigit() and "." in text else text


@given(sight=sights, dataset=st.sampled_from(WRITTEN), column=st.data())
@some
def test_a_scheduled_file_and_its_link_hold_what_its_owner_sees(
    street: Street, sight: Sight, dataset: str, column: st.DataObject
) -> None:
    name = column.draw(st.sampled_from(DATASETS[dataset].report.header))
    made = schedule(street.world, sight, dataset, name)
    assert schedule(street.twin(sight), sight, dataset, name) == made
    if not sight.dataset(dataset) or not sight.column(name):
        assert b"There is no" in made or b"has no column" in made
        return
    written = StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([[name], *by_hand(street, sight, dataset, [name])])
    assert made == b"\xef\xbb\xbf" + written.getvalue().encode()


def schedule(house: House, sight: Sight, dataset: str, column: str) -> bytes:
    """Let a program have a report made, and return the file behind its link, or why there is none."""
    client = house.program(sight)
    asked = {"Name": "walls", "Query": f"SELECT {column} FROM {dataset}"}
    kept = client.post(f"{API}/ScheduledQueries", json=asked)
    if kept.status_code != 200:
        return kept.content
    told = {"ReportName": "walls", "QueryId": kept.json()["value"][0]["queryId"], "ExecuteNow": True}
    report = client.post(f"{API}/ScheduledReport", json=told).json()["value"][0]["reportId"]
    run_due(house.center)
    done = client.get(f"{API}/ScheduledReport/execution/{report}").json()["value"][0]
    stranger = TestClient(house.app, base_url=house.center.policy.base_url)
    file = stranger.get(done["reportAccessSecureLink"]).content
    client.delete(f"{API}/ScheduledReport/{report}")
    client.delete(f"{API}/ScheduledQueries/{told['QueryId']}")
    return file
