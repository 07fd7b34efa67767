"""From declared features to SQL: a column a product, one aggregate query a table and window."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from features import declared
from features.feature import Derived, Feature, Of, Side, column_name
from features.periods import Window
from features.products import Catalogue, Product
from features.sources.schema import Table

AGGREGATES = re.compile(r"\b(?:count|sum|min|max|any_value|string_agg|list|arg_max|arg_min)\(")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A feature for one product (or for none), and the column it becomes."""

    feature: Feature
    product: Product | None

    @property
    def column(self) -> str:
        """The column's name."""
        return column_name(self.feature.name, None if self.product is None else self.product.prefix)

    def aggregate(self) -> str:
        """SQL: the aggregate over a customer's rows, of which it sees those it is about."""
        rows = self.feature.where
        if self.product is not None:
            flag = {Of.OTHER: "NOT own", Of.RIVAL: "rival"}.get(self.feature.of, "own")
            rows = f"({rows}) AND {flag}__{self.product.prefix}"
        expression = re.sub(
            r"days_since\((\w+)\)", r"date_diff('day', CAST(\1 AS DATE), as_of)", self.feature.expression
        )
        return f'{_filtered(expression, rows)} AS "{self.column}"'

    def value(self) -> str:
        """SQL: the joined aggregate, with the value of a customer without rows."""
        name = f'"{self.column}"'
        if self.feature.is_text:
            return f"CAST({name} AS VARCHAR) AS {name}"
        kind = "DOUBLE" if self.feature.side is Side.FACT else "FLOAT"
        value = name if self.feature.absent is None else f"coalesce({name}, {self.feature.absent})"
        return f"CAST({value} AS {kind}) AS {name}"

    def unknown(self) -> str:
        """SQL: the column where the feature's table is not there."""
        return f'CAST(NULL AS {"VARCHAR" if self.feature.is_text else "FLOAT"}) AS "{self.column}"'


def compile_all(catalogue: Catalogue) -> tuple[Compiled, ...]:
    """Compile every declared feature: once, or once a product."""
    return tuple(
        Compiled(feature, product)
        for feature in declared.FEATURES
        for product in ((None,) if feature.of is Of.ALL else catalogue.products)
    )


def aggregate_query(
    rows: str, table: Table, window: Window, features: Iterable[Compiled], catalogue: Catalogue
) -> str:
    """SQL: all features of a table and window in one pass; one row is a customer at an as-of date.

    `rows` is a relation of `known_rows` (columns of the table and as_of).
    """
    flags = "".join(
        f', {product.own_rows(table)} AS "own__{product.prefix}"'
        f', {product.rival_rows(table)} AS "rival__{product.prefix}"'
        for product in catalogue.products
        if table.own_by is not None
    )
    held = "TRUE" if table.happened is None else window.holds(table.happened, table.ended_on(), "as_of")
    aggregates = ",\n".join(row.aggregate() for row in features)
    return f"""
        SELECT as_of, account_id, {aggregates}
        FROM (SELECT *{flags} FROM {rows} WHERE {held} AND account_id IS NOT NULL)
        GROUP BY as_of, account_id"""


def derived_values(derived: Derived, catalogue: Catalogue) -> list[str]:
    """SQL: a derived feature over the columns of its inputs, once or once a product."""
    if not is_of_product(derived):
        return [f'CAST({derived.expression} AS FLOAT) AS "{derived.name}"']
    values = []
    for product in catalogue.products:
        expression = derived.expression
        for name in derived.inputs:
            if is_of_product(declared.BY_NAME[name]):
                expression = re.sub(rf"\b{name}\b", f'"{column_name(name, product.prefix)}"', expression)
        values.append(f'CAST({expression} AS FLOAT) AS "{column_name(derived.name, product.prefix)}"')
    return values


def is_of_product(row: Feature | Derived) -> bool:
    """Tell whether a feature has a value a product rather than one for all."""
    if isinstance(row, Derived):
        return any(is_of_product(declared.BY_NAME[name]) for name in row.inputs)
    return row.of is not Of.ALL


def _filtered(expression: str, rows: str) -> str:
    """Give every aggregate call of the expression the same filter."""
    if rows == "TRUE":
        return expression
    parts, at = [], 0
    while match := AGGREGATES.search(expression, at):
        end = _closing(expression, match.end() - 1) + 1
        parts.append(f"{expression[at:end]} FILTER (WHERE {rows})")
        at = end
    return "".join(parts) + expression[at:]


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"unbalanced: {text}")
