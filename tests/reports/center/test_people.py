"""Reach: one covers another exactly where it reaches every row that the other reaches."""

from itertools import combinations, product

import pytest

from reports.center.people import Reach

PARTNERS, LOCATIONS = ("P", "Q"), ("L", "M")
# A row is seen by its partner, and by the locations that transact with its customer.
ROWS = [
    (partner, frozenset(locations)) for partner in PARTNERS for locations in ((), ("L",), ("M",), ("L", "M"))
]


def _sets(of: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(chosen) for n in range(len(of) + 1) for chosen in combinations(of, n)]


REACHES = [
    Reach(everything=True),
    *(Reach(partners=partners, locations=at) for partners, at in product(_sets(PARTNERS), _sets(LOCATIONS))),
]


def _rows(reach: Reach) -> set[tuple[str, frozenset[str]]]:
    """The rows that a reach sees, as `select` reads it."""
    if reach.everything:
        return set(ROWS)
    if not reach.partners and not reach.locations:
        return set()
    return {
        (partner, locations)
        for partner, locations in ROWS
        if (not reach.partners or partner in reach.partners)
        and (not reach.locations or locations & reach.locations)
    }


@pytest.mark.parametrize("outer", REACHES)
def test_a_reach_covers_no_more_than_its_rows(outer: Reach) -> None:
    for inner in REACHES:
        if outer.covers(inner):
            assert _rows(inner) <= _rows(outer), inner


def test_a_reach_covers_what_is_within_it() -> None:
    partner, location = (
        Reach(partners=frozenset("P")),
        Reach(partners=frozenset("P"), locations=frozenset("L")),
    )
    both = Reach(partners=frozenset("PQ"))
    assert Reach(everything=True).covers(both)
    assert both.covers(partner)
    assert partner.covers(location)
    assert partner.covers(Reach())
    assert not location.covers(partner)
    assert not partner.covers(both)
    assert not partner.covers(Reach(everything=True))
    assert not partner.covers(Reach(locations=frozenset("L")))
