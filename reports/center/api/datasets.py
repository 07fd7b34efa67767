"""The call that tells which datasets there are, and which columns of them."""

from fastapi import APIRouter, Request

from reports.center.access.program import Calling
from reports.center.api.envelope import Envelope, Row, enveloped, is_redacted
from reports.center.api.parameters import DatasetName
from reports.center.datasets import Dataset
from reports.center.delivery.schedule import FEWEST_HOURS
from reports.center.query import Span
from reports.center.scope import Scope
from reports.center.select import dataset_named

router = APIRouter()


class DatasetRow(Row):
    """A dataset as its reader sees it; its name stands twice, as the contract and as the vendor call it."""

    name: str
    dataset_name: str
    selectable_columns: tuple[str, ...]
    available_metrics: tuple[str, ...]
    available_date_ranges: tuple[str, ...]
    minimum_recurrence_interval: int


@router.get("/ScheduledDataset", operation_id="listDatasets")
def list_datasets(
    request: Request, caller: Calling, dataset_name: DatasetName = None
) -> Envelope[DatasetRow]:
    """List the datasets, or tell of one."""
    scope = caller.scope
    found = tuple(scope.datasets.values()) if dataset_name is None else (dataset_named(scope, dataset_name),)
    rows = [_row(scope, dataset) for dataset in found]
    redacted = is_redacted(caller, *(dataset.name for dataset in found))
    return enveloped(request, rows, f"{len(rows)} datasets", redacted=redacted)


def _row(scope: Scope, dataset: Dataset) -> DatasetRow:
    return DatasetRow(
        name=dataset.name,
        dataset_name=dataset.name,
        selectable_columns=tuple(field.name for field in scope.fields[dataset.name]),
        available_metrics=(),
        available_date_ranges=tuple(Span),
        minimum_recurrence_interval=FEWEST_HOURS,
    )
