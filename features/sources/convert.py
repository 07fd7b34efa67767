"""From a column as it was found to its declared kind, without loss: SQL that is null where that fails."""

import re

from features.sources.files import Found, Raw, literal, quoted
from features.sources.schema import Column, Kind

DOLLARS = "dollars"
WHOLE = r"[+-]?\d+(\.0*)?"
DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(?i:nan|inf|infinity)"
DAY = r"\d{4}-\d{2}-\d{2}([ T]00:00(:00(\.0+)?)?Z?)?"
MOMENT = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?"

_WHOLE_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_NUMBER_TYPES = re.compile(r"FLOAT|REAL|DOUBLE|DECIMAL.*")


def converted(raw: Raw, found: Found, column: Column) -> str | None:
    """SQL: the value of the declared kind, null where it is empty or cannot be one; None for another family.

    Numbers and days may be written as text in an origin without types of its own. Numbers without a
    fraction are integers whatever their type, integers are ids, days are their midnight and the reverse.
    """
    value = quoted(found.name)
    family = _family(found.type)
    if found.written:
        return _from_written(found, family, column.kind)
    if family is Kind.TEXT:
        if column.kind is not Kind.TEXT and raw.typed and not found.constant:
            return None
        return _from_text(f"CAST({value} AS VARCHAR)", column.kind)
    if family is column.kind and family in (Kind.DATE, Kind.FLAG):
        return value
    return _from_typed(value, found.type, family, column.kind)


def as_text(found: Found) -> str:
    """SQL: the value as it was written; null where it is empty."""
    return f"nullif(CAST({quoted(found.name)} AS VARCHAR), '')"


def _family(type_: str) -> Kind | None:
    if type_ in ("VARCHAR", "UUID", '"NULL"') or type_.startswith("ENUM"):
        return Kind.TEXT
    if _WHOLE_TYPES.fullmatch(type_):
        return Kind.INTEGER
    if _NUMBER_TYPES.fullmatch(type_):
        return Kind.NUMBER
    if type_.startswith("TIMESTAMP"):
        return Kind.INSTANT
    return {"DATE": Kind.DATE, "BOOLEAN": Kind.FLAG}.get(type_)


def _from_text(text: str, kind: Kind) -> str:
    if kind is Kind.TEXT:
        return f"nullif({text}, '')"
    text = f"trim({text})"
    spelled = {Kind.INTEGER: WHOLE, Kind.NUMBER: DECIMAL, Kind.DATE: DAY, Kind.INSTANT: MOMENT}
    match kind:
        case Kind.FLAG:
            return f"CASE WHEN lower({text}) IN ('true', 'false') THEN CAST({text} AS BOOLEAN) END"
        case Kind.DATE:
            value = f"TRY_CAST(left({text}, 10) AS DATE)"
        case Kind.INSTANT:
            # A cast straight to TIMESTAMP drops the offset; without one the session's UTC holds.
            value = f"CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP)"
        case _:
            value = f"TRY_CAST({text} AS {kind})"
    return f"CASE WHEN regexp_full_match({text}, '{spelled[kind]}') THEN {value} END"


def _from_written(found: Found, family: Kind | None, kind: Kind) -> str | None:
    value = quoted(found.name)
    if found.written != DOLLARS:
        if family is not Kind.TEXT:
            return _from_typed(value, found.type, family, kind)
        return f"CAST(try_strptime(trim(CAST({value} AS VARCHAR)), {literal(found.written)}) AS {kind})"
    if family in (Kind.TEXT, Kind.INTEGER, Kind.NUMBER):
        return f"TRY_CAST(round({exact_cents(value)}) AS BIGINT)"
    return None


def exact_cents(value: str) -> str:
    """SQL: an amount in dollars as cents with their fraction; `$1,234.50` is a spelling of it."""
    plain = f"regexp_replace(trim(CAST({value} AS VARCHAR)), '^([+-]?)\\$|,', '\\1', 'g')"
    return f"(TRY_CAST({plain} AS DECIMAL(28, 8)) * 100)"


def _from_typed(value: str, type_: str, family: Kind | None, kind: Kind) -> str | None:
    if family is Kind.INSTANT and ("TZ" in type_ or "TIME ZONE" in type_):
        value = f"CAST(CAST({value} AS TIMESTAMPTZ) AS TIMESTAMP)"
    match family, kind:
        case Kind.INTEGER, Kind.TEXT:
            return f"CAST({value} AS VARCHAR)"
        case (Kind.INTEGER, Kind.INTEGER) | (Kind.INTEGER | Kind.NUMBER, Kind.NUMBER):
            return f"TRY_CAST({value} AS {kind})"
        case Kind.NUMBER, Kind.INTEGER:
            return f"CASE WHEN {value} = trunc({value}) THEN TRY_CAST({value} AS BIGINT) END"
        case Kind.DATE | Kind.INSTANT, Kind.INSTANT:
            return f"CAST({value} AS TIMESTAMP)"
        case Kind.INSTANT, Kind.DATE:
            return f"CASE WHEN {value} = date_trunc('day', {value}) THEN CAST({value} AS DATE) END"
        case _:
            return None
