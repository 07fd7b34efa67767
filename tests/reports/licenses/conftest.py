"""What several tests of the licence reports need."""

from collections.abc import Iterator

import duckdb
import pytest

from features.sources.world import connect


@pytest.fixture(scope="session")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(memory="500MB") as open_engine:
        yield open_engine
