from collections.abc import Callable, Iterator

import httpx2
import pytest

from reports.center.people import Person
from tests.reports.center.api.served import Program, program_of, served
from tests.reports.center.delivery.small import Small

Programs = Callable[[Person], Program]


@pytest.fixture
def http(small: Small) -> Iterator[httpx2.Client]:
    with served(small.center) as client:
        yield client


@pytest.fixture
def of(small: Small, http: httpx2.Client) -> Programs:
    """Programs that work for a person."""

    return lambda person: program_of(small, http, person)


@pytest.fixture
def ada(small: Small, of: Programs) -> Program:
    return of(small.ada)
