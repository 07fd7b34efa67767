"""The files behind the links of executions."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from reports.center.access.visitor import center_of
from reports.center.delivery.links import open_link
from reports.center.delivery.stream import stream_file

FREE = "needs no token"
router = APIRouter()


@router.get(
    "/ScheduledReport/download/{secret}",
    operation_id="fetchFile",
    tags=[FREE],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/csv": {}, "text/tab-separated-values": {}}, "description": "The file."}
    },
)
async def fetch(request: Request, secret: str) -> StreamingResponse:
    """Answer with the file of an execution; the link is all that is needed."""
    center = center_of(request)
    return await stream_file(center, await run_in_threadpool(open_link, center, secret))
