import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.center.customers.crm import Key, Upload
from reports.center.customers.matching import How, Known, Match, directory, match
from reports.center.customers.names import domain_of, name_of


def known(id: str, name: str | None, domain: str | None, partner: str = "P1") -> Known:
    return Known(partner=partner, id=id, name=name, domain=domain)


LODZ = known("C1", "Łódź Works GmbH", "lodz-works.example")
BRIGHT = known("C2", "Bright Academy LLC", "bright.example")
TWIN = known("C3", "Bright Academy Inc.", None)
SHOP_EAST = known("C4", "Shop East", "shop.example")
SHOP_WEST = known("C5", "Shop West", "shop.example")
WORLD = directory([LODZ, BRIGHT, TWIN, SHOP_EAST, SHOP_WEST])


def upload(*rows: tuple[str, str, str]) -> Upload:
    places = {Key.ID: (0,), Key.NAME: (1,), Key.DOMAIN: (2,)}
    return Upload(header=("id", "name", "domain"), rows=rows, columns=places, encoding="utf-8", separator=",")


@pytest.mark.parametrize(
    ("row", "how", "found"),
    [
        (("", "", "https://www.lodz-works.example/pl"), How.DOMAIN, [LODZ]),
        (("", "", "info@mail.lodz-works.example"), How.DOMAIN, [LODZ]),
        (("", "lodz works", ""), How.NAME, [LODZ]),
        (("", "LODZ WORKS, Sp. z o.o.", "elsewhere.example"), How.NAME, [LODZ]),
        (("c1", "nobody", "nowhere.example"), How.ID, [LODZ]),
        (("", "Bright Academy", ""), How.AMBIGUOUS, [BRIGHT, TWIN]),
        (("C3", "Bright Academy", ""), How.NAME, [TWIN]),
        (("", "Bright Academy", "bright.example"), How.DOMAIN, [BRIGHT]),
        (("", "", "shop.example"), How.AMBIGUOUS, [SHOP_EAST, SHOP_WEST]),
        (("", "Shop West Ltd", "shop.example"), How.DOMAIN, [SHOP_WEST]),
        (("C4", "Shop North", "shop.example"), How.DOMAIN, [SHOP_EAST]),
        (("C2", "Łódź Works", "lodz-works.example"), How.DOMAIN, [LODZ]),
        (("", "", ""), How.NONE, []),
        (("C9", "nobody", "example"), How.NONE, []),
    ],
)
def test_domain_goes_before_name_and_name_before_id(
    row: tuple[str, str, str], how: How, found: list[Known]
) -> None:
    (told,) = match(upload(row), WORLD)
    assert (told.how, list(told.found)) == (how, found)


def test_what_nothing_decides_is_told_and_not_guessed() -> None:
    (told,) = match(upload(("", "", "shop.example")), WORLD)
    assert told.customer is None


def test_a_mailbox_anybody_can_have_says_nothing_of_a_customer() -> None:
    at_home = directory([known("C1", "Gardener", "gmail.com")])
    assert match(upload(("", "Plumber", "plumber@gmail.com")), at_home) == (Match(how=How.NONE),)


TEXTS = st.sampled_from(["", "a", "b", "a inc", "A.", "b gmbh"]) | st.text(max_size=6)
DOMAINS = st.sampled_from(["", "a.example", "b.example", "www.a.example", "x@b.example"]) | st.text(
    max_size=8
)
CUSTOMERS = st.lists(
    st.builds(known, st.sampled_from("123456789"), TEXTS, DOMAINS, st.sampled_from(["P1", "P2"])), max_size=6
)
ROWS = st.lists(st.tuples(st.sampled_from("0123456789"), TEXTS, DOMAINS), max_size=6)


@given(CUSTOMERS, ROWS)
def test_a_match_is_of_a_customer_that_is_there_and_shares_what_it_is_told_to_share(
    customers: list[Known], rows: list[tuple[str, str, str]]
) -> None:
    for (id, name, domain), told in zip(rows, match(upload(*rows), directory(customers)), strict=True):
        assert set(told.found) <= set(customers)
        for one in told.found if told.customer else ():
            if told.how is How.DOMAIN:
                assert (domain_of(domain) or "").endswith(domain_of(one.domain or "") or "nothing")
            if told.how is How.NAME:
                assert name_of(one.name or "") == name_of(name)
            if told.how is How.ID:
                assert one.id == id


@given(CUSTOMERS, ROWS)
def test_a_row_whose_domain_somebody_has_is_never_told_to_match_by_name(
    customers: list[Known], rows: list[tuple[str, str, str]]
) -> None:
    there = {domain_of(one.domain or "") for one in customers} - {None}
    for (_, _, domain), told in zip(rows, match(upload(*rows), directory(customers)), strict=True):
        if domain_of(domain) in there:
            assert told.how in (How.DOMAIN, How.AMBIGUOUS)
