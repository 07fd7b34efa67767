from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features.customers import Partner
from reports.licenses.rules import Rules
from reports.licenses.write import build_tables
from tests.reports.licenses.naive import Figure, Key, Naive, center_kpis, queue_kpis, section_kpis
from tests.reports.licenses.random_licences import AS_OFS, random_licences
from tests.reports.licenses.written import licensed

RULES = Rules(least_peers=2)
# A failing seed is told as found: a smaller number is no simpler world.
FEW = settings(max_examples=25, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))


def published(engine: duckdb.DuckDBPyConnection) -> dict[Key, Figure]:
    """Return the KPIs by partner, family, and by id as well as by name."""
    rows = engine.execute(
        "SELECT partner_id, family, kpi_id, kpi_name, coalesce(value, ''), numerator, denominator"
        " FROM kpi_rows"
    ).fetchall()
    named = {
        (partner, family, name): Figure(value, above, below)
        for partner, family, _, name, value, above, below in rows
    }
    return named | {
        (partner, family, id_): Figure(value, above, below)
        for partner, family, id_, _, value, above, below in rows
    }


@FEW
@given(seed=st.integers(0, 10**9), as_of=st.sampled_from(AS_OFS))
def test_every_kpi_equals_a_naive_computation_to_the_last_digit(
    engine: duckdb.DuckDBPyConnection, seed: int, as_of: date
) -> None:
    tables = random_licences(seed, as_of)
    with TemporaryDirectory() as folder:
        build_tables(engine, licensed(Path(folder) / "world", **tables), as_of, alone=Partner(), rules=RULES)
    found = published(engine)
    naive = Naive(tables, as_of, RULES)
    expected: dict[Key, Figure] = {}
    for partner in sorted({partner for partner, _, _ in found}):
        expected |= section_kpis(naive, partner) | queue_kpis(naive, partner) | center_kpis(naive, partner)
    assert {key: found[key] for key in expected} == expected
