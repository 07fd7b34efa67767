"""Every error a client may meet: its code, the value it names, and what would be right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from reports.center.api import queries
from reports.center.delivery.reports import MOST_SCHEDULED
from tests.reports.center.api.served import BASE, Program, program_of, served
from tests.reports.center.delivery.small import Small, small_center

ANYTHING = "00000000-0000-0000-0000-000000000000"
AZURE = "9a18bd70-8f90-4bd2-8266-5f6e453e3ee7"
REPORT: dict[str, Any] = {
    "ReportName": "daily",
    "QueryId": AZURE,
    "StartTime": "2026-10-28T13:30:00Z",
    "RecurrenceInterval": 24,
}
AN_INSTANT = "an instant is written yyyy-MM-ddTHH:mm:ssZ, as in 2026-11-25T08:00:00Z"
NOW = {"ReportName": "now", "QueryId": AZURE, "ExecuteNow": True}


@pytest.fixture(scope="module")
def world(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """One world for all: what is refused leaves nothing behind."""
    own = tmp_path_factory.mktemp("errors")
    found = small_center(published, own, f"sqlite:///{own}/center.db")
    yield found
    found.center.database.dispose()


@pytest.fixture(scope="module")
def http(world: Small) -> Iterator[httpx2.Client]:
    with served(world.center) as client:
        yield client


@pytest.fixture(scope="module")
def ada(world: Small, http: httpx2.Client) -> Program:
    return program_of(world, http, world.ada)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ReportName": None}, "ReportName: Input should be a valid string; got 'None'."),
        ({"ReportName": " "}, "ReportName is empty: give a name, such as 'Act Now in Spain'."),
        ({"ReportName": "a\r\nb"}, "ReportName is one line of visible characters; got 'a\\r\\nb'."),
        ({"ReportName": "\x00"}, "ReportName is one line of visible characters; got '\\x00'."),
        ({"ReportName": 7}, "ReportName: Input should be a valid string; got '7'."),
        ({"QueryId": None}, "QueryId: Input should be a valid string; got 'None'."),
        (
            {"StartTime": None},
            "StartTime is missing: give an instant such as 2026-11-25T08:00:00Z, or ExecuteNow=true.",
        ),
        (
            {"StartTime": "2026-10-28T13:29:59Z"},
            "StartTime is at least 4 hours ahead, from 2026-10-28T13:30:00Z on; got 2026-10-28T13:29:59Z.",
        ),
        (
            {"StartTime": "tomorrow"},
            f"StartTime: Value error, {AN_INSTANT}; got 'tomorrow'.",
        ),
        ({"RecurrenceInterval": None}, "RecurrenceInterval is missing: give 4 to 2160 hours."),
        ({"RecurrenceInterval": 3}, "RecurrenceInterval is from 4 to 2160 hours; got 3."),
        ({"RecurrenceInterval": 2161}, "RecurrenceInterval is from 4 to 2160 hours; got 2161."),
        ({"RecurrenceInterval": "24"}, "RecurrenceInterval: Input should be a valid integer; got '24'."),
        ({"RecurrenceCount": 0}, "RecurrenceCount is from 1 to 10,000; got 0."),
        ({"RecurrenceCount": 10**40}, "RecurrenceCount is from 1 to 10,000; got 1" + "0" * 40 + "."),
        ({"Format": "XLSX"}, "Format: Input should be 'CSV' or 'TSV'; got 'XLSX'."),
        ({"CallbackMethod": "PUT"}, "CallbackMethod: Input should be 'GET' or 'POST'; got 'PUT'."),
        ({"CallbackUrl": "https://10.0.0.1/"}, "CallbackUrl leads to 10.0.0.1, inside a private network"),
        (
            {"QueryStartTime": "2026-09-01T00:00:00Z", "QueryEndTime": "2026-10-01T00:00:00Z"},
            "QueryStartTime and QueryEndTime go with ExecuteNow=true",
        ),
        ({"RecurenceCount": 3}, "There is no field 'RecurenceCount'."),
        ({"reportname": "b"}, "each field is sent once, in any case; 'ReportName' came twice"),
    ],
)
def test_a_report_that_is_not_possible_is_refused(ada: Program, changes: dict[str, Any], told: str) -> None:
    answer = ada.call("POST", "/ScheduledReport", {**REPORT, **changes})
    assert answer.status == 400
    assert told in answer.message


def test_what_is_wrong_in_a_change_or_a_range_is_refused(ada: Program) -> None:
    report_id = ada.call("POST", "/ScheduledReport", REPORT).row["reportId"]
    for body, told in (
        ({"ReportName": None}, "ReportName: Input should be a valid string; got 'None'."),
        ({"StartTime": "2026-10-28T10:00:00Z"}, "StartTime is at least 4 hours ahead"),
        ({"ExecuteNow": True}, "ExecuteNow stays as it was: create another report."),
        ({"Id": 1}, "There is no field 'Id'."),
    ):
        answer = ada.call("PUT", f"/ScheduledReport/{report_id}", body)
        assert (answer.status, told in answer.message) == (400, True), answer.message
    start = {"QueryStartTime": "2026-09-01T00:00:00Z"}
    alone = ada.call("POST", "/ScheduledReport", {**NOW, **start})
    assert (alone.status, alone.message) == (
        400,
        "The start and the end of a time range go together; the end is missing.",
    )
    turned = ada.call("POST", "/ScheduledReport", {**NOW, **start, "QueryEndTime": "2026-08-01T00:00:00Z"})
    assert turned.message == (
        "The end of a time range is after its start, 2026-09-01T00:00:00Z; got 2026-08-01T00:00:00Z."
    )


def test_the_end_of_time_is_an_instant_like_others(ada: Program) -> None:
    ranged = {"QueryStartTime": "2026-09-01T00:00:00Z", "QueryEndTime": "9999-12-31T23:59:59Z"}
    assert ada.call("POST", "/ScheduledReport", {**NOW, **ranged}).status == 200
    assert ada.call("POST", "/ScheduledReport", {**REPORT, "StartTime": "9999-12-31T23:59:59Z"}).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ScheduledQueries?queryId={}"),
        ("DELETE", "/ScheduledQueries/{}"),
        ("GET", "/ScheduledQueries/testQueryResult?queryId={}"),
        ("GET", "/ScheduledReport?reportId={}"),
        ("GET", "/ScheduledReport?queryId={}"),
        ("DELETE", "/ScheduledReport/{}"),
        ("PUT", "/ScheduledReport/pause/{}"),
        ("PUT", "/ScheduledReport/resume/{}"),
        ("GET", "/ScheduledReport/execution/{}"),
    ],
)
def test_an_unknown_id_is_not_there(ada: Program, method: str, path: str) -> None:
    for unknown in (ANYTHING, "7", "%00", "%F0%9F%92%A9", "a" * 5000):
        answer = ada.call(method, path.format(unknown))
        assert answer.status == 404
        assert len(answer.message) < 200


def test_an_unknown_id_in_a_body_is_not_there(ada: Program) -> None:
    for body in ({**REPORT, "QueryId": ANYTHING}, {**REPORT, "QueryId": "\x00"}):
        answer = ada.call("POST", "/ScheduledReport", body)
        assert (answer.status, answer.message.startswith("There is no query '")) == (404, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT A FROM Nothing", "There is no dataset 'Nothing'. There are: CLASAzurePropensity, "),
        ("SELECT Foo FROM customers", "customers has no column 'Foo'. It has: asOf, partnerId, "),
        ("SELECT * FROM customers", "Got * at character 8: name the columns"),
        (
            "SELECT OrgSize FROM CLASAzurePropensity WHERE OrgSize > 'x'",
            "OrgSize is compared with a number such as 12.5; got 'x'.",
        ),
        (
            "SELECT OrgSize FROM CLASAzurePropensity WHERE OrgSize > " + "9" * 400,
            "OrgSize is compared with a number",
        ),
        ("", "The query ends where SELECT was expected."),
    ],
)
def test_a_query_that_is_not_possible_is_refused(ada: Program, text: str, told: str) -> None:
    for answer in (
        ada.call("GET", "/ScheduledQueries/testQueryResult", exportQuery=text),
        ada.call("POST", "/ScheduledQueries", {"Name": "q", "Query": text}),
    ):
        if "compared" in told and answer.status == 200:
            continue  # a value is compared when the query is run
        assert (answer.status, told in answer.message) == (400, True), answer.message


def test_a_dataset_or_parameter_that_is_not_there_is_refused(ada: Program) -> None:
    for path, told in (
        ("/ScheduledDataset?datasetName=Foo", "There is no dataset 'Foo'. There are: CLASAzurePropensity, "),
        ("/ScheduledDataset?datasetNam=Foo", "There is no parameter 'datasetNam'; there are: datasetName."),
        (
            "/ScheduledQueries/testQueryResult",
            "Give exportQuery, a query, or queryId, the id of one; one of the two.",
        ),
        (
            f"/ScheduledReport/execution/{ANYTHING}?executionStatus=Done",
            "executionStatus: Input should be 'Pending', 'Running'",
        ),
        (
            f"/ScheduledReport/execution/{ANYTHING}?getLatestExecution=x",
            "getLatestExecution: Input should be a valid boolean",
        ),
        (
            "/ScheduledQueries/testQueryResult?exportQuery=a&startTime=b",
            "startTime: Value error, an instant is written",
        ),
    ):
        answer = ada.call("GET", path)
        assert (answer.status, told in answer.message) == (400, True), answer.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"Name": "\\ud800", "Query": "\\ud800"}',
        b'{"Name": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_body_is_refused(ada: Program, http: httpx2.Client, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {ada.token}", "Content-Type": "application/json"}
    answer = http.post(f"{BASE}/ScheduledQueries", content=body, headers=headers)
    assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}, {"X-AadUserTicket": "x"}]
)
def test_without_a_token_that_holds_nothing_is_told(http: httpx2.Client, headers: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/ScheduledDataset"),
        ("POST", "/ScheduledReport"),
        ("DELETE", f"/ScheduledReport/{ANYTHING}"),
    ):
        answer = http.request(method, BASE + path, headers=headers)
        assert (answer.status_code, answer.json()["statusCode"], answer.json()["value"]) == (401, 401, [])
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_call_that_is_not_there_is_told_in_the_envelope(ada: Program) -> None:
    assert ada.call("GET", "/Scheduled").message.startswith(
        "There is no call GET '/insights/v1/mpn/Scheduled'"
    )
    wrong = ada.call("PATCH", "/ScheduledReport")
    assert (wrong.status, wrong.message) == (
        405,
        "'/insights/v1/mpn/ScheduledReport' does not answer PATCH; see openapi.json.",
    )


def test_a_fault_of_ours_tells_nothing_of_itself(ada: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*told: object) -> None:  # noqa: ARG001 stands for `list_queries`
        raise ZeroDivisionError("the secret")

    monkeypatch.setattr(queries, "list_queries", broken)
    answer = ada.call("GET", "/ScheduledQueries")
    assert (answer.status, answer.message) == (500, "An error inside the service; its log tells more.")


def test_a_person_has_so_many_schedules_and_no_more(world: Small, http: httpx2.Client) -> None:
    bea = program_of(world, http, world.bea)
    for _ in range(MOST_SCHEDULED):
        assert bea.call("POST", "/ScheduledReport", REPORT).status == 200
    full = bea.call("POST", "/ScheduledReport", REPORT)
    assert (full.status, full.message) == (
        400,
        "A person has at most 40 scheduled reports: delete one first.",
    )
    assert bea.call("POST", "/ScheduledReport", NOW).status == 200
    daily = [row for row in bea.call("GET", "/ScheduledReport").rows if row["reportName"] == "daily"]
    bea.call("DELETE", f"/ScheduledReport/{daily[0]['reportId']}")
    assert bea.call("POST", "/ScheduledReport", REPORT).status == 200
