"""The query language of programs: a text read to the tree of a query, and a tree written as such a text."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Never, TypeVar

from reports.center.delivery.tokens import Sort, Token, shown, tokens_of
from reports.center.query import Condition, Operator, Order, Query, QueryRefused, Span

LONGEST = 20_000
"""Characters of a query."""
MOST_TERMS = 1_000
"""Columns, conditions, values or sort keys: each list of a query may have as many."""
LARGEST_LIMIT = 1_000_000_000
MARKS_IN_STRINGS = " _-.&'%"
Term = TypeVar("Term")


NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
KEYWORDS = frozenset(
    {"SELECT", "DISTINCT", "FROM", "WHERE", "AND", "NOT", "LIKE", "IN", "ORDER", "BY", "ASC", "DESC"}
    | {"LIMIT", "TIMESPAN", "OR", "GROUP", "HAVING", "JOIN", "UNION"}
)
NO_JOIN = "a query reads one dataset; joins are not possible"
REFUSED = {
    "*": "name the columns, as in SELECT AccountName, Country FROM ...; * is not possible",
    "OR": "conditions are joined by AND alone; several values of one column are IN ('A', 'B')",
    "GROUP": "rows are not grouped; GROUP BY is not possible, SELECT DISTINCT drops equal rows",
    "HAVING": "rows are not grouped; conditions stand after WHERE",
    "UNION": "a query is one SELECT",
    "AS": "a column keeps its name",
    "BETWEEN": "write two conditions, as in OrgSize >= 25 AND OrgSize <= 300",
    "IS": "empty cells cannot be asked for; compare with a value",
    "JOIN": NO_JOIN,
    "INNER": NO_JOIN,
    "LEFT": NO_JOIN,
    "RIGHT": NO_JOIN,
    "FULL": NO_JOIN,
    "CROSS": NO_JOIN,
}


def parse(text: str) -> Query:
    """Read a query as programs write it.

    Raises:
        QueryRefused: the text is no query; the message tells what came, where, and what would be right.
    """
    return _read(text, holds=_is_written_by_programs, told="letters, digits, spaces and _ - . & ' %")


def parse_stored(text: str) -> Query:
    """Read what `written` wrote: also strings of other visible characters, such as '< 1K'.

    Raises:
        QueryRefused: the text is no query.
    """
    return _read(text, holds=is_visible, told="visible characters")


def written(query: Query) -> str:
    """Write a query as a text; `parse_stored` reads it back to an equal tree.

    Raises:
        QueryRefused: a name or a value cannot be written.
    """
    parts = ["SELECT", *(["DISTINCT"] if query.distinct else []), ", ".join(map(_name, query.columns))]
    parts += ["FROM", _name(query.dataset)]
    if query.where:
        parts += ["WHERE", " AND ".join(_condition(one) for one in query.where)]
    if query.order:
        keys = (f"{_name(one.column)} {'DESC' if one.descending else 'ASC'}" for one in query.order)
        parts += ["ORDER BY", ", ".join(keys)]
    parts += [] if query.limit is None else ["LIMIT", str(_limit(str(query.limit)))]
    parts += [] if query.span is None else ["TIMESPAN", query.span.value]
    text = " ".join(parts)
    if len(text) > LONGEST:
        raise _too_long(len(text))
    return text


def _name(name: str) -> str:
    if not NAME.match(name) or name.upper() in KEYWORDS:
        raise QueryRefused(f"A name is of letters, digits and _ and no keyword; got {shown(name)}.")
    return name


def _condition(condition: Condition) -> str:
    values = ", ".join(_string(value) for value in condition.values)
    several = condition.operator in (Operator.IN, Operator.NOT_IN)
    if not condition.values or (not several and len(condition.values) > 1):
        raise QueryRefused(
            f"{condition.operator} takes one value, IN one or more; got {len(condition.values)}."
        )
    return f"{_name(condition.column)} {condition.operator} {f'({values})' if several else values}"


def _string(value: str) -> str:
    if not all(is_visible(character) for character in value):
        raise QueryRefused(f"A string holds visible characters; got {shown(value)}.")
    return "'" + value.replace("'", "''") + "'"


def _read(text: str, *, holds: Callable[[str], bool], told: str) -> Query:
    if len(text) > LONGEST:
        raise _too_long(len(text))
    tokens = tokens_of(text)
    for token in tokens:
        strange = [one for one in token.text if not holds(one)] if token.sort is Sort.STRING else []
        if strange:
            raise QueryRefused(f"A string holds {told}; got {strange[0]!r} in {shown(token.text)}.")
    return _Reader(tokens).query()


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right, each once."""

    tokens: list[Token]
    place: int = field(default=0)

    def query(self) -> Query:
        self.expect("SELECT")
        distinct = self.took("DISTINCT")
        columns = self.listed("a column name", self.name)
        self.expect("FROM", "a comma or FROM")
        dataset = self.name("the name of a dataset")
        where = self.conditions() if self.took("WHERE") else ()
        order = self.orders() if self.took("ORDER") else ()
        limit = self.limit() if self.took("LIMIT") else None
        span = self.span() if self.took("TIMESPAN") else None
        if self.place < len(self.tokens):
            self.refuse("WHERE, AND, ORDER BY, LIMIT, TIMESPAN (in this order, each once) or the end")
        return Query(
            dataset=dataset,
            columns=columns,
            distinct=distinct,
            where=where,
            order=order,
            limit=limit,
            span=span,
        )

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.took("AND"):
            found.append(self.condition())
        return _few("conditions", found)

    def condition(self) -> Condition:
        column = self.name("the name of a column")
        operator = self.operator()
        if operator not in (Operator.IN, Operator.NOT_IN):
            return Condition(column=column, operator=operator, values=(self.value("a value"),))
        self.expect("(", f"( after {operator}, as in {column} {operator} ('A', 'B')")
        values = self.listed("a value", self.value)
        self.expect(")", "a comma or )")
        return Condition(column=column, operator=operator, values=values)

    def operator(self) -> Operator:
        token = self.peek()
        if token is not None and token.sort is Sort.OPERATOR:
            self.place += 1
            return Operator(token.text)
        negated = "NOT " if self.took("NOT") else ""
        for word in ("LIKE", "IN"):
            if self.took(word):
                return Operator(negated + word)
        return self.refuse("LIKE or IN" if negated else f"one of {', '.join(Operator)}")

    def orders(self) -> tuple[Order, ...]:
        self.expect("BY")
        return self.listed("a column name", self.sorted_by)

    def sorted_by(self, expected: str) -> Order:
        column = self.name(expected)
        ascending = self.took("ASC")
        if not ascending:
            self.took("DESC")
        return Order(column=column, descending=not ascending)

    def limit(self) -> int:
        token = self.peek()
        if token is None or token.sort not in (Sort.NUMBER, Sort.STRING):
            return self.refuse("a whole number")
        self.place += 1
        return _limit(token.text.strip("'"))

    def span(self) -> Span:
        token = self.peek()
        if token is None or token.word not in Span.__members__:
            return self.refuse(f"one of {', '.join(Span)}")
        self.place += 1
        return Span[token.word]

    def listed(self, expected: str, read: Callable[[str], Term]) -> tuple[Term, ...]:
        found = [read(expected)]
        while self.took(","):
            found.append(read(expected))
        return _few("terms in a list", found)

    def name(self, expected: str) -> str:
        token = self.peek()
        if token is None or token.sort is not Sort.WORD or token.word in KEYWORDS:
            return self.refuse(expected)
        self.place += 1
        following = self.peek()
        if following is not None and following.text == "(":
            raise QueryRefused(
                f"Got {shown(token.text)} with a parenthesis at character {token.place}: a query has no"
                " functions, name the columns as they are."
            )
        return token.text

    def value(self, expected: str) -> str:
        token = self.peek()
        if token is None or token.sort not in (Sort.NUMBER, Sort.STRING):
            return self.refuse(f"{expected}: a number, or a string in single quotes")
        self.place += 1
        return token.text if token.sort is Sort.NUMBER else token.text[1:-1].replace("''", "'")

    def peek(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def took(self, word: str) -> bool:
        token = self.peek()
        is_there = token is not None and token.word == word
        self.place += is_there
        return is_there

    def expect(self, word: str, expected: str = "") -> None:
        if not self.took(word):
            self.refuse(expected or word)

    def refuse(self, expected: str) -> Never:
        token = self.peek()
        if token is None:
            raise QueryRefused(f"The query ends where {expected} was expected.")
        told = REFUSED.get(token.word)
        if told is not None:
            raise QueryRefused(f"Got {token.word} at character {token.place}: {told}.")
        raise QueryRefused(f"Expected {expected} at character {token.place}; got {shown(token.text)}.")


def _few(what: str, found: list[Term]) -> tuple[Term, ...]:
    if len(found) > MOST_TERMS:
        raise QueryRefused(f"A query has at most {MOST_TERMS:,} {what}; got {len(found):,}.")
    return tuple(found)


def _limit(text: str) -> int:
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_LIMIT))
    if not is_whole or not 1 <= int(text) <= LARGEST_LIMIT:
        raise QueryRefused(f"LIMIT takes a whole number from 1 to {LARGEST_LIMIT:,}; got {shown(text)}.")
    return int(text)


def _is_written_by_programs(character: str) -> bool:
    """Letters with their marks and digits of every script, and a few signs."""
    return unicodedata.category(character)[0] in "LMN" or character in MARKS_IN_STRINGS


def is_visible(character: str) -> bool:
    """Tell whether every database and every answer can hold the character."""
    return unicodedata.category(character) not in ("Cc", "Cs")


def _too_long(length: int) -> QueryRefused:
    return QueryRefused(f"A query has at most {LONGEST:,} characters; got {length:,}.")
