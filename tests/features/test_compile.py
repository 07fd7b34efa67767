from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from features import declared
from features.build import rows_of_customers
from features.compile import Compiled, aggregate_query, compile_all
from features.feature import Feature, Of, Unit
from features.periods import last
from features.products import AZURE, Catalogue, Product
from features.sources.world import World, connect

NOBODY = World(Path("nowhere"), ())
ORDERS = declared.feature("orders_365d")
OWN_ORDERS = declared.feature("own_orders_365d")
OWN_SPAN = declared.feature("own_order_days")


def complaint(engine: duckdb.DuckDBPyConnection, rows: list[Compiled], catalogue: Catalogue) -> str:
    """Return what DuckDB says against the query over an empty relation; nothing where it binds."""
    feature = rows[0].feature
    known = rows_of_customers(NOBODY, feature.table, [date(2026, 10, 25)])
    try:
        engine.execute(aggregate_query(known, feature.table, rows, catalogue))
    except duckdb.Error as error:
        return str(error)
    return ""


def test_every_expression_binds_against_its_table() -> None:
    catalogue = Catalogue(products=(AZURE,))
    with connect(threads=1) as engine:
        said = {row.column: complaint(engine, [row], catalogue) for row in compile_all(catalogue)}
    assert {column: words for column, words in said.items() if words} == {}


def test_an_expression_over_a_column_that_is_not_there_is_found_out() -> None:
    assert isinstance(ORDERS, Feature)
    wrong = Compiled(replace(ORDERS, expression="sum(amount_euros)"), None)
    with connect(threads=1) as engine:
        assert "amount_euros" in complaint(engine, [wrong], Catalogue())


def test_a_feature_of_products_becomes_one_column_for_each() -> None:
    columns = [row.column for row in compile_all(Catalogue())]
    assert [column for column in columns if column.split("__")[0] == "own_orders_365d"] == [
        f"own_orders_365d__{product.prefix}" for product in Catalogue().products
    ]
    assert columns.count("orders_365d") == 1


def test_every_aggregate_of_an_expression_sees_the_same_rows() -> None:
    assert isinstance(OWN_SPAN, Feature)
    assert Compiled(OWN_SPAN, AZURE).aggregate().count("(CASE WHEN (own__Azure) THEN date_diff(") == 2


def test_a_condition_holds_for_every_aggregate_of_an_expression_with_brackets_in_it() -> None:
    assert isinstance(ORDERS, Feature)
    nested = replace(ORDERS, expression="sum(abs(quantity)) / count(*)", where="kind = 'new'")
    assert Compiled(nested, None).aggregate() == (
        "CAST(sum(CASE WHEN (kind = 'new') THEN abs(quantity) END)"
        " / count(CASE WHEN (kind = 'new') THEN 1 END) AS FLOAT) AS \"orders_365d\""
    )


def test_an_aggregate_that_is_no_plain_number_is_filtered() -> None:
    assert isinstance(ORDERS, Feature)
    named = replace(ORDERS, expression="string_agg(DISTINCT sku, '; ')", unit=Unit.TEXT)
    assert "string_agg(DISTINCT sku, '; ') FILTER (WHERE (held_0))" in Compiled(named, None).aggregate(
        "held_0"
    )


@pytest.mark.parametrize(
    ("of", "flag"), [(Of.OWN, "own"), (Of.EACH, "own"), (Of.OTHER, "NOT own"), (Of.RIVAL, "rival")]
)
def test_whose_rows_a_feature_sees_is_told_by_a_flag(of: Of, flag: str) -> None:
    assert isinstance(OWN_ORDERS, Feature)
    assert f"({flag}__Azure) THEN 1 END)" in Compiled(replace(OWN_ORDERS, of=of), AZURE).aggregate()


@pytest.mark.parametrize("value", ["O'Brien", "a; DROP", 'say "hi"', "أزور"])
def test_a_product_may_be_called_anything(value: str) -> None:
    product = Product(prefix="X", name="X", report="R", sold_as=(value,))
    assert isinstance(OWN_ORDERS, Feature)
    with connect(threads=1) as engine:
        assert complaint(engine, [Compiled(OWN_ORDERS, product)], Catalogue(products=(product,))) == ""


ORDER_LINES = """(SELECT DATE '2026-10-25' AS as_of, 'a' AS account_id, * FROM (VALUES
    ('Azure', 'new',    2, DATE '2026-10-01'),
    ('Azure', 'renew',  5, DATE '2026-09-01'),
    ('M365',  'new',    3, DATE '2026-08-01'),
    ('M365',  'add',   11, DATE '2026-07-01'),
    ('Other', 'return', 7, DATE '2026-06-01'),
    (NULL,    'new',   13, DATE '2026-05-01')) AS line(product, kind, quantity, transacted_on))"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum(quantity)", 27),
        ("count(*)", 3),
        ("count(DISTINCT product)", 1),
        ("min(quantity)", 3),
        ("max(days_since(transacted_on)) - min(days_since(transacted_on))", 92),
        ("sum(quantity) / count(*)", 9),
    ],
)
def test_features_that_add_up_are_worth_the_same_summed_up_by_product_first(
    expression: str, value: float
) -> None:
    assert isinstance(OWN_ORDERS, Feature)
    bought = replace(OWN_ORDERS, of=Of.OTHER, expression=expression, where="kind IN ('new', 'add')")
    row = Compiled(bought, AZURE)
    apart = Compiled(replace(bought, name="apart", expression="string_agg(kind)", unit=Unit.TEXT), AZURE)
    assert (row.adds_up, apart.adds_up) == (True, False)
    with connect(threads=1) as engine:
        for together in ([row], [row, apart]):
            query = aggregate_query(ORDER_LINES, bought.table, together, Catalogue())
            assert engine.execute(f'SELECT "{row.column}" FROM ({query})').fetchall() == [(value,)]


@pytest.mark.parametrize(("absent", "value"), [(None, None), (0, 0.0), (7, None)])
@pytest.mark.parametrize("expression", ["count(*)", "count(DISTINCT kind)"])
def test_a_window_without_rows_tells_nothing_though_another_one_has_rows(
    expression: str, absent: float | None, value: float | None
) -> None:
    assert isinstance(ORDERS, Feature)
    bought = replace(ORDERS, name="bought", expression=expression, absent=absent)
    recent = Compiled(replace(bought, name="recent", window=last(10)), None)
    with connect(threads=1) as engine:
        query = aggregate_query(ORDER_LINES, bought.table, [recent, Compiled(bought, None)], Catalogue())
        ((found, known),) = engine.execute(f"SELECT recent, bought IS NOT NULL FROM ({query})").fetchall()
    assert (found, known) == (value, True)
