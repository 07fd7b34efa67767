"""The form of a feature: what it means, which rows it sees, what it is worth where there are none."""

from dataclasses import dataclass
from enum import StrEnum

from features.periods import Window
from features.sources.schema import Table


class Side(StrEnum):
    """What a feature is about: who the customer is, what it does now, or a fact that only reports read."""

    FIT = "fit"
    INTENT = "intent"
    FACT = "fact"


class Of(StrEnum):
    """Whose rows a feature sees.

    All rows; those about the product, about anything else, or about its rivals; or, one value for each
    product of the catalogue, those about that one (never told to the model of that very product).
    """

    ALL = "all"
    OWN = "own"
    OTHER = "other"
    RIVAL = "rival"
    EACH = "each"


class Unit(StrEnum):
    """How a value is told."""

    COUNT = "count"
    CENTS = "US cents"
    DAYS = "days"
    SHARE = "share"
    NUMBER = "number"
    FLAG = "yes or no"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One aggregate over the known rows of a table in a window, one value a customer (and product).

    `expression` is one SQL aggregate over the columns of `table`; `where` narrows its rows by their values.
    Both are handed known rows of the window only and may call `days_since(column)`. `absent` is the value of
    a customer without rows; None is unknown. `told` is the reason as a seller reads it, with `{value}`,
    `{product}` and the names of other features of the same customer in braces; `untold` replaces it where the
    value is unknown. `monotone` says that more of it can only raise (+1) or lower (-1) a score.
    """

    name: str
    meaning: str
    table: Table
    window: Window
    expression: str
    family: str
    side: Side
    told: str
    untold: str = ""
    of: Of = Of.ALL
    where: str = "TRUE"
    absent: float | None = None
    unit: Unit = Unit.COUNT
    monotone: int = 0

    @property
    def is_text(self) -> bool:
        """Tell whether the value is a category rather than a number."""
        return self.unit is Unit.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value computed from earlier features of the same customer and product, by SQL over their names."""

    name: str
    meaning: str
    expression: str
    inputs: tuple[str, ...]
    family: str
    side: Side
    told: str
    untold: str = ""
    unit: Unit = Unit.NUMBER
    monotone: int = 0

    @property
    def is_text(self) -> bool:
        """Tell whether the value is a category; a derived value never is."""
        return False


def column_name(name: str, prefix: str | None) -> str:
    """Return the column a feature is compiled to: its own name, and the product's prefix where it has one."""
    return name if prefix is None else f"{name}__{prefix}"
