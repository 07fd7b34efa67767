"""Scopes: SQL over declared features that is true or false."""

import pytest

from features.errors import CallRefused
from features.products import Catalogue, Product
from features.scopes import check_scopes


def catalogue(scope: str) -> Catalogue:
    return Catalogue((Product(prefix="X", name="X", report="R", sold_as=("X",), scope=scope),))


def test_the_default_catalogue_is_right() -> None:
    check_scopes(Catalogue())


@pytest.mark.parametrize(
    "scope", ["TRUE", "employees < 300 OR industry = 'Retail'", "own_signals_30d__X > 0", "NULL"]
)
def test_any_rule_over_declared_features_is_a_scope(scope: str) -> None:
    check_scopes(catalogue(scope))


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("emploees < 300", 'is not: Binder Error: Referenced column "emploees" not found'),
        ("employees <", "is not: Parser Error"),
        ("industry > 5", "is not: Binder Error: Cannot compare values of type VARCHAR"),
        ("employees > 'many'", "is not: Conversion Error"),
        ("employees", "is not: Binder Error: Cannot mix values of type FLOAT and BOOLEAN"),
        ("employees > 5, 5", "is INTEGER"),
    ],
)
def test_what_is_no_such_rule_is_told_to_the_operator(scope: str, told: str) -> None:
    with pytest.raises(CallRefused, match=f"The scope of X must be SQL over declared features.*{told}"):
        check_scopes(catalogue(scope))
