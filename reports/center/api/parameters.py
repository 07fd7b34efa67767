"""The parameters of calls, each under the name the vendor's clients send."""

from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from reports.center.api.bodies import Moment
from reports.center.delivery.makings import Progress


def _begun(value: object) -> object:
    """Begin a word with a capital, as states of makings are written."""
    return value.capitalize() if isinstance(value, str) else value


DatasetName = Annotated[str | None, Query(alias="datasetName")]
QueryId = Annotated[str | None, Query(alias="queryId")]
QueryName = Annotated[str | None, Query(alias="queryName")]
IncludeSystem = Annotated[bool, Query(alias="includeSystemQueries")]
OnlySystem = Annotated[bool, Query(alias="includeOnlySystemQueries")]
ExportQuery = Annotated[str | None, Query(alias="exportQuery")]
StartTime = Annotated[Moment | None, Query(alias="startTime")]
EndTime = Annotated[Moment | None, Query(alias="endTime")]
ReportId = Annotated[str | None, Query(alias="reportId")]
ReportName = Annotated[str | None, Query(alias="reportName")]
ExecutionId = Annotated[str | None, Query(alias="executionId")]
ExecutionStatus = Annotated[Progress, BeforeValidator(_begun), Query(alias="executionStatus")]
User = Annotated[str | None, Query()]
"""Not of the vendor's: the schedules of others are managed here."""
Latest = Annotated[bool, Query(alias="getLatestExecution")]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
