"""A client of the vendor's interface, with plain HTTP against a centre that is really served."""

import httpx2

from reports.center.delivery.reports import create_report
from reports.center.delivery.run import run_due
from reports.center.formats import Format
from reports.center.people import Role
from tests.reports.center.api.conftest import Programs
from tests.reports.center.api.served import BASE, Program
from tests.reports.center.delivery.small import TEXT, Small, bytes_of
from tests.reports.center.signed import add_person


def fetched(http: httpx2.Client, link: str) -> httpx2.Response:
    """Fetch a link without a token; the server of a test has another port than the public address."""
    return http.get(link.removeprefix("http://127.0.0.1:8000"))


def test_a_query_is_created_a_report_made_at_once_polled_and_fetched(
    small: Small, ada: Program, http: httpx2.Client
) -> None:
    query = ada.call("POST", "/ScheduledQueries", {"Name": "Spain", "Description": "d", "Query": TEXT})
    assert query.row == {
        "queryId": query.row["queryId"],
        "name": "Spain",
        "description": "d",
        "query": TEXT,
        "type": "userDefined",
        "user": "ada",
        "createdTime": "2026-10-28T09:30:00Z",
    }
    body = {"ReportName": "Spain", "QueryId": query.row["queryId"], "ExecuteNow": True, "Format": "TSV"}
    report = ada.call("POST", "/ScheduledReport", body).row
    execution = f"/ScheduledReport/execution/{report['reportId']}"
    waiting = ada.call("GET", execution)
    assert (waiting.status, waiting.message) == (
        404,
        "No execution of this report is Completed; the newest is Pending.",
    )
    assert ada.call("GET", execution, executionStatus="pending").row["reportAccessSecureLink"] is None
    assert run_due(small.center).completed == 1
    done = ada.call("GET", execution).row
    assert {
        name: done[name] for name in ("format", "executionStatus", "reportExpiryTime", "reportGeneratedTime")
    } == {
        "format": "TSV",
        "executionStatus": "Completed",
        "reportExpiryTime": "2026-10-29T09:30:00Z",
        "reportGeneratedTime": "2026-10-28T09:30:00Z",
    }
    file = fetched(http, done["reportAccessSecureLink"])
    assert file.content == bytes_of(small.center, small.ada, TEXT, Format.TSV)
    assert (
        file.headers["content-disposition"]
        == "attachment; filename=\"Spain.tsv\"; filename*=UTF-8''Spain.tsv"
    )
    assert file.headers["cache-control"] == "no-store"
    small.clock.turn(hours=24)
    assert fetched(http, done["reportAccessSecureLink"]).status_code == 404


def test_paths_parameters_fields_and_values_are_matched_in_any_case(
    small: Small, ada: Program, http: httpx2.Client
) -> None:
    query = ada.call("POST", "/scheduledqueries", {"NAME": "Spain", "query": TEXT.lower()}).row
    assert query["query"].startswith("SELECT AccountName, Country FROM CLASAzurePropensity")
    body = {"reportname": "a", "queryid": query["queryId"].upper(), "executeNOW": True, "format": "tsv"}
    report = ada.call("POST", "/SCHEDULEDREPORT", body).row
    assert ada.call("GET", "/scheduledReport/", REPORTID=report["reportId"].upper()).row == report
    run_due(small.center)
    made = ada.call("GET", f"/scheduledreport/EXECUTION/{report['reportId']}", GETLATESTEXECUTION="TRUE")
    link = made.row["reportAccessSecureLink"]
    assert fetched(http, link.lower()).content == fetched(http, link).content
    ticket = {"x-aaduserticket": ada.token}
    assert http.get(BASE.upper() + "/ScheduledDataset", headers=ticket).status_code == 200


