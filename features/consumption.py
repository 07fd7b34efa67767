"""What the customer consumes of metered products; a month is known only after its end."""

from features.feature import Derived, Feature, Of, Side, Unit
from features.periods import Window, between, last
from features.sources.tables import AZURE_CONSUMPTION


def _consumption(
    name: str, meaning: str, window: Window, expression: str, *, unit: Unit, told: str, of: Of = Of.OWN
) -> Feature:
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=AZURE_CONSUMPTION,
        window=window,
        expression=expression,
        family="consumption",
        side=Side.INTENT,
        of=of,
        absent=0,
        unit=unit,
        told=told,
    )


FEATURES = (
    _consumption(
        "own_consumption_cents",
        "Consumed of the product in the months begun in 62 days.",
        last(62),
        "sum(amount_cents)",
        unit=Unit.CENTS,
        told="consumes {product}",
    ),
    _consumption(
        "own_consumption_cents",
        "Consumed of the product in the two months before.",
        between(124, 62),
        "sum(amount_cents)",
        unit=Unit.CENTS,
        told="consumed {product} two months earlier",
    ),
    _consumption(
        "own_consumption_cents",
        "Consumed of the product in the months begun in a year.",
        last(365),
        "sum(amount_cents)",
        unit=Unit.CENTS,
        told="consumed {product} over the year",
    ),
    _consumption(
        "own_workloads",
        "Workloads of the product consumed in the months begun in 93 days.",
        last(93),
        "count(DISTINCT workload)",
        unit=Unit.COUNT,
        told="{value} {product} workloads in use",
    ),
    _consumption(
        "other_consumption_cents",
        "Consumed of other products in the months begun in 93 days.",
        last(93),
        "sum(amount_cents)",
        unit=Unit.CENTS,
        told="consumes other metered products",
        of=Of.OTHER,
    ),
)

DERIVED = (
    Derived(
        name="own_consumption_growth",
        meaning="Consumption of the product in the last two known months over the two before.",
        expression="own_consumption_cents_62d / nullif(own_consumption_cents_62_124d, 0)",
        inputs=("own_consumption_cents_62d", "own_consumption_cents_62_124d"),
        family="consumption",
        side=Side.INTENT,
        told="consumption of {product} is {value} times that of two months earlier",
        untold="no earlier consumption of {product} to compare with",
    ),
)
