"""Lines of the contract with programs that no story of a client tells: whole rows, filters, defaults."""

from pathlib import Path

import httpx2
import pytest

from reports.center.database.engine import open_database
from reports.center.delivery.run import run_due
from reports.center.people import Role
from reports.center.query import Span
from tests.reports.center.api.served import BASE, Program
from tests.reports.center.delivery.small import TEXT, Small
from tests.reports.center.published import center_over, publish_month
from tests.reports.center.signed import add_person, program

TRIED = f"{BASE}/ScheduledQueries/testQueryResult"


def query_of(ada: Program, name: str = "Spain") -> str:
    return str(ada.call("POST", "/ScheduledQueries", {"Name": name, "Query": TEXT}).row["queryId"])


def test_a_dataset_is_told_with_its_columns_ranges_and_shortest_interval(ada: Program) -> None:
    row = ada.call("GET", "/ScheduledDataset", datasetName="CLASAzurePropensity").row
    columns = row.pop("selectableColumns")
    assert {"GlobalID", "AccountName", "AzureCluster"} < {*columns}
    assert row == {
        "name": "CLASAzurePropensity",
        "datasetName": "CLASAzurePropensity",
        "availableMetrics": [],
        "availableDateRanges": [*Span],
        "minimumRecurrenceInterval": 4,
    }
    every = ada.call("GET", "/ScheduledDataset").rows
    assert {"CLASAzurePropensity", "CLASSecurityPropensity", "customers"} < {one["name"] for one in every}


def test_every_column_that_is_told_can_be_selected(small: Small) -> None:
    for person in (small.ada, small.viewer):
        client = program(small.center, person)
        for dataset in client.get(f"{BASE}/ScheduledDataset").json()["value"]:
            text = f"SELECT {', '.join(dataset['selectableColumns'])} FROM {dataset['name']}"
            assert client.get(TRIED, params={"exportQuery": text}).status_code == 200, dataset["name"]


def test_a_query_is_tried_with_its_first_hundred_rows(tmp_path: Path) -> None:
    rows = [{"GlobalID": "P1", "CustomerID": f"C{number:03}"} for number in range(101)]
    publish_month(tmp_path, "2026-10", {"CLASAzurePropensity": rows})
    center = center_over(tmp_path, open_database(f"sqlite:///{tmp_path}/center.db"))
    client = program(center, add_person(center, "ada", Role.SALES_AGENT, partners=("P1",)))
    text = "SELECT CustomerID FROM CLASAzurePropensity"
    tried = [
        client.get(TRIED, params={"exportQuery": text + limit}).json()["value"]
        for limit in ("", " LIMIT 7", " LIMIT 500")
    ]
    assert [len(rows) for rows in tried] == [100, 7, 100]
    assert tried[0][:2] == [{"CustomerID": "C000"}, {"CustomerID": "C001"}]
    center.close()


def test_a_report_made_at_once_ignores_start_and_recurrence(small: Small, ada: Program) -> None:
    body = {
        "ReportName": "now",
        "QueryId": query_of(ada),
        "ExecuteNow": True,
        "StartTime": "2001-01-01T00:00:00Z",
        "RecurrenceInterval": 1,
        "RecurrenceCount": 0,
    }
    report = ada.call("POST", "/ScheduledReport", body).row
    told = [report[name] for name in ("startTime", "recurrenceInterval", "recurrenceCount")]
    assert told == ["2026-10-28T09:30:00Z", None, None]
    assert run_due(small.center).completed == 1
    assert ada.call("GET", "/ScheduledReport").row["reportStatus"] == "Inactive"


def test_an_execution_is_told_in_one_row(small: Small, ada: Program) -> None:
    body = {"ReportName": "now", "QueryId": query_of(ada), "ExecuteNow": True}
    report_id = ada.call("POST", "/ScheduledReport", body).row["reportId"]
    run_due(small.center)
    row = ada.call("GET", f"/ScheduledReport/execution/{report_id}").row
    assert row["reportLocation"] == row["reportAccessSecureLink"]
    assert row == {
        "executionId": row["executionId"],
        "reportId": report_id,
        "recurrenceInterval": None,
        "recurrenceCount": None,
        "callbackUrl": None,
        "callbackMethod": "POST",
        "format": "CSV",
        "executionStatus": "Completed",
        "reportLocation": row["reportLocation"],
        "reportAccessSecureLink": row["reportLocation"],
        "reportExpiryTime": "2026-10-29T09:30:00Z",
        "reportGeneratedTime": "2026-10-28T09:30:00Z",
    }


def test_reports_are_listed_by_id_name_and_query(ada: Program) -> None:
    spain, other = query_of(ada), query_of(ada, "other")
    for name, query in (("one", spain), ("two", other)):
        body = {"ReportName": name, "QueryId": query, "ExecuteNow": True}
        ada.call("POST", "/ScheduledReport", body)
    one, two = sorted(ada.call("GET", "/ScheduledReport").rows, key=lambda row: str(row["reportName"]))
    assert ada.call("GET", "/ScheduledReport", reportId=one["reportId"]).rows == [one]
    assert ada.call("GET", "/ScheduledReport", reportName="TWO").rows == [two]
    assert ada.call("GET", "/ScheduledReport", queryId=other).rows == [two]
    assert ada.call("GET", "/ScheduledReport", reportId=one["reportId"], reportName="two").rows == []


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        ("/ScheduledQueries", {"Query": TEXT}, "Name is missing."),
        ("/ScheduledQueries", {"Name": "Spain"}, "Query is missing."),
        ("/ScheduledReport", {"QueryId": "q", "ExecuteNow": True}, "ReportName is missing."),
        ("/ScheduledReport", {"ReportName": "r", "ExecuteNow": True}, "QueryId is missing."),
        ("/ScheduledReport", {}, "ReportName is missing. QueryId is missing."),
    ],
)
def test_a_value_that_is_missing_is_named(
    ada: Program, path: str, body: dict[str, object], missing: str
) -> None:
    answer = ada.call("POST", path, body)
    assert (answer.status, answer.message, answer.rows) == (400, missing, [])


def test_the_token_goes_into_either_header(ada: Program, http: httpx2.Client) -> None:
    for name, value in (("Authorization", f"Bearer {ada.token}"), ("X-AadUserTicket", ada.token)):
        assert http.get(f"{BASE}/ScheduledDataset", headers={name: value}).status_code == 200
