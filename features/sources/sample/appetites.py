"""What makes customers buy each product in the sample world: one declared row a product."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from features.products import PRODUCTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Appetite:
    """Who buys a product and how often; effects are on the logarithm of the rate of purchase.

    `rate` is the share of listed customers in scope that buy within 90 days. The firmographic effects are
    scaled together so that their standard deviation over the market is `spread`. `size` is per doubling of
    employees, `bend` is added to it above 2 ** `bend_at` times 25 employees. `rival` is the effect of a rival
    technology, `owner` that of owning the product itself, `others` that of owning other products.
    """

    prefix: str
    rate: float
    owners: float
    """Share of owners when the world begins."""
    rivals: float
    """Share of customers with a rival technology when the world begins."""
    spread: float
    size: float
    bend: float = 0.0
    bend_at: float = 2.0
    industries: Mapping[str, float]
    areas: Mapping[str, float] = field(default_factory=dict)
    programmes: Mapping[str, float] = field(default_factory=dict)
    nonprofit: float = 0.0
    rival: float = 0.0
    owner: float = 0.0
    others: Mapping[str, float] = field(default_factory=dict)
    use: float = 0.0
    """That of using what it owns of Microsoft 365: all of it, against none of it."""
    talk: float = 1.0
    """How much customers show of their interest, against the average product."""


APPETITES = (
    Appetite(
        prefix="Azure",
        rate=0.053,
        owners=0.28,
        rivals=0.25,
        spread=0.82,
        size=0.28,
        bend=-0.10,
        bend_at=3.0,
        industries={"Technology": 1.4, "Financial Services": 0.9, "Hospitality": -0.8, "Construction": -0.6},
        areas={"Latin America": -0.4},
        programmes={"EA": 0.4, "EA Subscription": 0.4},
        rival=-0.6,
        owner=0.25,
        others={"M365": 0.35, "Security": 0.25},
        talk=1.1,
    ),
    Appetite(
        prefix="M365",
        rate=0.086,
        owners=0.42,
        rivals=0.25,
        spread=0.82,
        size=0.30,
        bend=-0.40,
        bend_at=2.0,
        industries={"Professional Services": 1.1, "Education": 1.0, "Hospitality": -0.8},
        areas={"UK": 0.4},
        nonprofit=0.5,
        rival=-0.8,
        owner=0.30,
        others={"Surface": 0.2, "Azure": 0.2},
        use=1.2,
        talk=1.1,
    ),
    Appetite(
        prefix="Security",
        rate=0.046,
        owners=0.18,
        rivals=0.25,
        spread=0.78,
        size=0.35,
        bend=-0.15,
        bend_at=3.0,
        industries={"Financial Services": 1.4, "Health": 1.1, "Hospitality": -0.6},
        areas={"Western Europe": 0.4},
        rival=-0.5,
        owner=0.10,
        others={"M365": 0.75, "Azure": 0.25},
        use=1.0,
    ),
    Appetite(
        prefix="Surface",
        rate=0.037,
        owners=0.18,
        rivals=0.35,
        spread=0.75,
        size=0.20,
        bend=-0.35,
        bend_at=1.0,
        industries={"Education": 1.4, "Professional Services": 0.9, "Manufacturing": -0.7},
        areas={"United States": 0.3},
        nonprofit=0.5,
        rival=-0.5,
        owner=0.15,
        others={"M365": 0.5},
    ),
    Appetite(
        prefix="D365BC",
        rate=0.024,
        owners=0.10,
        rivals=0.30,
        spread=0.82,
        size=0.65,
        bend=-0.60,
        bend_at=1.5,
        industries={"Manufacturing": 1.3, "Retail": 0.8, "Education": -0.7},
        areas={"Western Europe": 0.4},
        rival=0.5,
        owner=0.20,
        others={"M365": 0.45, "D365SP": 0.3},
        talk=1.2,
    ),
    Appetite(
        prefix="D365SP",
        rate=0.023,
        owners=0.10,
        rivals=0.30,
        spread=0.80,
        size=0.30,
        bend=-0.30,
        bend_at=2.5,
        industries={"Professional Services": 1.0, "Financial Services": 1.2, "Health": -0.6},
        areas={"United States": 0.4},
        rival=0.45,
        owner=0.20,
        others={"M365": 0.4, "D365BC": 0.5},
        talk=1.2,
    ),
    Appetite(
        prefix="PowerApps",
        rate=0.028,
        owners=0.08,
        rivals=0.40,
        spread=0.80,
        size=0.40,
        bend=-0.15,
        bend_at=3.0,
        industries={"Technology": 1.1, "Manufacturing": 0.8, "Hospitality": -0.7},
        areas={"Asia Pacific": 0.4},
        rival=0.6,
        owner=0.25,
        others={"M365": 0.5, "Azure": 0.3, "D365SP": 0.4},
        use=1.0,
        talk=1.2,
    ),
)

PREFIXES = tuple(product.prefix for product in PRODUCTS)
"""The products in the order of the world's arrays."""
