"""What reasons quote: the newest signal that a value counts, of the customer alone, as known before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.products import AZURE, M365, Catalogue
from features.quotations import LONGEST, Quoter
from features.sources.world import connect
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)
OCTOBER = datetime.fromisoformat("2026-10-12T09:00")
COLUMNS = (
    "own_blog_posts_90d",
    "rival_signals_30d",
    "employees",
    "own_signal_momentum",
    "own_signals_30_60d",
)
BLOG, RIVAL, EMPLOYEES, MOMENTUM, EARLIER = range(len(COLUMNS))


def signal(text: str | None = "We moved to Azure.", **given: object) -> Row:
    row: dict[str, object] = {
        "account_id": "a",
        "kind": "blog_post",
        "happened_at": OCTOBER,
        "url": "https://www.contoso.com/news/1",
        "text": text,
    }
    return {**row, **given}


def quotes(
    folder: Path, signals: Sequence[Row], *, accounts: Sequence[str] = ("a",), place: int = BLOG
) -> list[str | None]:
    known = [{"account_id": name, "domain": f"{name}.com"} for name in ("a", "b")]
    made = world(folder, accounts=known, signals=signals)
    with connect(threads=1) as engine:
        found = Quoter.read(engine, made, AS_OF, Catalogue()).quotes(COLUMNS, accounts, AZURE)
    return found[place]


def test_a_quotation_has_the_words_the_host_and_the_day(tmp_path: Path) -> None:
    assert quotes(tmp_path, [signal()]) == ['"We moved to Azure." (www.contoso.com, 12 Oct 2026)']


def test_the_newest_is_quoted_and_of_equals_the_first_id(tmp_path: Path) -> None:
    rows = [
        signal("Old.", happened_at=OCTOBER - timedelta(days=1), signal_id="0"),
        signal("Second.", signal_id="2"),
        signal("First.", signal_id="1"),
    ]
    assert quotes(tmp_path, rows) == ['"First." (www.contoso.com, 12 Oct 2026)']


def test_what_was_known_later_is_not_quoted(tmp_path: Path) -> None:
    late = signal(
        "Late.", happened_at=OCTOBER + timedelta(days=1), known_at=datetime.fromisoformat("2026-10-25T00:00")
    )
    assert quotes(tmp_path, [late]) == [None]
    assert quotes(tmp_path / "both", [late, signal("Known.")]) == ['"Known." (www.contoso.com, 12 Oct 2026)']


@pytest.mark.parametrize(
    "row",
    [
        signal(kind="forum_post"),
        signal(topic="erp"),
        signal(happened_at=OCTOBER - timedelta(days=90)),
        signal(None),
        signal("  "),
    ],
)
def test_only_a_signal_that_the_value_counts_and_that_has_words_is_quoted(tmp_path: Path, row: Row) -> None:
    assert quotes(tmp_path, [row]) == [None]


@pytest.mark.parametrize("kind", ["site_visit", "content_download"])
def test_what_somebody_looked_at_is_never_quoted(tmp_path: Path, kind: str) -> None:
    row = signal("Azure prices", kind=kind, topic="aws")
    assert quotes(tmp_path, [row], place=RIVAL) == [None]


def test_a_rivals_topic_is_quoted_where_rivals_are_counted(tmp_path: Path) -> None:
    row = signal("All on AWS.", topic="aws")
    assert quotes(tmp_path, [row], place=RIVAL) == ['"All on AWS." (www.contoso.com, 12 Oct 2026)']
    assert quotes(tmp_path / "own", [row]) == [None]


def test_a_difference_quotes_what_its_first_part_counts(tmp_path: Path) -> None:
    assert quotes(tmp_path, [signal()], place=MOMENTUM) != [None]
    assert quotes(tmp_path / "earlier", [signal()], place=EARLIER) == [None]


def test_each_customer_is_quoted_alone_in_the_order_asked_for(tmp_path: Path) -> None:
    rows = [signal("A says."), signal("B says.", account_id=None, domain="b.com", url=None)]
    assert quotes(tmp_path, rows, accounts=("b", "none", "a")) == [
        '"B says." (b.com, 12 Oct 2026)',
        None,
        '"A says." (www.contoso.com, 12 Oct 2026)',
    ]


def test_columns_that_are_no_signals_quote_nothing(tmp_path: Path) -> None:
    made = world(tmp_path, accounts=[{"account_id": "a"}], signals=[signal()])
    with connect(threads=1) as engine:
        found = Quoter.read(engine, made, AS_OF, Catalogue()).quotes(COLUMNS, ("a",), M365)
    assert EMPLOYEES not in found


def test_without_signals_nothing_is_quoted(tmp_path: Path) -> None:
    made = world(tmp_path, accounts=[{"account_id": "a"}])
    with connect(threads=1) as engine:
        assert Quoter.read(engine, made, AS_OF, Catalogue()).quotes(COLUMNS, ("a",), AZURE) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400))
def test_whatever_a_page_says_it_stays_one_short_part_of_one_reason(tmp_path: Path, text: str) -> None:
    [quote] = quotes(tmp_path, [signal(text)])
    if quote is not None:
        words, host = quote.rsplit('" (', 1)
        assert words.startswith('"')
        assert host == "www.contoso.com, 12 Oct 2026)"
        assert len(words) <= LONGEST + 1
        assert not set(words[1:]) & {";", '"', "\n", "\t"}
