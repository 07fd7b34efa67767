"""What the customer has signed, and what ends soon."""

from features.feature import Feature, Of, Side, Unit
from features.periods import EVER, NOW, Window
from features.sources.tables import AGREEMENTS


def _agreements(
    name: str,
    meaning: str,
    window: Window,
    expression: str,
    *,
    of: Of,
    side: Side,
    unit: Unit = Unit.COUNT,
    where: str = "TRUE",
    told: str,
    untold: str = "",
) -> Feature:
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=AGREEMENTS,
        window=window,
        expression=expression,
        family="agreements" if side is Side.FIT else "renewals",
        side=side,
        of=of,
        where=where,
        absent=None if unit is Unit.DAYS else 0,
        unit=unit,
        told=told,
        untold=untold,
    )


EA = "license_program IN ('EA', 'EA Subscription')"
OPEN = "license_program IN ('Open', 'Open Value')"
LOST = "outcome = 'lost'"

FEATURES = (
    _agreements(
        "other_agreements",
        "Agreements about other products in force.",
        NOW,
        "count(*)",
        of=Of.OTHER,
        side=Side.FIT,
        told="{value} agreements about other products in force",
    ),
    _agreements(
        "other_enterprise_agreements",
        "Enterprise agreements about other products in force.",
        NOW,
        "count(*)",
        of=Of.OTHER,
        side=Side.FIT,
        where=EA,
        told="{value} enterprise agreements about other products in force",
    ),
    _agreements(
        "other_open_agreements",
        "Open agreements about other products in force.",
        NOW,
        "count(*)",
        of=Of.OTHER,
        side=Side.FIT,
        where=OPEN,
        told="{value} Open agreements about other products in force",
    ),
    _agreements(
        "other_expiring_cents",
        "Revenue under agreements about other products in force.",
        NOW,
        "sum(expiring_revenue_cents)",
        of=Of.OTHER,
        side=Side.FIT,
        unit=Unit.CENTS,
        told="agreements about other products in force",
    ),
    _agreements(
        "other_agreements",
        "Agreements about other products ever.",
        EVER,
        "count(*)",
        of=Of.OTHER,
        side=Side.FIT,
        told="has signed agreements about other products",
    ),
    _agreements(
        "other_agreements_lost",
        "Agreements about other products not renewed.",
        EVER,
        "count(*)",
        of=Of.OTHER,
        side=Side.FIT,
        where=LOST,
        told="{value} agreements about other products not renewed",
    ),
    _agreements(
        "own_agreements",
        "Agreements about the product in force.",
        NOW,
        "count(*)",
        of=Of.OWN,
        side=Side.INTENT,
        told="{value} agreements about {product} in force",
    ),
    _agreements(
        "own_days_to_end",
        "Days until the next agreement about the product ends.",
        NOW,
        "-max(days_since(ends_on))",
        of=Of.OWN,
        side=Side.INTENT,
        unit=Unit.DAYS,
        told="an agreement about {product} ends in {value}",
        untold="no agreement about {product} in force",
    ),
    _agreements(
        "own_expiring_cents",
        "Revenue under agreements about the product in force.",
        NOW,
        "sum(expiring_revenue_cents)",
        of=Of.OWN,
        side=Side.INTENT,
        unit=Unit.CENTS,
        told="an agreement about {product} in force",
    ),
    _agreements(
        "own_agreements_lost",
        "Agreements about the product not renewed.",
        EVER,
        "count(*)",
        of=Of.OWN,
        side=Side.INTENT,
        where=LOST,
        told="{value} agreements about {product} not renewed",
    ),
    _agreements(
        "days_to_end",
        "Days until the next agreement of any kind ends.",
        NOW,
        "-max(days_since(ends_on))",
        of=Of.ALL,
        side=Side.INTENT,
        unit=Unit.DAYS,
        told="an agreement ends in {value}",
        untold="no agreement in force",
    ),
)
