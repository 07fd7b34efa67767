"""The numbers that the vendors' pages leave open, as the licence contract reads them; and its arithmetic."""

from dataclasses import dataclass, field

from features.calling import PoorAbove


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds of statuses and sets; days are UTC date differences, percents are 0 to 100."""

    soon_days: int = 90
    """Recently added, expiring, renewing: 0 to so many days, both included."""
    expires_soon_days: int = 7
    no_activity_days: int = 90
    least_peers: int = 8
    low_assignment_percent: int = 80
    low_adoption_percent: int = 40
    how_to_days: int = 90
    how_to_per_100: int = 5
    poor_above: PoorAbove = field(default_factory=PoorAbove)


def hundredths(numerator: str, denominator: str, *, times: int = 1) -> str:
    """SQL: `times` x numerator / denominator in hundredths, half up, exact; null where it divides by zero."""
    return (
        f"CASE WHEN {denominator} > 0 THEN"
        f" ({numerator} * {200 * times} + {denominator}) // (2 * {denominator}) END"
    )


def percent(numerator: str, denominator: str) -> str:
    """SQL: a percentage in hundredths of a percent: never clamped, null on a zero denominator."""
    return hundredths(numerator, denominator, times=100)


AS_OF = "getvariable('as_of')"
LAST_WEEK = "getvariable('last_week')"
"""SQL: the Sunday on which the last completed week began."""
PREVIOUS_WEEK = f"({LAST_WEEK} - 7)"
PROCESSED = f"CAST({AS_OF} AS TIMESTAMP)"


def over(high: str, low: str) -> str:
    """SQL: by how much one is above the other, else 0; null where either is unknown."""
    return f"CASE WHEN {high} > {low} THEN {high} - {low} WHEN {high} <= {low} THEN 0 END"


def decimal(value: str) -> str:
    """SQL: hundredths as text with two decimals."""
    return f"CAST(CAST({value} AS DECIMAL(18, 0)) * 0.01 AS VARCHAR)"
