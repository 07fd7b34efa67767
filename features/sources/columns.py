"""Columns that several tables share, and short forms of declaring the others."""

from features.sources.schema import Column, Kind

ACCOUNT_ID = Column(
    name="account_id", kind=Kind.TEXT, meaning="The customer's id; joins every table.", refers_to="accounts"
)
PARTNER_ID = Column(
    name="partner_id",
    kind=Kind.TEXT,
    meaning="The partner location of the row.",
    optional=True,
    refers_to="partners",
)
KNOWN_ON = Column(name="known_on", kind=Kind.DATE, meaning="Day from which on the row was known.")


def text(name: str, meaning: str, *, optional: bool = True, allowed: tuple[str, ...] = ()) -> Column:
    """Declare a text column."""
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, optional=optional, allowed=allowed)


def date(name: str, meaning: str, *, optional: bool = False, past: bool = False) -> Column:
    """Declare a date column; `past` ones cannot be after the row was known."""
    return Column(name=name, kind=Kind.DATE, meaning=meaning, optional=optional, past=past)


def instant(name: str, meaning: str, *, optional: bool = False, past: bool = False) -> Column:
    """Declare a column of instants in UTC; `past` ones cannot be after the row was known."""
    return Column(name=name, kind=Kind.INSTANT, meaning=meaning, optional=optional, past=past)


def cents(name: str, meaning: str, *, low: float | None = None) -> Column:
    """Declare a column of integer US cents."""
    return Column(name=name, kind=Kind.INTEGER, meaning=f"{meaning}, US cents.", low=low)


def whole(name: str, meaning: str, *, optional: bool = False) -> Column:
    """Declare a column of whole numbers from 0 on."""
    return Column(name=name, kind=Kind.INTEGER, meaning=meaning, optional=optional, low=0)


def flag(name: str, meaning: str, *, optional: bool = False) -> Column:
    """Declare a column of yes or no."""
    return Column(name=name, kind=Kind.FLAG, meaning=meaning, optional=optional)
