"""What the customer runs: other technologies say who it is, changes in them what it does now."""

from features.feature import Feature, Of, Side, Unit
from features.periods import EVER, NOW, Window, last
from features.sources.tables import TECHNOLOGIES


def _count(name: str, meaning: str, window: Window, of: Of, side: Side, told: str) -> Feature:
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=TECHNOLOGIES,
        window=window,
        expression="count(*)",
        family="technology" if side is Side.FIT else "technology changes",
        side=side,
        of=of,
        absent=0,
        told=told,
    )


def _days(name: str, meaning: str, of: Of, side: Side, *, column: str, told: str, untold: str) -> Feature:
    return Feature(
        name=name,
        meaning=meaning,
        table=TECHNOLOGIES,
        window=EVER,
        expression=f"min(days_since({column}))",
        family="technology" if side is Side.FIT else "technology changes",
        side=side,
        of=of,
        unit=Unit.DAYS,
        told=told,
        untold=untold,
    )


FEATURES = (
    _count(
        "other_technologies",
        "Technologies in use, without the product's own.",
        NOW,
        Of.OTHER,
        Side.FIT,
        "{value} other technologies in use",
    ),
    _count(
        "rival_technologies",
        "Rival technologies of the product in use.",
        NOW,
        Of.RIVAL,
        Side.FIT,
        "{value} technologies in use competing with {product}",
    ),
    Feature(
        name="other_vendors_now",
        meaning="Vendors whose technologies are in use, without the product's own.",
        table=TECHNOLOGIES,
        window=NOW,
        expression="count(DISTINCT vendor)",
        family="technology",
        side=Side.FIT,
        of=Of.OTHER,
        absent=0,
        told="technologies of {value} other vendors in use",
    ),
    Feature(
        name="other_categories_now",
        meaning="Categories of technology in use, without the product's own.",
        table=TECHNOLOGIES,
        window=NOW,
        expression="count(DISTINCT category)",
        family="technology",
        side=Side.FIT,
        of=Of.OTHER,
        absent=0,
        told="{value} kinds of other technology in use",
    ),
    _count(
        "technology",
        "Whether a product's technology is in use.",
        NOW,
        Of.EACH,
        Side.FIT,
        "uses {each}",
    ),
    _count(
        "own_technologies",
        "The product's technologies in use.",
        NOW,
        Of.OWN,
        Side.INTENT,
        "{value} {product} technologies in use",
    ),
    _count(
        "rival_technologies_adopted",
        "Rival technologies first seen in half a year.",
        last(180),
        Of.RIVAL,
        Side.INTENT,
        "{value} competing technologies adopted in half a year",
    ),
    _count(
        "other_technologies_adopted",
        "Other technologies first seen in half a year.",
        last(180),
        Of.OTHER,
        Side.INTENT,
        "{value} other technologies adopted in half a year",
    ),
    _days(
        "own_technology_seen_days",
        "Days since a technology of the product was first seen.",
        Of.OWN,
        Side.INTENT,
        column="seen_on",
        told="{product} technology first seen {value} ago",
        untold="{product} technology never seen",
    ),
    _days(
        "rival_technology_gone_days",
        "Days since a rival technology was gone.",
        Of.RIVAL,
        Side.INTENT,
        column="gone_on",
        told="a competing technology was retired {value} ago",
        untold="no competing technology retired",
    ),
    _days(
        "rival_technology_seen_days",
        "Days since a rival technology was first seen.",
        Of.RIVAL,
        Side.FIT,
        column="seen_on",
        told="a competing technology was first seen {value} ago",
        untold="no competing technology seen",
    ),
)
