"""Whose a domain was, against a count by hand of who had it on every day."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.holders import sole_holders
from features.sources.tables import ACCOUNTS
from features.sources.world import connect
from tests.worlds import arrow

START = date(2026, 1, 1)
DAYS = tuple(START + timedelta(day) for day in range(8))
Version = tuple[str, date, str | None]
VERSIONS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(DAYS[:6]), st.sampled_from(["x", "y", None])),
    unique_by=lambda version: version[:2],
    max_size=12,
)


def by_hand(versions: Sequence[Version], when: date) -> set[tuple[str, str]]:
    """Return the domains that one customer alone was known to have before a day, with that customer."""
    last: dict[str, str | None] = {}
    for account, known_on, domain in sorted(versions, key=lambda version: version[1]):
        if known_on < when:
            last[account] = domain
    had = list(last.values())
    return {(domain, account) for account, domain in last.items() if domain and had.count(domain) == 1}


@settings(max_examples=50, deadline=None)
@given(VERSIONS)
def test_a_domain_is_the_customers_who_alone_was_known_to_have_it(versions: list[Version]) -> None:
    rows = [{"account_id": who, "known_on": when, "domain": domain} for who, when, domain in versions]
    with connect(threads=1) as engine:
        engine.register("versions", arrow(ACCOUNTS, rows))
        spans = engine.execute(
            f"SELECT domain, account_id, sole_from, sole_until FROM {sole_holders('versions')}"
        ).fetchall()
    for when in DAYS:
        found = [
            (domain, account)
            for domain, account, since, until in spans
            if since < when and (until is None or until >= when)
        ]
        assert (len(found), set(found)) == (len(set(found)), by_hand(versions, when))
