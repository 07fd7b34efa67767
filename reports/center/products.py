"""The scored products that a scope holds, and how their columns are called."""

from dataclasses import dataclass

from reports.center.datasets import Dataset
from reports.center.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A product and the dataset that is its report; its columns are its prefix and what they tell."""

    prefix: str
    name: str
    dataset: Dataset

    @property
    def cluster(self) -> str:
        """The column of its cluster."""
        return f"{self.prefix}Cluster"

    @property
    def probability(self) -> str:
        """The column of its purchase probability."""
        return f"{self.prefix}PurchaseProbability"

    @property
    def expected(self) -> str:
        """The column of its expected revenue, which not every scope has."""
        return f"{self.prefix}ExpectedRevenue"


def scored_products(scope: Scope) -> tuple[Scored, ...]:
    """Return the products in the order of their datasets, each from the one that the catalogue names."""
    return tuple(
        Scored(prefix=product.prefix, name=product.name, dataset=dataset)
        for dataset in scope.datasets.values()
        for product in dataset.products
    )


def shows_money(scope: Scope) -> bool:
    """Tell whether the scope holds the expected revenue of any product."""
    return any(scope.field(one.dataset, one.expected) for one in scored_products(scope))