def test_a_schedule_is_created_changed_paused_resumed_and_deleted(small: Small, ada: Program) -> None:
    query_id = ada.call("POST", "/ScheduledQueries", {"Name": "Spain", "Query": TEXT}).row["queryId"]
    body = {
        "ReportName": "daily",
        "QueryId": query_id,
        "StartTime": "2026-10-28T13:30:00Z",
        "RecurrenceInterval": 24,
        "RecurrenceCount": 3,
        "CallbackUrl": "https://example.com/done",
    }
    report = ada.call("POST", "/ScheduledReport", body).row
    path = f"/ScheduledReport/{report['reportId']}"
    assert (report["reportStatus"], report["format"], report["callbackMethod"]) == ("Active", "CSV", "POST")
    assert report["nextExecutionStartTime"] == "2026-10-28T13:30:00Z"
    changed = ada.call(
        "PUT", path, {"ReportName": "weekly", "RecurrenceInterval": 168, "CallbackUrl": None}
    ).row
    assert changed == {
        **report,
        "reportName": "weekly",
        "recurrenceInterval": 168,
        "callbackUrl": None,
    }
    paused = ada.call("PUT", f"/ScheduledReport/pause/{report['reportId']}").row
    assert (paused["reportStatus"], paused["nextExecutionStartTime"]) == ("Paused", None)
    again = ada.call("PUT", f"/ScheduledReport/pause/{report['reportId']}")
    assert (again.status, again.message) == (
        400,
        "Only a report that is Active becomes Paused; 'weekly' is Paused.",
    )
    assert ada.call("PUT", f"/ScheduledReport/resume/{report['reportId']}").row == changed
    small.clock.turn(hours=4)
    assert run_due(small.center).completed == 1
    small.clock.turn(days=7)
    assert run_due(small.center).completed == 1
    execution = f"/ScheduledReport/execution/{report['reportId']}"
    assert len(ada.call("GET", execution).rows) == 1
    rows = ada.call("GET", execution, getLatestExecution="false").rows
    assert [(row["recurrenceInterval"], row["reportAccessSecureLink"] is None) for row in rows] == [
        (168, False),
        (168, True),
    ]
    assert ada.call("GET", execution, executionId=rows[1]["executionId"]).row == rows[1]
    small.clock.turn(days=85)
    assert len(ada.call("GET", execution, getLatestExecution="false").rows) == 1
    assert ada.call("DELETE", path).row["reportId"] == report["reportId"]
    assert [ada.call("GET", at).status for at in (execution,)] == [404]
    assert ada.call("GET", "/ScheduledReport").rows == []


def test_the_first_rows_of_a_query_are_tried_out(ada: Program) -> None:
    text = "SELECT AccountName, AzureExpectedRevenue FROM CLASAzurePropensity ORDER BY AzureExpectedRevenue"
    tried = ada.call("GET", "/ScheduledQueries/testQueryResult", exportQuery=text)
    assert tried.rows == [
        {"AccountName": "Tailspin", "AzureExpectedRevenue": "1200.00"},
        {"AccountName": "Fabrikam, ä", "AzureExpectedRevenue": "9.00"},
    ]
    query_id = ada.call("POST", "/ScheduledQueries", {"Name": "q", "Query": text}).row["queryId"]
    assert ada.call("GET", "/ScheduledQueries/testQueryResult", queryId=query_id).rows == tried.rows
    ranged = ada.call(
        "GET",
        "/ScheduledQueries/testQueryResult",
        queryId=query_id,
        startTime="2026-09-01T00:00:00Z",
        endTime="2026-09-30T00:00:00Z",
    )
    assert ranged.rows == [{"AccountName": "Tailspin", "AzureExpectedRevenue": "12.50", "Month": "2026-09"}]


def test_queries_are_listed_by_id_name_and_kind(ada: Program) -> None:
    azure = "9a18bd70-8f90-4bd2-8266-5f6e453e3ee7"
    own = ada.call("POST", "/ScheduledQueries", {"Name": "Spain", "Query": TEXT}).row
    assert ada.call("GET", "/ScheduledQueries").rows == [own]
    assert [
        len(ada.call("GET", "/ScheduledQueries", **{name: "true"}).rows)
        for name in ("includeSystemQueries", "includeOnlySystemQueries")
    ] == [7, 6]
    system = ada.call("GET", "/ScheduledQueries", queryId=azure).row
    assert (system["type"], system["name"]) == ("system", "CLASAzurePropensity")
    assert ada.call("GET", "/ScheduledQueries", queryName="SPAIN").rows == [own]
    assert ada.call("GET", "/ScheduledQueries", queryName="none").rows == []
    refused = ada.call("DELETE", f"/ScheduledQueries/{azure}")
    assert (refused.status, refused.message) == (
        403,
        "CLASAzurePropensity is a system query; only queries of type userDefined can be deleted.",
    )
    assert ada.call("DELETE", f"/ScheduledQueries/{own['queryId']}").row == own
    assert ada.call("GET", "/ScheduledQueries", queryId=own["queryId"]).status == 404


