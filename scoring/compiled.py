"""The models of a month with their boosters compiled, once a process: what scoring reads rows with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.model import BOOSTERS, FIT, LogOdds, PropensityModel
from models.renewal import RenewalModel
from models.revenue import RevenueModel
from scoring.patterns.patterns import Patterns, tabled

Floats = NDArray[np.float64]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CompiledProduct:
    """A product's model; `patterns` has its boosters in the model's order."""

    model: PropensityModel
    patterns: Patterns

    def log_odds(self, values: Values, *, threads: int = 1) -> LogOdds:
        """Return the calibrated log-odds of each row."""
        return self.model.calibrated(self.model.blend(self.patterns.margins(values, threads=threads)))

    def fit(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the calibrated log-odds of fit alone; the same as in `log_odds` at half the trees."""
        several = range(0, len(self.patterns.boosters), len(BOOSTERS))
        of_fit = [first + number for first in several for number in range(len(BOOSTERS))[FIT]]
        margins = self.patterns.only(of_fit).margins(values, threads=threads)
        return self.model.calibrations.fit.log_odds(self.model.blend(margins))

    def contributions(self, values: Values, *, threads: int = 1) -> tuple[Floats, Floats]:
        """Return base (rows,) and contributions (rows, names); they sum to the purchase log-odds."""
        base, each = self.patterns.contributions(values, self.model.purchase_weights(), threads=threads)
        return self.model.calibrations.purchase.level + base, each

    def checked(self, values: Values, *, explains: bool, rows: int) -> "CompiledProduct":
        """Return the model as it may score the rows: see `Patterns.checked`."""
        weights = self.model.purchase_weights() if explains else (0.0,) * len(self.patterns.boosters)
        return replace(self, patterns=self.patterns.checked(values, weights=weights, rows=rows))


@dataclass(frozen=True, slots=True)
class CompiledRenewal:
    """The model of renewals."""

    model: RenewalModel
    patterns: Patterns

    def log_odds(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the calibrated log-odds that each agreement is renewed."""
        return self.model.calibration.log_odds(self.patterns.margins(values, threads=threads))

    def contributions(self, values: Values, *, threads: int = 1) -> tuple[Floats, Floats]:
        """Return base and contributions to the log-odds: (rows,) and (rows, names); they sum to them."""
        base, each = self.patterns.contributions(values, self.model.calibration.weights, threads=threads)
        return self.model.calibration.level + base, each

    def checked(self, values: Values, *, rows: int) -> "CompiledRenewal":
        """Return the model as it may score the rows: see `Patterns.checked`."""
        weights = self.model.calibration.weights
        return replace(self, patterns=self.patterns.checked(values, weights=weights, rows=rows))


@dataclass(frozen=True, slots=True)
class CompiledRevenue:
    """The model of revenue; `patterns` has the booster as it reads a product, by product."""

    model: RevenueModel
    patterns: Mapping[str, Patterns]

    def cents(self, values: Values, product: str, *, threads: int = 1) -> tuple[Floats, Floats]:
        """Return median and mean cents of each row."""
        patterns = self.patterns.get(product)
        if patterns is None:
            return self.model.cents(product, np.empty(len(values)))
        return self.model.cents(product, patterns.margins(values, threads=threads)[:, 0])

    def checked(self, values: Values, product: str, *, rows: int) -> "CompiledRevenue":
        """Return the model as it may score the rows: see `Patterns.checked`."""
        if product not in self.patterns:
            return self
        checked = self.patterns[product].checked(values, weights=(0.0,), rows=rows)
        return replace(self, patterns={**self.patterns, product: checked})

    def warnings(self, product: str) -> tuple[str, ...]:
        """Return the warnings of the booster as it reads the product."""
        return self.patterns[product].warnings if product in self.patterns else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledModels:
    """The compiled models of a month: by a product's prefix, of revenue, and of renewals."""

    products: Mapping[str, CompiledProduct]
    revenue: CompiledRevenue | None
    renewal: CompiledRenewal | None


def compile_models(
    products: Mapping[str, PropensityModel | None],
    revenue: RevenueModel | None = None,
    renewal: RenewalModel | None = None,
) -> CompiledModels:
    """Compile the models of a month; a product without a model had too little history."""
    return CompiledModels(
        products={prefix: compile_product(model) for prefix, model in products.items() if model is not None},
        revenue=None if revenue is None else compile_revenue(revenue),
        renewal=None if renewal is None else compile_renewal(renewal),
    )


def compile_product(model: PropensityModel) -> CompiledProduct:
    """Compile the boosters of a product's model."""
    boosters = (tabled(f"{model.product} {name}", trees) for name, trees in model.boosters().items())
    return CompiledProduct(model, Patterns(tuple(boosters), len(model.names)))


def compile_renewal(model: RenewalModel) -> CompiledRenewal:
    """Compile the booster of renewals."""
    return CompiledRenewal(model, Patterns((tabled("renewal", model.trees),), len(model.names)))


def compile_revenue(model: RevenueModel) -> CompiledRevenue:
    """Compile the booster of revenue as it reads each product."""
    read = {product: model.booster(product) for product in model.products}
    tables = None if model.trees is None else tabled("revenue", model.trees)
    return CompiledRevenue(
        model,
        {
            product: Patterns((replace(tables, name=f"revenue of {product}", trees=trees),), len(model.names))
            for product, trees in read.items()
            if trees is not None and tables is not None
        },
    )
