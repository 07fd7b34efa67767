"""What programs send: bodies whose fields are matched in any case, with values written as the vendor does."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_pascal

from reports.center.delivery.plan import EXAMPLE, Method
from reports.center.delivery.tokens import shown

SURE_DAY = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
SURE_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
"""What the description of the interface promises to read: days that exist in every month."""
INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class SentFormat(StrEnum):
    """The formats that programs may ask for."""

    CSV = "CSV"
    TSV = "TSV"


def read_instant(value: object) -> object:
    """Read an instant as programs write it; what it is not is told by a `ValueError`."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.strptime(str(value), INSTANT).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"an instant is written yyyy-MM-ddTHH:mm:ssZ, as in {EXAMPLE}") from None


def _capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Moment = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "pattern": f"^{SURE_DAY}T{SURE_TIME}Z$"}),
]
AnyCaseFormat = Annotated[SentFormat, BeforeValidator(_capitals)]
AnyCaseMethod = Annotated[Method, BeforeValidator(_capitals)]


class Body(BaseModel):
    """A body; a field that is not declared is refused, since it is most often a misspelt one."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=False, frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def in_any_case(cls, sent: Any) -> Any:
        """Name the fields as they are declared.

        Raises:
            ValueError: a field is sent twice.
        """
        if not isinstance(sent, Mapping):
            return sent
        declared = {to_pascal(name).lower(): to_pascal(name) for name in cls.model_fields}
        named = [(declared.get(str(name).lower(), str(name)), value) for name, value in sent.items()]
        names = [name for name, _ in named]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each field is sent once, in any case; {shown(twice[0])} came twice")
        return dict(named)


class QueryBody(Body):
    """A query to be kept."""

    name: StrictStr
    description: StrictStr | None = None
    query: StrictStr


class ReportFields(Body):
    """What a report may be sent with."""

    description: StrictStr | None = None
    start_time: Moment | None = None
    execute_now: StrictBool | None = None
    query_start_time: Moment | None = None
    query_end_time: Moment | None = None
    recurrence_interval: StrictInt | None = None
    recurrence_count: StrictInt | None = None
    format: AnyCaseFormat | None = None
    callback_url: StrictStr | None = None
    callback_method: AnyCaseMethod | None = None


class ReportBody(ReportFields):
    """A report to be made at once or by a schedule."""

    report_name: StrictStr
    query_id: StrictStr


class ChangeBody(ReportFields):
    """What is to change in a report; what is not sent stays as it is."""

    report_name: StrictStr | None = None
    query_id: StrictStr | None = None
