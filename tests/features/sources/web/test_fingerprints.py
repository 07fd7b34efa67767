from collections import Counter
from itertools import pairwise

import pytest

from features.facts import AWS_TECHNOLOGIES, ERP_SERVERS, GOOGLE_TECHNOLOGIES, OFFICE_SERVERS
from features.products import PRODUCTS
from features.sources.sample.estate import CATEGORIES, NAMES, VENDORS
from features.sources.web.detect import Sighting, technologies_of
from features.sources.web.fingerprint import Category, Fingerprint, Where
from features.sources.web.fingerprints import ALIASES, FINGERPRINTS, NOT_SHOWN, SELECTORS
from features.sources.web.fingerprints import NAMES as NAMES_ASKED
from features.sources.web.read import read_page
from tests.features.sources.web.answers import DOMAIN, answer, record


def seen_in(where: Where, shown: str) -> tuple[Sighting, ...]:
    """Return what is sighted where nothing but `shown` is to be seen in that place."""
    name, _, rest = shown.partition(" ")
    records = {
        Where.MX: lambda: record("MX", shown),
        Where.SPF: lambda: record("TXT", f"v=spf1 include:{shown} -all"),
        Where.DKIM: lambda: (
            record("CNAME", rest, name=f"{name}._domainkey")
            if rest
            else record("TXT", "v=DKIM1; k=rsa; p=MIGf", name=f"{name}._domainkey")
        ),
        Where.CNAME: lambda: record("CNAME", shown, name="www"),
        Where.NS: lambda: record("NS", shown),
        Where.TXT: lambda: record("TXT", shown),
        Where.NAME: lambda: record("A", "192.0.2.1", name=shown),
    }
    if where in records:
        return technologies_of((), (records[where](),))
    header, _, value = shown.partition(": ")
    markup = {
        Where.SCRIPT: f'<html><script src="{shown}"></script></html>',
        Where.LINK: f'<html><a href="{shown}">there</a></html>',
        Where.META: f'<html><meta name="Generator" content="{shown}"></html>',
        Where.MARKUP: f"<html>{shown}</html>",
    }.get(where, "<html>nothing</html>")
    headers = {
        Where.HEADER: ((header, value),),
        Where.COOKIE: (("set-cookie", f"{shown}=1; Path=/"),),
    }.get(where, ())
    return technologies_of((read_page(answer(markup, headers=headers)),), ())


def told(row: Fingerprint) -> str:
    return f"{row.name}-{row.where}-{row.pattern}"


@pytest.mark.parametrize("row", FINGERPRINTS, ids=told)
def test_a_fingerprint_is_found_in_its_example(row: Fingerprint) -> None:
    sighted = [
        one for one in seen_in(row.where, row.example) if (one.name, one.where) == (row.name, row.where)
    ]
    assert [(one.vendor, one.category) for one in sighted] == [(row.vendor, row.category)]


@pytest.mark.parametrize("row", FINGERPRINTS, ids=told)
def test_a_fingerprint_is_not_found_in_what_is_near_it(row: Fingerprint) -> None:
    assert [one.evidence for one in seen_in(row.where, row.lookalike) if one.name == row.name] == []


def test_every_row_is_declared_once() -> None:
    rows = Counter((row.name, row.where, row.pattern) for row in FINGERPRINTS)
    assert [row for row, times in rows.items() if times > 1] == []


def test_a_technology_has_one_vendor_and_one_category() -> None:
    told = {(row.name, row.vendor, row.category) for row in FINGERPRINTS}
    assert len(told) == len({row.name for row in FINGERPRINTS}) >= 110


def test_a_host_of_a_pattern_is_lower_case_and_no_whole_suffix_of_the_internet() -> None:
    hosts = [
        row.pattern.rpartition(" ")[2].partition("/")[0]
        for row in FINGERPRINTS
        if row.where in (Where.MX, Where.SPF, Where.DKIM, Where.CNAME, Where.NS, Where.SCRIPT, Where.LINK)
    ]
    named = [host for host in hosts if host not in ("@", "google", "mandrill")]
    assert [
        host for host in named if host != host.lower() or len(host.removeprefix("*.").split(".")) < 2
    ] == []


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.prefix)
def test_what_a_product_asks_about_can_be_found_or_is_listed_with_a_reason(product: object) -> None:
    assert isinstance(product, type(PRODUCTS[0]))
    asked = {*product.technologies, *product.rival_technologies}
    found = {row.name for row in FINGERPRINTS}
    assert asked - found == asked & set(NOT_SHOWN)


@pytest.mark.parametrize(("name", "reason"), NOT_SHOWN.items())
def test_what_cannot_be_found_is_asked_about_and_has_a_reason(name: str, reason: str) -> None:
    asked = {each for product in PRODUCTS for each in product.technologies + product.rival_technologies}
    assert name in asked
    assert len(reason.split()) > 5


def test_vendors_and_categories_are_those_of_technologies_that_come_as_a_table() -> None:
    declared = {row.name: (row.vendor, str(row.category)) for row in FINGERPRINTS}
    table = {name: (vendor, line) for name, vendor, line in zip(NAMES, VENDORS, CATEGORIES, strict=True)}
    assert {name: declared[name] for name in table if name in declared} == {
        name: told for name, told in table.items() if name not in NOT_SHOWN
    }


def test_has_google_and_has_aws_can_follow_from_what_is_found() -> None:
    found = {row.name for row in FINGERPRINTS}
    assert set(GOOGLE_TECHNOLOGIES) | set(AWS_TECHNOLOGIES) <= found
    assert {"Google", "Amazon"} <= {row.vendor for row in FINGERPRINTS}


def test_analytics_and_fonts_of_google_make_nobody_a_customer_of_google() -> None:
    page = read_page(
        answer(
            '<script src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>'
            '<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Inter">'
            '<script src="https://www.google.com/recaptcha/api.js"></script>'
            '<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>'
        )
    )
    verified = record("TXT", "google-site-verification=abc")
    assert technologies_of((page,), (verified,)) == ()


def test_the_cohorts_of_servers_on_premises_can_follow_from_what_is_found() -> None:
    assert {*OFFICE_SERVERS, *ERP_SERVERS, "Dynamics CRM"} <= {row.name for row in FINGERPRINTS}


def test_the_names_to_ask_for_follow_from_the_rows() -> None:
    assert set(SELECTORS) == {row.pattern.split(" ")[0] for row in FINGERPRINTS if row.where is Where.DKIM}
    assert set(NAMES_ASKED) == {row.pattern for row in FINGERPRINTS if row.where is Where.NAME}
    assert set(ALIASES) >= {"www", "autodiscover", "enterpriseregistration"}


def test_the_lines_of_the_catalogue_are_categories() -> None:
    assert {product.prefix for product in PRODUCTS} <= set(map(str, Category))
    assert all(first.name != second.name for first, second in pairwise(Category))


def test_a_sighting_tells_where_and_what() -> None:
    (sighting,) = seen_in(Where.MX, f"{DOMAIN.split('.', maxsplit=1)[0]}.mail.protection.outlook.com")
    assert sighting.evidence == "mx at acme.example: acme.mail.protection.outlook.com"
