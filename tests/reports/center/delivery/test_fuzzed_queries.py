"""Queries of every form over real columns are answered or refused, never an error of the engine."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.center.query import Condition, Operator, Order, Query, QueryRefused, Span
from reports.center.select import select
from tests.reports.center.delivery.small import Small

NAMES = ["AccountName", "Country", "OrgSize", "AzureExpectedRevenue", "HasAzure", "AzureFitAsOf"]
columns = st.sampled_from(NAMES)
values = st.text(max_size=8) | st.sampled_from(
    ["12.5", "1e400", "-0", "nan", "%", "\\", "_", "'", "2026-10-25", "\u0661", "1_0"]
)
conditions = st.builds(
    Condition,
    column=columns,
    operator=st.sampled_from(Operator),
    values=st.lists(values, min_size=1, max_size=3).map(tuple),
)
queries = st.builds(
    Query,
    dataset=st.just("CLASAzurePropensity"),
    columns=st.lists(columns, min_size=1, max_size=4).map(tuple),
    distinct=st.booleans(),
    where=st.lists(conditions, max_size=3).map(tuple),
    order=st.lists(st.builds(Order, column=columns, descending=st.booleans()), max_size=3).map(tuple),
    limit=st.none() | st.integers(1, 1_000_000_000),
    span=st.none() | st.sampled_from(Span),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(query=queries)
def test_a_query_is_answered_or_refused(small: Small, query: Query) -> None:
    try:
        scope = small.center.scope(small.ada)
        selection = select(small.center.shelf, scope, query, today=small.center.today)
    except QueryRefused:
        return
    assert len(selection.rows()) == selection.count()
