"""Where customers are read: what is published, within whose scope, and the labels given here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.center.datasets import Dataset
from reports.center.query import Condition, Operator, Query
from reports.center.scope import Scope
from reports.center.select import Selection, select
from reports.center.shelf import Shelf

KEY = ("GlobalID", "CustomerID")
"""What tells a customer of a partner, in the propensity reports and here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A tag that was given here to a customer, or to one of its subscriptions."""

    partner: str
    customer: str
    tag: str
    subscription: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the list is read: what is published, within whose scope, and the labels that were given here."""

    shelf: Shelf
    scope: Scope
    today: date
    labels: Sequence[Label] = ()

    def select(
        self, dataset: Dataset, columns: Sequence[str], *, partner: str = "", customers: Sequence[str] = ()
    ) -> Selection:
        """Return columns of a dataset for the latest month: of one partner, of some customers, or of all."""
        where: list[Condition] = []
        if partner:
            where.append(Condition(column=dataset.partner, operator=Operator.EQUAL, values=(partner,)))
        if customers and dataset.customer is not None:
            where.append(Condition(column=dataset.customer, operator=Operator.IN, values=tuple(customers)))
        return self.ask(Query(dataset=dataset.name, columns=tuple(columns), where=tuple(where)))

    def ask(self, query: Query) -> Selection:
        """Return what a query finds within the scope."""
        return select(self.shelf, self.scope, query, today=self.today)
