"""Catalogue files: Python rows, refused with file, line and what was expected."""

from pathlib import Path

import pytest

from features.errors import CallRefused
from features.products import PRODUCTS
from pipelines.catalogue import read_catalogue

GOOD = """
from features.products import Product
PRODUCTS = (Product(prefix="Crm", name="CRM", report="CrmPropensity", sold_as=("CRM",)),)
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "catalogue.py"
    path.write_text(text)
    return path


def test_without_a_file_the_default_catalogue_is_used() -> None:
    assert read_catalogue(None).products is PRODUCTS
    assert read_catalogue(None).is_default


def test_a_file_replaces_the_default_catalogue(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, GOOD))
    assert [product.prefix for product in catalogue.products] == ["Crm"]
    assert not catalogue.is_default


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PRODUCTS = (", "catalogue.py, line 1:"),
        ("a = 1\nb = a / 0\n", "catalogue.py, line 2: ZeroDivisionError"),
        ("a = 1\n", "PRODUCTS = .* was expected; got NoneType"),
        ("PRODUCTS = ()\n", "was expected; got tuple"),
        ("PRODUCTS = (3,)\n", "entry 1 of PRODUCTS must be a Product; got 3"),
        (GOOD.replace('"Crm"', '"C R M"'), "prefix of entry 1 must be letters and digits; got 'C R M'"),
        (GOOD.replace('("CRM",)', "()"), "Crm must say what it is sold as"),
        (GOOD.replace('("CRM",)', '("CRM")'), "sold_as of Crm must be texts .*; got 'CRM'"),
        (
            GOOD.replace('"CrmPropensity"', '"../crm"'),
            "report of entry 1 must be letters and digits; got '../crm'",
        ),
        (
            GOOD.replace('("CRM",)', '("CRM",), scope="emploees < 9"'),
            "scope of Crm .*'emploees < 9' is not: Binder",
        ),
        (GOOD.replace('("CRM",)', '("CRM",), scope="employees"'), "scope of Crm must be .* true or false"),
        (GOOD.replace('("CRM",)', '("CRM",), scope="1 = 1, 5"'), "'1 = 1, 5' is INTEGER"),
        (GOOD + "PRODUCTS = PRODUCTS * 2\n", "declared twice: Crm"),
        (GOOD + "one = PRODUCTS\n" + GOOD.replace("Crm", "CRM") + "PRODUCTS += one\n", "twice: CRM, Crm"),
    ],
)
def test_an_error_is_told_with_what_was_expected(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CallRefused, match=told):
        read_catalogue(written(tmp_path, text))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match="is not there"):
        read_catalogue(tmp_path / "none.py")