def test_a_viewer_reads_of_no_money_and_is_told_that_something_is_kept_back(
    small: Small, of: Programs
) -> None:
    viewer, seller = of(small.viewer), of(small.ada)
    for caller, shown in ((viewer, False), (seller, True)):
        found = caller.call("GET", "/ScheduledDataset", datasetName="clasazurepropensity")
        assert ("AzureExpectedRevenue" in found.row["selectableColumns"]) is shown
        assert found.told["dataRedacted"] is not shown
        assert (found.row["minimumRecurrenceInterval"], found.row["name"]) == (4, "CLASAzurePropensity")
    hidden, absent = (
        viewer.call(
            "POST", "/ScheduledQueries", {"Name": "q", "Query": f"SELECT {name} FROM CLASAzurePropensity"}
        )
        for name in ("AzureExpectedRevenue", "AzureExpectedNothing")
    )
    assert hidden.status == absent.status == 400
    assert hidden.message == absent.message.replace("AzureExpectedNothing", "AzureExpectedRevenue")
    assert "Revenue" not in hidden.message.replace("'AzureExpectedRevenue'", "")


def test_what_belongs_to_another_is_not_there(small: Small, of: Programs) -> None:
    ada, bea = of(small.ada), of(small.bea)
    query_id = ada.call("POST", "/ScheduledQueries", {"Name": "Spain", "Query": TEXT}).row["queryId"]
    body = {"ReportName": "r", "QueryId": query_id, "ExecuteNow": True}
    report_id = ada.call("POST", "/ScheduledReport", body).row["reportId"]
    assert bea.call("GET", "/ScheduledReport").rows == bea.call("GET", "/ScheduledQueries").rows == []
    for method, path in (
        ("DELETE", f"/ScheduledQueries/{query_id}"),
        ("DELETE", f"/ScheduledReport/{report_id}"),
        ("PUT", f"/ScheduledReport/pause/{report_id}"),
        ("PUT", f"/ScheduledReport/resume/{report_id}"),
        ("GET", f"/ScheduledReport/execution/{report_id}"),
    ):
        assert bea.call(method, path).status == 404
    assert bea.call("PUT", f"/ScheduledReport/{report_id}", {"ReportName": "mine"}).status == 404
    assert bea.call("POST", "/ScheduledReport", body).status == 404
    assert ada.call("GET", "/ScheduledReport").row["reportName"] == "r"


def test_the_schedules_of_others_are_listed_and_paused_by_who_manages_them(
    small: Small, of: Programs
) -> None:
    root = add_person(small.center, "root", Role.GLOBAL_ADMIN, everything=True)
    report = create_report(small.center, small.ada, small.plan())
    admin, bea = of(root), of(small.bea)
    assert admin.call("GET", "/ScheduledReport").rows == []
    listed = admin.call("GET", "/ScheduledReport", user="ada").row
    assert (listed["reportId"], listed["user"]) == (report.id, "ada")
    assert admin.call("PUT", f"/ScheduledReport/pause/{report.id}").row["reportStatus"] == "Paused"
    hidden, absent = (bea.call("GET", "/ScheduledReport", user=name) for name in ("ada", "adx"))
    assert (hidden.status, absent.status) == (404, 404)
    assert hidden.message.replace("ada", "adx") == absent.message


def test_a_long_list_comes_in_pages(small: Small, ada: Program, http: httpx2.Client) -> None:
    for _ in range(201):
        small.query()
    first = ada.call("GET", "/ScheduledQueries")
    assert (len(first.rows), first.told["totalCount"]) == (200, 201)
    link = first.told["nextLink"].removeprefix("http://127.0.0.1:8000")
    last = http.get(link, headers={"Authorization": f"Bearer {ada.token}"}).json()
    assert (len(last["value"]), last["nextLink"]) == (1, None)
