"""A list of calls: the customers of a territory that are worth most, and what the list will bring."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reports.center.customers.listing import IDENTITY
from reports.center.customers.propensities import SAID
from reports.center.customers.source import Source
from reports.center.customers.wins import Wins, wins, wins_at_random
from reports.center.products import Scored, scored_products
from reports.center.query import Condition, Operator, Order, Query
from reports.center.select import Selection
from reports.center.summarize import summarize

TERRITORIES = ("Area", "Country", "SalesTerritory")
"""Columns by which a territory is chosen, from the largest level."""
MOST_CALLS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which calls are to be made: of a product, how many, where; an empty text is no condition."""

    product: str
    """The prefix of the product."""
    calls: int = 50
    area: str = ""
    country: str = ""
    territory: str = ""
    cluster: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brings:
    """What a list brings: wins, and the sum of expected revenue where the scope shows it."""

    wins: Wins
    revenue: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A list of calls, best first, what it brings, and what a random list of its size would bring."""

    query: Query
    product: Scored
    calls: int
    candidates: int
    list: Brings
    at_random: Brings


def find_product(source: Source, prefix: str) -> Scored | None:
    """Return a product that is scored in the scope; None where there is none of that prefix."""
    return next((one for one in scored_products(source.scope) if one.prefix == prefix), None)


def territories(source: Source, product: Scored) -> Mapping[str, tuple[str, ...]]:
    """Return the territories of the product's customers, sorted, by the column that tells them."""
    everybody = source.ask(Query(dataset=product.dataset.name, columns=TERRITORIES, distinct=True))
    told = ", ".join(f"list_sort(list(DISTINCT {column})) AS {column}" for column in TERRITORIES)
    found = summarize({"everybody": everybody}, f"SELECT {told} FROM everybody")[0]
    return {column: tuple(one for one in found[column] or () if one) for column in TERRITORIES}


def plan(source: Source, product: Scored, aim: Aim) -> Plan:
    """Return the calls that are worth most, and what they bring.

    They are ordered by expected revenue where the scope shows it, by probability elsewhere. Customers that
    are not scored are no candidates.
    """
    has_money = source.scope.field(product.dataset, product.expected) is not None
    by = product.expected if has_money else product.probability
    where = _where(product, aim)
    worth = Query(
        dataset=product.dataset.name,
        columns=(product.probability, *((product.expected,) if has_money else ())),
        where=where,
        order=(Order(column=by), Order(column=product.probability)),
    )
    numbers = np.array([list(row.values()) for row in source.ask(worth).rows()], dtype=np.float64)
    numbers = numbers.reshape(-1, len(worth.columns))
    chances, money = numbers[:, 0], np.nan_to_num(numbers[:, -1]) if has_money else None
    calls = min(aim.calls, MOST_CALLS, len(chances))
    best = None if money is None else float(money[:calls].sum())
    average = None if money is None else float(money.sum() * calls / max(len(money), 1))
    return Plan(
        query=Query(
            dataset=worth.dataset,
            columns=_columns(source, product),
            where=where,
            order=worth.order,
            limit=min(aim.calls, MOST_CALLS),
        ),
        product=product,
        calls=calls,
        candidates=len(chances),
        list=Brings(wins=wins(chances[:calls]), revenue=best),
        at_random=Brings(wins=wins_at_random(chances, calls), revenue=average),
    )


def called(source: Source, found: Plan) -> Selection:
    """Return the customers of a list of calls, best first."""
    return source.ask(found.query)


def _columns(source: Source, product: Scored) -> tuple[str, ...]:
    """Return who the customer is and all that is said of the product, as far as the scope shows it."""
    asked = (*IDENTITY, *(f"{product.prefix}{what}" for what in SAID))
    return tuple(name for name in asked if source.scope.field(product.dataset, name))


def _where(product: Scored, aim: Aim) -> tuple[Condition, ...]:
    asked = {
        "Area": aim.area,
        "Country": aim.country,
        "SalesTerritory": aim.territory,
        product.cluster: aim.cluster,
        product.dataset.partner: aim.partner,
    }
    is_scored = Condition(column=product.probability, operator=Operator.AT_LEAST, values=("0",))
    return (
        is_scored,
        *(
            Condition(column=column, operator=Operator.EQUAL, values=(value,))
            for column, value in asked.items()
            if value
        ),
    )
