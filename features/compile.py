"""From declared features to SQL: a column a product, one or two aggregate queries a table."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from features import declared
from features.feature import Derived, Feature, Of, Side, column_name
from features.products import Catalogue, Product
from features.sources.schema import Table

AGGREGATES = re.compile(r"\b(?:count|sum|min|max|any_value|string_agg|list|arg_max|arg_min)\(")
SIMPLE = re.compile(r"(count|sum|min|max)\((?!DISTINCT)(.*)\)")
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
        return own_by is not None and all(
            (call.startswith(ADDING_UP) and "DISTINCT" not in call) or call == f"count(DISTINCT {own_by})"
            for call in self._calls()
        )

    def aggregate(self, held: str = "TRUE") -> str:
        """SQL: the aggregate over a customer's rows, of which it sees those it is about that are `held`."""
        told = _replaced(
            self._expression(), lambda call: _only(call, held, self.feature.where, self._about())
        )
        return self._named(told, _only("count(*)", held))

    def sum_up(self, parts: dict[str, str], held: str = "TRUE") -> str:
        """SQL: the aggregate over `parts`, which it extends; they map SQL over one value's rows to a name."""

        def part(call: str, *conditions: str) -> str:
            return parts.setdefault(_only(call, *conditions), f"part_{len(parts)}")

        def of_parts(call: str) -> str:
            if "DISTINCT" in call:
                some = f"{part('count(*)', held, self.feature.where)} > 0"
                return _only(f"count({self.feature.table.own_by})", self._about(), some)
            name = part(call, held, self.feature.where)
            if call.startswith("count("):
                return f"coalesce({_only(f'sum({name})', self._about())}, 0)"
            return _only(f"{call[:4]}{name})", self._about())

        told = _replaced(self._expression(), of_parts)
        return self._named(told, f"sum({part('count(*)', held)})" if self._counts_nothing else "")

    def _named(self, told: str, rows: str) -> str:
        """SQL: the value as a column; null where the number of `rows` of the window is none."""
        if self._counts_nothing:
            told = f"CASE WHEN {rows} > 0 THEN {told} END"
        return f'{self._typed(told)} AS "{self.column}"'

    @property
    def _counts_nothing(self) -> bool:
        """Tell whether a count would give a number to a customer without rows, whose value is another one."""
        return self.feature.absent != 0 and any(call.startswith("count(") for call in self._calls())

    def _calls(self) -> list[str]:
        expression = self.feature.expression
        return [expression[start:end] for start, end in _calls(expression)]

    def _about(self) -> str:
        """SQL: the flag of the rows it sees."""
        if self.product is None:
            return "TRUE"
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


def aggregate_query(rows: str, table: Table, features: Iterable[Compiled], catalogue: Catalogue) -> str:
    """SQL: features of a table, of whatever windows, in one pass; one row is a customer at an as-of date.

    `rows` is a relation of `known_rows` (columns of the table and as_of). Features that all add up see first
    the rows of each value of `own_by`, once for all products, and then those few sums: whole numbers add up
    the same in any order.
    """
    together = tuple(features)
    windows = _windows(table, together)
    flags = "".join(f", {window} AS {name}" for window, name in windows.items() if name != window)
    inside = "TRUE" if "TRUE" in windows else " OR ".join(f"({window})" for window in windows)
    seen = f"(SELECT *{flags} FROM {rows} WHERE ({inside}) AND account_id IS NOT NULL)"
    held = [windows[_held(table, row)] for row in together]
    if all(row.adds_up for row in together):
        parts: dict[str, str] = {}
        aggregates = [row.sum_up(parts, name) for row, name in zip(together, held, strict=True)]
        told = ", ".join(f"{part} AS {name}" for part, name in parts.items())
        key = f"as_of, account_id, {table.own_by}"
        seen = f"(SELECT {key}, {told} FROM {seen} GROUP BY {key})"
    else:
        aggregates = [row.aggregate(name) for row, name in zip(together, held, strict=True)]
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


def _windows(table: Table, features: Iterable[Compiled]) -> dict[str, str]:
    """Name each window's condition; what always holds needs no name."""
    conditions = dict.fromkeys(_held(table, row) for row in features)
    return {held: held if held == "TRUE" else f"held_{at}" for at, held in enumerate(conditions)}


def _held(table: Table, row: Compiled) -> str:
    if table.happened is None:
        return "TRUE"
    return row.feature.window.holds(table.happened, table.ended_on(), "as_of")


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


def _only(call: str, *conditions: str) -> str:
    """SQL: the aggregate of the rows that keep all conditions.

    A filter of the engine copies every column of the rows for every aggregate; a CASE, at less than half the
    cost, one.
    """
    rows = " AND ".join(f"({condition})" for condition in conditions if condition != "TRUE")
    simple = SIMPLE.fullmatch(call)
    if not rows or simple is None:
        return f"{call} FILTER (WHERE {rows})" if rows else call
    name, value = simple.groups()
    return f"{name}(CASE WHEN {rows} THEN {'1' if value == '*' else value} END)"


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
