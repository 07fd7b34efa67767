"""From declared features to SQL: a column a product, one aggregate query a table and window."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from features import declared
from features.feature import Derived, Feature, Of, Side, column_name
from features.periods import Window
from features.products import Catalogue, Product
from features.sources.schema import Table

AGGREGATES = re.compile(r"\b(?:count|sum|min|max|any_value|string_agg|list|arg_max|arg_min)\(")
ADDING_UP = ("count(", "sum(", "min(", "max(")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A feature for one product (or for none), and the column it becomes."""

    feature: Feature
    product: Product | None

    @property
    def column(self) -> str:
        """The column's name."""
        return column_name(self.feature.name, None if self.product is None else self.product.prefix)

    @property
    def adds_up(self) -> bool:
        """Tell whether the value follows from those over the rows of each value of the table's `own_by`."""
        own_by = self.feature.table.own_by
        calls = [self.feature.expression[start:end] for start, end in _calls(self.feature.expression)]
        return self.product is not None and all(
            (call.startswith(ADDING_UP) and "DISTINCT" not in call) or call == f"count(DISTINCT {own_by})"
            for call in calls
        )

    def aggregate(self) -> str:
        """SQL: the aggregate over a customer's rows, of which it sees those it is about."""
        rows = self.feature.where
        if self.product is not None:
            rows = f"({rows}) AND {self._about()}"
        told = _replaced(self._expression(), lambda call: call if rows == "TRUE" else _only(call, rows))
        return f'{self._typed(told)} AS "{self.column}"'

    def sum_up(self, parts: dict[str, str]) -> str:
        """SQL: the aggregate over `parts`, which it extends; they map SQL over one value's rows to a name."""

        def of_parts(call: str) -> str:
            is_count = call.startswith("count(")
            name = parts.setdefault(
                _only("count(*)" if "DISTINCT" in call else call, self.feature.where), f"part_{len(parts)}"
            )
            if "DISTINCT" in call:
                return _only(f"count({self.feature.table.own_by})", f"{self._about()} AND {name} > 0")
            again = _only(f"sum({name})" if is_count else f"{call[:4]}{name})", self._about())
            return f"coalesce({again}, 0)" if is_count else again

        return f'{self._typed(_replaced(self._expression(), of_parts))} AS "{self.column}"'

    def _about(self) -> str:
        """SQL: the flag of the rows it sees."""
        assert self.product is not None
        flag = {Of.OTHER: "NOT own", Of.RIVAL: "rival"}.get(self.feature.of, "own")
        return f"{flag}__{self.product.prefix}"

    def _expression(self) -> str:
        return re.sub(
            r"days_since\((\w+)\)", r"date_diff('day', CAST(\1 AS DATE), as_of)", self.feature.expression
        )

    def _typed(self, expression: str) -> str:
        """SQL: numbers at once in the type of the frame; sums of integers would take four times the room."""
        return expression if self.feature.is_text else f"CAST({expression} AS {self._kind})"

    @property
    def _kind(self) -> str:
        return "DOUBLE" if self.feature.side is Side.FACT else "FLOAT"

    def value(self) -> str:
        """SQL: the joined aggregate, with the value of a customer without rows."""
        name = f'"{self.column}"'
        if self.feature.is_text:
            return f"CAST({name} AS VARCHAR) AS {name}"
        value = name if self.feature.absent is None else f"coalesce({name}, {self.feature.absent})"
        return f"CAST({value} AS {self._kind}) AS {name}"

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

    `rows` is a relation of `known_rows` (columns of the table and as_of). Features that all add up see first
    the rows of each value of `own_by`, once for all products, and then those few sums: whole numbers add up
    the same in any order.
    """
    together = tuple(features)
    held = "TRUE" if table.happened is None else window.holds(table.happened, table.ended_on(), "as_of")
    seen = f"(SELECT * FROM {rows} WHERE {held} AND account_id IS NOT NULL)"
    if all(row.adds_up for row in together):
        parts: dict[str, str] = {}
        aggregates = [row.sum_up(parts) for row in together]
        told = ", ".join(f"{part} AS {name}" for part, name in parts.items())
        key = f"as_of, account_id, {table.own_by}"
        seen = f"(SELECT {key}, {told} FROM {seen} GROUP BY {key})"
    else:
        aggregates = [row.aggregate() for row in together]
    flags = "".join(
        f', {product.own_rows(table)} AS "own__{product.prefix}"'
        f', {product.rival_rows(table)} AS "rival__{product.prefix}"'
        for product in catalogue.products
        if table.own_by is not None
    )
    return f"""
        SELECT as_of, account_id, {", ".join(aggregates)}
        FROM (SELECT *{flags} FROM {seen})
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


def _only(call: str, rows: str) -> str:
    return f"{call} FILTER (WHERE {rows})"


def _replaced(expression: str, by: Callable[[str], str]) -> str:
    """Replace every aggregate call of the expression."""
    parts, at = [], 0
    for start, end in _calls(expression):
        parts += [expression[at:start], by(expression[start:end])]
        at = end
    return "".join(parts) + expression[at:]


def _calls(expression: str) -> Iterator[tuple[int, int]]:
    """Give where each aggregate call of the expression begins and ends."""
    at = 0
    while match := AGGREGATES.search(expression, at):
        at = _closing(expression, match.end() - 1) + 1
        yield match.start(), at


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"unbalanced: {text}")
