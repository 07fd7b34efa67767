"""Which products the datasets of a scope tell of, each from one dataset."""

from dataclasses import dataclass

from features.products import PRODUCTS
from reports.center.datasets import Dataset
from reports.center.scope import Scope
from reports.contracts import CUSTOMERS

SUFFIX = "Cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A product as a dataset tells of it; its columns are its prefix and what they tell."""

    prefix: str
    name: str
    dataset: Dataset

    @property
    def cluster(self) -> str:
        """The column of its cluster."""
        return f"{self.prefix}{SUFFIX}"

    @property
    def expected(self) -> str:
        """The column of its expected revenue, which not every scope has."""
        return f"{self.prefix}ExpectedRevenue"


def scored_products(scope: Scope) -> tuple[Scored, ...]:
    """Return the products with a cluster in the scope, in the order of its datasets; each once.

    Two datasets may tell of the same product: its own one is taken, where the catalogue names one.
    """
    own = {product.prefix: product for product in PRODUCTS}
    found: dict[str, Scored] = {}
    for dataset in scope.datasets.values():
        if dataset.report.reads != CUSTOMERS:
            continue
        for field in scope.fields[dataset.name]:
            prefix = field.name.removesuffix(SUFFIX)
            if prefix == field.name:
                continue
            product = own.get(prefix)
            is_its_own = product is not None and product.report == dataset.name
            if prefix not in found or is_its_own:
                name = product.name if product is not None else prefix
                found[prefix] = Scored(prefix=prefix, name=name, dataset=dataset)
    return tuple(found.values())
