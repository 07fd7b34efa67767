"""Reads what single datasets say about one customer of a partner."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.center.customers.source import Source
from reports.center.query import Condition, Operator, Query, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads what datasets say about one customer."""

    source: Source
    partner: str
    customer: str

    def rows(
        self, name: str, columns: Sequence[str], *, span: Span | None = None, where: Sequence[Condition] = ()
    ) -> list[dict[str, str | None]]:
        """Return cells by column; what the scope hides is None. `where` replaces being about the customer."""
        dataset = self.source.scope.dataset(name)
        if dataset is None:
            return []
        shown = tuple(column for column in columns if self.source.scope.field(dataset, column))
        about = where or (is_(dataset.customer or "", self.customer),)
        conditions = (is_(dataset.partner, self.partner), *about)
        query = Query(dataset=name, columns=shown, where=conditions, span=span)
        return [dict.fromkeys(columns) | row for row in self.source.ask(query).rows()]


def is_(column: str, value: str) -> Condition:
    """Return the condition that a column is a value."""
    return Condition(column=column, operator=Operator.EQUAL, values=(value,))
