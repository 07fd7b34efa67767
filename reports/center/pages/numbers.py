"""Numbers, money and dates as a reader of a language expects them; on pages only, never in files."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from reports.field import Field, Form

NOTHING = "\N{EN DASH}"
"""What stands where a value is unknown."""
Numeric = int | float | Decimal | str | None
Day = date | datetime | str | None


@dataclass(frozen=True, slots=True)
class Formats:
    """How values are written for a language; what cannot be read as its kind is shown as it is."""

    language: str

    def number(self, value: Numeric, digits: int = 0) -> str:
        """Write a number with grouping and a fixed number of decimals."""
        known = _decimal(value)
        if known is None:
            return _told(value)
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
        return format_decimal(known, pattern, locale=self.language)

    def money(self, value: Numeric, currency: str = "USD", digits: int = 0) -> str:
        """Write an amount with its currency, in whole units unless `digits` says otherwise."""
        known = _decimal(value)
        if known is None:
            return _told(value)
        pattern = Locale.parse(self.language).currency_formats["standard"].pattern
        pattern = pattern.replace("0.00", "0" + (f".{'0' * digits}" if digits else ""))
        return format_currency(known, currency, pattern, locale=self.language, currency_digits=False)

    def compact_money(self, value: Numeric, currency: str = "USD") -> str:
        """Write an amount in thousands or millions, for headlines."""
        known = _decimal(value)
        if known is None:
            return _told(value)
        digits = 1 if abs(known) >= 1000 else 0
        return format_compact_currency(known, currency, locale=self.language, fraction_digits=digits)

    def percent(self, value: Numeric, digits: int = 0) -> str:
        """Write a share of one as a percentage."""
        known = _decimal(value)
        if known is None:
            return _told(value)
        pattern = Locale.parse(self.language).percent_formats[None].pattern
        if digits:
            pattern = pattern.replace("##0", f"##0.{'0' * digits}")
        return format_percent(known, pattern, locale=self.language)

    def date(self, value: Day) -> str:
        """Write a day, such as 25 Oct 2026."""
        known = _day(value)
        return _told(value) if known is None else format_date(known, "medium", locale=self.language)

    def month(self, value: str) -> str:
        """Write a month such as `2026-10` in words."""
        return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=self.language)

    def instant(self, value: datetime | None) -> str:
        """Write an instant in UTC, and say so."""
        if value is None:
            return NOTHING
        return f"{self.date(value)}, {value.astimezone(UTC):%H:%M} UTC"

    def cell(self, field: Field, value: str | None) -> str:
        """Write a published cell by the form of its column."""
        match field.form:
            case Form.MONEY:
                return self.money(value, digits=2)
            case Form.INTEGER:
                return self.number(value)
            case Form.HUNDREDTHS:
                return self.number(value, 2)
            case Form.PROBABILITY:
                return self.percent(value, 1)
            case Form.DATE:
                return self.date(value)
            case _:
                return _told(value)


def _decimal(value: Numeric) -> Decimal | None:
    """Read a number; None where there is none to read."""
    if value is None or value == "":
        return None
    try:
        known = Decimal(str(value))
    except InvalidOperation:
        return None
    return known if known.is_finite() else None


def _day(value: Day) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


def _told(value: object) -> str:
    return NOTHING if value is None or value == "" else str(value)
