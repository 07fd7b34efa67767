"""The declared aggregates, reckoned row by row in plain Python: written apart from the compiler.

An expression or a condition in a form that is not written here raises `NotImplementedError`.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from features.feature import Feature, Of
from features.products import Product
from features.sources.schema import Table

Rows = Sequence[Mapping[str, Any]]
Condition = Callable[[Mapping[str, Any]], bool]
LAST_DAYS = {"agreements"}
"""Tables whose end is the last day of the row; elsewhere it is the first day without it."""


def known(table: Table, rows: Rows, as_of: date) -> Rows:
    """Return the rows known and happened before the as-of instant, of several versions the last known."""
    seen = [row for row in rows if instant(row[known_column(table)]) < instant(as_of)]
    if table.version_of:
        latest: dict[object, Mapping[str, Any]] = {}
        for row in sorted(seen, key=lambda row: instant(row[str(table.known)])):
            latest[tuple(row[column] for column in table.version_of)] = row
        seen = list(latest.values())
    return [row for row in seen if table.happened is None or instant(row[table.happened]) < instant(as_of)]


def known_column(table: Table) -> str:
    """Return the column of the instant from which on a row is known; licence tables have no lag."""
    return str(table.known or table.happened)


def held(rows: Rows, subscriptions: Rows, as_of: date) -> Rows:
    """Return the rows about subscriptions in force that are no trials, each with its customer."""
    customers = {row["subscription_id"]: row["account_id"] for row in subscriptions if _runs(row, as_of)}
    return [
        {**row, "account_id": customers[row["subscription_id"]]}
        for row in rows
        if row["subscription_id"] in customers
    ]


def balances(quantities: Rows, assignments: Rows, as_of: date) -> Rows:
    """Return what was bought and who had it just before the as-of instant, a row a holding of known units."""
    found = []
    for key in sorted({_holding(row) for row in quantities}):
        units = [row for row in quantities if _holding(row) == key and _lasts(row["valid_to"], as_of)]
        newest = max(units, key=lambda row: instant(row["valid_from"]), default=None)
        users = {
            row["user_key"] or row["assignment_id"]
            for row in assignments
            if _holding(row) == key and _lasts(row["unassigned_at"], as_of)
        }
        total = 0 if newest is None else newest["total_units"]
        found.append({"subscription_id": key[0], "total_units": total, "assigned_units": len(users)})
    return found


def _holding(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["subscription_id"], row["product_id"]


def _lasts(end: datetime | None, as_of: date) -> bool:
    return end is None or end >= instant(as_of)


def _runs(row: Mapping[str, Any], as_of: date) -> bool:
    if row["status"] != "active" or row["trial"] or row["added_on"] > as_of:
        return False
    end = row["ends_on"]
    return end is None or (end >= row["started_on"] and (end >= as_of or bool(row["auto_renew"])))


def attributed(rows: Rows, accounts: Rows) -> Rows:
    """Return the rows with the customer of their domain, where it is the only one with it."""
    owners: dict[str, list[str]] = {}
    for account in accounts:
        owners.setdefault(account["domain"], []).append(account["account_id"])
    filled = []
    for row in rows:
        of_domain = owners.get(row["domain"], []) if row["domain"] is not None else []
        alone = of_domain[0] if len(of_domain) == 1 else None
        filled.append({**row, "account_id": row["account_id"] or alone})
    return filled


def value(feature: Feature, product: Product | None, rows: Rows, as_of: date) -> float | str | None:
    """Return a feature of one customer from its known rows."""
    meets = _condition(feature.where)
    there = [row for row in rows if _in_window(feature, row, as_of)]
    seen = [row for row in there if _about(feature, product, row) and meets(row)]
    found = _aggregate(feature.expression, seen, as_of)
    return feature.absent if found is None or not there else found


def instant(when: date | datetime) -> datetime:
    """Return the instant at which a day begins."""
    return when if isinstance(when, datetime) else datetime.combine(when, time())


def _in_window(feature: Feature, row: Mapping[str, Any], as_of: date) -> bool:
    table, window = feature.table, feature.window
    if table.happened is None:
        return True
    happened = instant(row[table.happened])
    if window.first is not None and happened < instant(as_of - timedelta(window.first)):
        return False
    if happened >= instant(as_of - timedelta(window.last)):
        return False
    end = row[table.ends] if window.current and table.ends else None
    if end is None:
        return True
    return instant(end) >= instant(as_of) if table.name in LAST_DAYS else instant(end) > instant(as_of)


def _about(feature: Feature, product: Product | None, row: Mapping[str, Any]) -> bool:
    if product is None:
        return True
    of, table = feature.of, feature.table
    told = row[str(table.own_by)]
    if of is Of.RIVAL:
        return told in (product.rival_topics if table.name == "signals" else product.rival_technologies)
    own = {
        "transactions": product.sold_as,
        "opportunities": product.sold_as,
        "signals": product.topics,
        "technologies": product.technologies,
        "agreements": product.divisions,
        "azure_consumption": product.workloads,
    }[table.name]
    return (told in own) is not (of is Of.OTHER)


def _condition(where: str) -> Condition:
    """Read a condition of comparisons joined by AND; as in SQL, none holds with nothing on its left side."""
    parts = [_comparison(part) for part in where.split(" AND ")]
    return lambda row: all(part(row) for part in parts)


def _comparison(text: str) -> Condition:
    if text == "TRUE":
        return bool  # any row holds: it has columns
    if flagged := re.fullmatch(r"(NOT )?(trial|auto_renew)", text):
        return lambda row: row[flagged[2]] is (flagged[1] is None)
    if more := re.fullmatch(r"(\w+) > (\d+)", text):
        return lambda row: row[more[1]] is not None and row[more[1]] > int(more[2])
    compared = re.fullmatch(r"(\w+) (=|<>|IN|NOT IN) \(?((?:'[^']*'(?:, )?)+)\)?", text)
    if compared is None:
        raise NotImplementedError(text)
    column, among = compared[1], re.findall(r"'([^']*)'", compared[3])
    meant = compared[2] in ("=", "IN")
    return lambda row: row[column] is not None and (row[column] in among) is meant


def _aggregate(expression: str, rows: Rows, as_of: date) -> float | str | None:
    for form, reckon in FORMS.items():
        if match := re.fullmatch(form, expression):
            return reckon(match, rows, as_of)
    raise NotImplementedError(expression)


def _days(when: date | datetime, as_of: date) -> int:
    return (instant(as_of) - instant(instant(when).date())).days


def _ages(column: str, rows: Rows, as_of: date) -> list[int]:
    return [_days(row[column], as_of) for row in rows if row[column] is not None]


def _total(parts: Sequence[int]) -> int | None:
    return sum(parts) if parts else None


def _count(_: re.Match[str], rows: Rows, __: date) -> int:
    return len(rows)


def _distinct(match: re.Match[str], rows: Rows, _: date) -> int:
    return len({row[match[1]] for row in rows} - {None})


def _pairs(_: re.Match[str], rows: Rows, __: date) -> int:
    return len({(row["product_id"], row["user_key"]) for row in rows})


def _to_come(column: str, rows: Rows, as_of: date) -> list[int]:
    return [-age for age in _ages(column, rows, as_of) if age <= 0]


def _count_to_come(match: re.Match[str], rows: Rows, as_of: date) -> int:
    return len(_to_come(match[1], rows, as_of))


def _next(match: re.Match[str], rows: Rows, as_of: date) -> int | None:
    return min(_to_come(match[1], rows, as_of), default=None)


def _sum(match: re.Match[str], rows: Rows, _: date) -> int | None:
    return _total([row[match[1]] for row in rows if row[match[1]] is not None])


def _beyond(match: re.Match[str], rows: Rows, _: date) -> int | None:
    return _total([max(0, row[match[1]] - row[match[2]]) for row in rows])


def _net_units(_: re.Match[str], rows: Rows, __: date) -> int | None:
    units = {"renew": 0, "return": -1}
    return _total(
        [
            units[row["kind"]] * abs(row["quantity"]) if row["kind"] in units else row["quantity"]
            for row in rows
        ]
    )


def _decayed(match: re.Match[str], rows: Rows, as_of: date) -> int | None:
    halves = float(match[1])
    ages = [(_days(row["happened_at"], as_of), row["strength"]) for row in rows]
    return _total([math.floor(1000 * strength * 2.0 ** (-age / halves) + 0.5) for age, strength in ages])


def _extreme(match: re.Match[str], rows: Rows, as_of: date) -> int | None:
    ages = _ages(match[3], rows, as_of)
    pick = min if match[2] == "min" else max
    return (-pick(ages) if match[1] else pick(ages)) if ages else None


def _span(match: re.Match[str], rows: Rows, as_of: date) -> int | None:
    ages = _ages(match[1], rows, as_of)
    return max(ages) - min(ages) if ages else None


def _only(match: re.Match[str], rows: Rows, _: date) -> str | float | None:
    found: list[str | float] = [row[match[1]] for row in rows if row[match[1]] is not None]
    assert len(found) <= 1, "one version a customer"
    return found[0] if found else None


def _is_known(match: re.Match[str], rows: Rows, _: date) -> int | None:
    return int(rows[0][match[1]] is not None) if rows else None


FORMS: Mapping[str, Callable[[re.Match[str], Rows, date], float | str | None]] = {
    r"count\(\*\)": _count,
    r"count\(DISTINCT (\w+)\)": _distinct,
    r"count\(DISTINCT product_id \|\| ' ' \|\| user_key\)": _pairs,
    r"count\(CASE WHEN days_since\((\w+)\) <= 0 THEN 1 END\)": _count_to_come,
    r"min\(CASE WHEN days_since\((\w+)\) <= 0 THEN -days_since\(\1\) END\)": _next,
    r"sum\((\w+)\)": _sum,
    r"sum\(greatest\((\w+) - (\w+), 0\)\)": _beyond,
    r"(-?)(min|max)\(days_since\((\w+)\)\)": _extreme,
    r"max\(days_since\((\w+)\)\) - min\(days_since\(\1\)\)": _span,
    r"any_value\((\w+)\)": _only,
    r"any_value\(CAST\((\w+) IS NOT NULL AS INTEGER\)\)": _is_known,
    r"sum\(CASE kind WHEN .* ELSE quantity END\)": _net_units,
    r"sum\(CAST\(round\(1000 \* strength \* power\(2, -days_since\(\w+\) / (\d+)\.0\)\) .*": _decayed,
}
