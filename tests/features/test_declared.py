"""What holds for every declared feature: this is a test over the declarations, not over values."""

import re
from string import Formatter

import pytest

from features import declared
from features.compile import compile_all, derived_values, is_of_product
from features.feature import Derived, Feature, Of, Side, Unit
from features.products import PRODUCTS, Catalogue
from features.sources.tables import ACCOUNTS, TABLES

ROWS: tuple[Feature | Derived, ...] = (*declared.FEATURES, *declared.DERIVED)
TOLD = [row for row in ROWS if row.side is not Side.FACT]
"""Facts are read by reports alone; nobody is told them as a reason."""
WINDOW = re.compile(r"(_\d+d|_\d+_\d+d|_now)$")


def braces(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def test_no_two_features_have_one_name() -> None:
    assert repeated([row.name for row in ROWS]) == []


def test_no_two_features_become_one_column() -> None:
    catalogue = Catalogue()
    columns = [row.column for row in compile_all(catalogue)]
    derived = [value for row in declared.DERIVED for value in derived_values(row, catalogue)]
    assert (
        repeated(columns + [re.sub(r'.* AS "(.*)"', r"\1", value, flags=re.DOTALL) for value in derived])
        == []
    )


def test_there_are_between_one_and_two_hundred_features() -> None:
    assert 100 <= len(ROWS) <= 200
    assert 90 <= len(TOLD) <= 170


def test_a_name_is_lower_case_words_and_holds_no_mark_of_a_product() -> None:
    # A column is taken apart at the double underscore.
    assert [row.name for row in ROWS if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row.name)] == []


def test_a_meaning_is_a_sentence() -> None:
    wrong = [row.meaning for row in ROWS if not re.fullmatch(r"[A-Z].*[^.]\.", row.meaning)]
    assert wrong == []


def test_no_two_features_have_one_meaning() -> None:
    assert repeated([row.meaning for row in ROWS]) == []


def test_the_end_of_a_name_is_its_window() -> None:
    wrong = []
    for row in declared.FEATURES:
        found = WINDOW.search(row.name)
        if (found[0] if found else "") != row.window.suffix:
            wrong.append(row.name)
    assert wrong == []


def test_the_name_of_an_amount_or_an_age_says_its_unit() -> None:
    units = {Unit.CENTS: "_cents", Unit.DAYS: "_days"}
    stems = {row.name: f"_{WINDOW.sub('', row.name)}_" for row in ROWS}
    assert [
        row.name for row in ROWS if row.unit in units and f"{units[row.unit]}_" not in stems[row.name]
    ] == []


def test_every_feature_reads_a_declared_table() -> None:
    assert [row.name for row in declared.FEATURES if not set(row.table.inputs) <= set(TABLES)] == []


def test_only_a_table_that_names_a_product_tells_products_apart() -> None:
    assert [row.name for row in declared.FEATURES if row.of is not Of.ALL and row.table.own_by is None] == []


def test_fit_reads_no_row_that_only_an_owner_of_its_product_has() -> None:
    foreign = (Of.OTHER, Of.RIVAL, Of.EACH)
    owner_only = [
        row.name
        for row in declared.FEATURES
        if row.side is Side.FIT and row.table.shows_ownership and row.of not in foreign
    ]
    assert owner_only == []


def test_fit_derives_nothing_from_intent_or_facts() -> None:
    sides = {row.name: {declared.feature(name).side for name in row.inputs} for row in declared.DERIVED}
    assert [
        row.name for row in declared.DERIVED if row.side is Side.FIT and sides[row.name] != {Side.FIT}
    ] == []


def test_a_derived_feature_stands_on_earlier_ones_alone() -> None:
    seen = {row.name for row in declared.FEATURES}
    late = []
    for row in declared.DERIVED:
        late += [(row.name, name) for name in row.inputs if name not in seen]
        seen.add(row.name)
    assert late == []


def test_a_derived_feature_names_every_feature_it_reads() -> None:
    names = {row.name for row in ROWS}
    read = {row.name: set(re.findall(r"\w+", row.expression)) & names for row in declared.DERIVED}
    assert read == {row.name: set(row.inputs) for row in declared.DERIVED}


def test_every_model_feature_can_be_told() -> None:
    assert [row.name for row in TOLD if not row.told] == []


def test_what_is_told_names_only_its_value_its_product_or_other_features() -> None:
    words = {"value", "product", "each"}
    wrong = [
        row.name for row in ROWS if (braces(row.told) | braces(row.untold)) - words - set(declared.BY_NAME)
    ]
    assert wrong == []


def test_a_product_is_told_only_where_a_feature_has_one() -> None:
    for row in TOLD:
        each = isinstance(row, Feature) and row.of is Of.EACH
        named = braces(row.told) | braces(row.untold)
        assert ("each" in named) is each, row.name
        assert "product" not in named or (is_of_product(row) and not each), row.name


def test_what_is_told_of_another_feature_is_of_the_same_customer_and_product() -> None:
    for row in TOLD:
        for name in braces(row.told) & set(declared.BY_NAME):
            assert is_of_product(row) or not is_of_product(declared.feature(name)), row.name


def test_what_may_be_unknown_is_told_for_that_case_too() -> None:
    # Every customer has a version of itself, so nothing but its texts can be empty there.
    silent = [
        row.name
        for row in TOLD
        if not row.untold
        and (row.is_text or (isinstance(row, Feature) and row.absent is None and row.table is not ACCOUNTS))
    ]
    assert silent == []


def test_no_untold_sentence_asks_for_the_value_that_is_not_there() -> None:
    assert [row.name for row in TOLD if "value" in braces(row.untold)] == []


def test_amounts_are_never_told() -> None:
    # A reason is read by one partner, and amounts come from all of them.
    assert [row.name for row in TOLD if row.unit is Unit.CENTS and "value" in braces(row.told)] == []


def test_text_is_never_monotone_and_directions_are_plus_or_minus_one() -> None:
    assert [
        row.name for row in ROWS if row.monotone not in (-1, 0, 1) or (row.is_text and row.monotone)
    ] == []


def test_counts_of_signals_about_the_product_can_only_raise_a_score() -> None:
    signals = [row for row in declared.FEATURES if row.table.name == "signals" and row.of is Of.OWN]
    assert signals
    assert [row.name for row in signals if row.monotone != (-1 if row.unit is Unit.DAYS else 1)] == []


@pytest.mark.parametrize("column", ["own_orders_90d", "own_orders_90d__Azure"])
def test_a_column_leads_to_its_declaration(column: str) -> None:
    assert declared.feature(column).name == "own_orders_90d"


def test_an_unknown_feature_is_a_bug() -> None:
    with pytest.raises(KeyError, match="own_order_s"):
        declared.feature("own_order_s")


def test_scopes_of_the_default_products_name_declared_features() -> None:
    prefixed = {f"{row.name}__{product.prefix}" for row in ROWS if is_of_product(row) for product in PRODUCTS}
    names = prefixed | {row.name for row in ROWS if not is_of_product(row)}
    words = {word for product in PRODUCTS for word in re.findall(r"[a-z]\w+", product.scope)}
    assert words - names == set()
