"""What the interface says of itself holds: calls drawn from its description are answered as described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from reports.center.app import create_app
from reports.center.delivery.run import run_due
from tests.reports.center.api.served import BASE
from tests.reports.center.delivery.small import Small, small_center
from tests.reports.center.signed import program

NAMES = "listDatasets createQuery listQueries testQuery deleteQuery createReport listReports pauseReport"
OPERATIONS = [*NAMES.split(), "resumeReport", "changeReport", "deleteReport", "listExecutions", "fetchFile"]
HOST = {"Host": "127.0.0.1:8000"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def world(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    own = tmp_path_factory.mktemp("described")
    found = small_center(published, own, f"sqlite:///{own}/center.db")
    yield found
    found.center.database.dispose()


@pytest.fixture(scope="module")
def described(world: Small) -> OpenApiSchema:
    return schemathesis.openapi.from_asgi(f"{BASE}/openapi.json", create_app(world.center), headers=HOST)


@pytest.fixture(scope="module")
def token(world: Small) -> str:
    return program(world.center, world.ada).headers["Authorization"]


def test_every_call_is_described(described: OpenApiSchema) -> None:
    paths = described.raw_schema["paths"].values()
    told = [operation["operationId"] for path in paths for operation in path.values()]
    assert sorted(told) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_calls_are_answered_as_they_are_described(
    world: Small, described: OpenApiSchema, token: str, name: str
) -> None:
    operation = described.find_operation_by_id(name)
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(case=valid | wrong)
    def answers(case: Case[Any]) -> None:
        answer = case.call_and_validate(checks=CHECKS, headers={**HOST, "Authorization": token})
        # With no token that holds, all else would be true of nothing.
        assert answer.status_code != 401

    answers()
    run_due(world.center)
