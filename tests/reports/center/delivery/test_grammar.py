from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.center.delivery.grammar import KEYWORDS, LONGEST, MOST_TERMS, parse, parse_stored, written
from reports.center.query import Condition, Operator, Order, Query, QueryRefused, Span

names = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,12}\Z").filter(lambda name: name.upper() not in KEYWORDS)
values = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)
several = (Operator.IN, Operator.NOT_IN)
conditions = st.one_of(
    st.builds(
        Condition,
        column=names,
        operator=st.sampled_from([one for one in Operator if one not in several]),
        values=st.tuples(values),
    ),
    st.builds(
        Condition,
        column=names,
        operator=st.sampled_from(several),
        values=st.lists(values, min_size=1, max_size=4).map(tuple),
    ),
)
queries = st.builds(
    Query,
    dataset=names,
    columns=st.lists(names, min_size=1, max_size=5).map(tuple),
    distinct=st.booleans(),
    where=st.lists(conditions, max_size=4).map(tuple),
    order=st.lists(st.builds(Order, column=names, descending=st.booleans()), max_size=3).map(tuple),
    limit=st.none() | st.integers(1, 1_000_000_000),
    span=st.none() | st.sampled_from(Span),
)
PIECES = (
    "SELECT select FROM WHERE AND or not IN ( ) , * '' 'a' ' 1 ORDER BY LIMIT TIMESPAN LIFETIME A <= - ; --"
)
words = st.sampled_from([*PIECES.split(), "=", "\x00", "\ud800"])


def test_a_query_with_everything_is_read_to_its_tree() -> None:
    text = """select Distinct AccountName, country from clasazurepropensity
        where OrgSize >= 25 AND Country in ('Spain', 'Côte d''Ivoire') and AccountName NOT LIKE '%R & D.-_%'
        order by OrgSize, AccountName asc limit 10 timespan last_3_months"""
    assert parse(text) == Query(
        dataset="clasazurepropensity",
        columns=("AccountName", "country"),
        distinct=True,
        where=(
            Condition(column="OrgSize", operator=Operator.AT_LEAST, values=("25",)),
            Condition(column="Country", operator=Operator.IN, values=("Spain", "Côte d'Ivoire")),
            Condition(column="AccountName", operator=Operator.NOT_LIKE, values=("%R & D.-_%",)),
        ),
        order=(Order(column="OrgSize"), Order(column="AccountName", descending=False)),
        limit=10,
        span=Span.LAST_3_MONTHS,
    )


def test_numbers_may_be_written_as_strings() -> None:
    told = [
        parse(f"SELECT A FROM D WHERE A > {number}").where[0].values for number in ("12.5", "'12.5'", "-3")
    ]
    assert told == [("12.5",), ("12.5",), ("-3",)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The query ends where SELECT was expected."),
        ("SELECT * FROM D", "Got * at character 8: name the columns"),
        (
            "SELECT A FROM D WHERE A = 1 OR A = 2",
            "Got OR at character 29: conditions are joined by AND alone",
        ),
        ("SELECT A FROM D GROUP BY A", "Got GROUP at character 17: rows are not grouped"),
        ("SELECT COUNT(A) FROM D", "Got 'COUNT' with a parenthesis at character 8: a query has no functions"),
        ("SELECT A FROM D JOIN E", "Got JOIN at character 17: a query reads one dataset"),
        ("SELECT A FROM D, E", "Expected WHERE, AND, ORDER BY, LIMIT, TIMESPAN"),
        ("SELECT A FROM D; DROP TABLE users", "Got ';' at character 16, which is no part of a query."),
        (
            "SELECT A FROM D WHERE A = 'a; b'",
            "A string holds letters, digits, spaces and _ - . & ' %; got ';'",
        ),
        (
            "SELECT A FROM D WHERE A = 'open",
            'A string ends with a single quote; got "\'open" at character 27.',
        ),
        ('SELECT "A" FROM D', "Strings stand in single quotes, names in none"),
        ("SELECT A FROM D WHERE A = B", "Expected a value: a number, or a string in single quotes"),
        ("SELECT A FROM D WHERE A ~ 1", "Got '~' at character 25"),
        ("SELECT A FROM D WHERE A IN 'x'", "Expected ( after IN, as in A IN ('A', 'B')"),
        ("SELECT A FROM D WHERE A NOT = 1", "Expected LIKE or IN"),
        ("SELECT A FROM D LIMIT 0", "LIMIT takes a whole number from 1 to 1,000,000,000; got '0'."),
        ("SELECT A FROM D LIMIT " + "9" * 5000, "LIMIT takes a whole number"),
        ("SELECT A FROM D TIMESPAN LAST_WEEK", "Expected one of TODAY, YESTERDAY, LAST_7_DAYS"),
        ("SELECT A FROM D TIMESPAN LIFETIME LIMIT 1", "(in this order, each once) or the end"),
        ("SELECT FROM D", "Expected a column name at character 8; got 'FROM'."),
        (
            "SELECT A" + ", A" * MOST_TERMS + " FROM D",
            "A query has at most 1,000 terms in a list; got 1,001.",
        ),
        ("SELECT A FROM D" + " " * LONGEST, "A query has at most 20,000 characters; got 20,015."),
    ],
)
def test_what_is_no_query_is_refused_with_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        parse(text)
    assert told in str(refused.value)


@given(queries)
def test_a_written_query_is_read_back_as_it_was(query: Query) -> None:
    assert parse_stored(written(query)) == query


@given(st.text() | st.lists(words, max_size=40).map(" ".join) | st.lists(words, max_size=40).map("".join))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        parse(text)
    except QueryRefused as refused:
        # The message can be sent whatever came.
        str(refused).encode()


@pytest.mark.parametrize(
    "piece", ["(", "'", "''", "' ", "A IN (", "NOT ", "SELECT ", "9", "9.", "-", " ", "A,", "<", "\x00", "ä"]
)
def test_long_repetitions_are_a_query_or_refused(piece: str) -> None:
    for start in ("", "SELECT A FROM D WHERE A = ", "SELECT A FROM D WHERE A IN ('", "SELECT "):
        for length in (LONGEST, 1_000_000):
            with suppress(QueryRefused):
                parse((start + piece * length)[:length])


@pytest.mark.parametrize(
    "query",
    [
        Query(dataset="D; DROP", columns=("A",)),
        Query(dataset="D", columns=("A B",)),
        Query(dataset="D", columns=("Select",)),
        Query(dataset="D", columns=("A",), where=(Condition(column="A", operator=Operator.IN, values=()),)),
        Query(
            dataset="D",
            columns=("A",),
            where=(Condition(column="A", operator=Operator.EQUAL, values=("\n",)),),
        ),
    ],
)
def test_a_tree_that_no_text_tells_is_refused(query: Query) -> None:
    with pytest.raises(QueryRefused):
        written(query)
