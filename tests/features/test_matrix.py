from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import declared, matrix
from features.build import Frames, build
from features.products import AZURE, D365BC, Product
from features.sources.tables import table
from tests.features.random_worlds import AS_OF, FEW, TWO, Values, Written, rows_of, together, worlds
from tests.worlds import Row, world

EARLIER = AS_OF - timedelta(31)


def built(folder: Path, *as_ofs: date, **tables: Sequence[Row]) -> Frames:
    there = world(folder / "world", **{"transactions": (), **tables})
    return build(there, as_ofs or (AS_OF,), TWO, folder, threads=1)


def column(
    frames: Frames, name: str, product: Product = AZURE, *, everyone: bool = False
) -> list[float | None]:
    """Return one feature of the product's matrix, None where it is NaN."""
    coded = matrix.levels(frames, frames.as_ofs, [name])
    read = matrix.read(frames, frames.as_ofs, product, [name], coded, everyone=everyone)
    return [None if np.isnan(value) else float(value) for value in read.values[:, 0]]


def staff(*sizes: int | None) -> list[Row]:
    return [{"account_id": f"{number}", "employees": size} for number, size in enumerate(sizes)]


def trades(*industries: str | None) -> list[Row]:
    return [
        {"account_id": f"{number:02}", "industry": industry} for number, industry in enumerate(industries)
    ]


def test_rows_are_by_date_and_customer_and_values_are_one_block(tmp_path: Path) -> None:
    frames = built(tmp_path, AS_OF, EARLIER, accounts=[{"account_id": account} for account in "cab"])
    names = matrix.all_names(frames)
    read = matrix.read(frames, (AS_OF, EARLIER), AZURE, names, matrix.levels(frames, (AS_OF,), names))
    assert read.accounts.tolist() == ["a", "b", "c", "a", "b", "c"]
    assert read.as_of.tolist() == [EARLIER] * 3 + [AS_OF] * 3
    assert read.names == names
    assert read.values.shape == (6, len(names))
    assert read.values.dtype == np.float32
    assert read.values.flags.c_contiguous


def test_levels_are_coded_by_how_frequent_they_are_then_by_name(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=trades("Retail", "Mining", "Health", "Retail", None))
    assert matrix.levels(frames, (AS_OF,), ["industry", "employees"]) == {
        "industry": ("Retail", "Health", "Mining")
    }
    assert column(frames, "industry") == [0, 2, 1, 0, None]


def test_levels_are_counted_over_all_dates(tmp_path: Path) -> None:
    accounts = [*trades("Retail", "Health"), {"account_id": "x", "industry": "Retail", "known_on": EARLIER}]
    frames = built(tmp_path, AS_OF, EARLIER, accounts=accounts)
    assert matrix.levels(frames, (EARLIER,), ["industry"])["industry"] == ("Health", "Retail")
    assert matrix.levels(frames, (EARLIER, AS_OF), ["industry"])["industry"] == ("Retail", "Health")


def test_customers_that_are_not_listed_have_no_say_in_the_levels(tmp_path: Path) -> None:
    corporate = [{**row, "segment": "Corporate"} for row in trades("Mining", "Mining")]
    frames = built(tmp_path, accounts=[*corporate, {"account_id": "z", "industry": "Retail"}])
    assert matrix.levels(frames, (AS_OF,), ["industry"]) == {"industry": ("Retail",)}
    assert column(frames, "industry", everyone=True) == [1, 1, 0]


def test_a_stranger_has_a_code_of_its_own_and_the_unknown_has_none(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=trades("Retail", "Fishing", None))
    read = matrix.read(frames, (AS_OF,), AZURE, ["industry"], {"industry": ("Health", "Retail")})
    np.testing.assert_array_equal(read.values[:, 0], [1, 2, np.nan])


def test_beyond_sixty_levels_the_rest_are_strangers(tmp_path: Path) -> None:
    names = [f"{number:02}" for number in range(70)]
    frames = built(tmp_path, accounts=trades(*names))
    assert matrix.levels(frames, (AS_OF,), ["industry"])["industry"] == tuple(names[:60])
    assert column(frames, "industry") == [float(min(code, 60)) for code in range(70)]


def test_what_is_unknown_is_nan_and_what_is_none_is_zero(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=staff(None, 7))
    assert column(frames, "employees") == [None, 7]
    assert column(frames, "own_orders") == [0, 0]
    assert column(frames, "own_bought_days") == [None, None]


def test_customers_out_of_the_products_scope_are_left_out(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=staff(10, 400, None))
    assert column(frames, "employees", D365BC) == [10, None]
    assert column(frames, "employees", AZURE) == [10, 400, None]
    assert column(frames, "employees", D365BC, everyone=True) == [10, 400, None]


def test_customers_that_are_not_listed_are_left_out_unless_everyone_is_asked_for(tmp_path: Path) -> None:
    accounts = [{"account_id": "a"}, {"account_id": "b", "segment": "Corporate"}, {"account_id": "c"}]
    frames = built(tmp_path, accounts=accounts, partner_accounts=[{"account_id": "a"}, {"account_id": "b"}])
    assert column(frames, "own_orders") == [0]
    assert column(frames, "own_orders", everyone=True) == [0, 0, 0]


def ordered(product: str, *, units: int) -> Row:
    return {"account_id": "a", "product": product, "transacted_on": EARLIER, "quantity": units}


def test_a_feature_about_the_product_is_read_under_its_plain_name(tmp_path: Path) -> None:
    orders = [ordered("Azure", units=3), ordered("D365BC", units=4)]
    frames = built(tmp_path, accounts=[{"account_id": "a"}], transactions=orders)
    assert column(frames, "own_net_units", AZURE) == [3]
    assert column(frames, "own_net_units", D365BC) == [4]


def test_the_model_of_a_product_is_not_told_the_value_of_each_for_itself(tmp_path: Path) -> None:
    orders = [ordered("Azure", units=3), ordered("D365BC", units=4)]
    frames = built(tmp_path, accounts=[{"account_id": "a"}], transactions=orders)
    assert column(frames, "units_1096d__D365BC", AZURE) == [4]
    assert column(frames, "units_1096d__Azure", D365BC) == [3]
    assert column(frames, "units_1096d__Azure", AZURE) == [None]


def test_names_come_a_product_where_a_feature_has_one_for_each(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=[{"account_id": "a"}])
    names = matrix.fit_names(frames)
    assert [name for name in names if name.startswith("units_")] == [
        "units_1096d__Azure",
        "units_1096d__D365BC",
    ]
    assert sorted((*names, *matrix.intent_names(frames))) == sorted(matrix.all_names(frames))
    assert len(set(matrix.all_names(frames))) == len(matrix.all_names(frames))


def test_names_hold_no_fact_and_nothing_of_a_missing_table(tmp_path: Path) -> None:
    names = matrix.all_names(built(tmp_path, accounts=[{"account_id": "a"}]))
    sides = {declared.feature(name).side for name in names}
    assert sides == {"fit", "intent"}
    assert [name for name in names if "signal" in name or "technolog" in name] == []


def test_a_feature_whose_table_is_missing_reads_as_unknown(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=[{"account_id": "a"}])
    assert column(frames, "own_signals_30d") == [None]
    assert column(frames, "signals_365d") == [None]


def test_a_world_that_lists_nobody_gives_a_matrix_without_rows(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=[{"account_id": "a", "segment": "Corporate"}])
    read = matrix.read(frames, (AS_OF,), AZURE, ["employees", "industry"], {"industry": ()})
    assert read.values.shape == (0, 2)
    assert read.accounts.tolist() == []


def test_directions_and_families_stand_in_the_order_of_the_names() -> None:
    names = ("own_signals_30d", "own_signal_days", "employees", "units_1096d__Azure")
    assert matrix.monotone(names) == (1, -1, 0, 0)
    assert matrix.families(names) == ("interest", "interest", "company", "other products")


def test_a_name_that_is_no_feature_is_a_bug(tmp_path: Path) -> None:
    frames = built(tmp_path, accounts=[{"account_id": "a"}])
    with pytest.raises(KeyError, match="no_such_feature"):
        column(frames, "no_such_feature")


OWN_ID = st.integers(0, 99).map("own-{}".format)
OWN: dict[str, Values] = {"agreement_id": OWN_ID, "subscription_id": OWN_ID}
BY_PRODUCT = ("transactions", "azure_consumption", "agreements", "technologies")
LICENCES = ("subscriptions", "subscription_quantities", "license_assignments", "usage_daily")


def shown_by_owners(product: Product) -> st.SearchStrategy[Written]:
    """Draw rows that only an owner of the product has: of every table that shows ownership."""
    drawn = {name: rows_of(name, values=OWN, at_least=1) for name in LICENCES}
    for name in BY_PRODUCT:
        told = table(name).own_by
        values = product.own_values(table(name))
        if told is not None and values:
            drawn[name] = rows_of(name, values={**OWN, told: st.sampled_from(values)}, at_least=1)
    return st.fixed_dictionaries(drawn)


def fit_values(
    folder: Path, written: Written, product: Product
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    frames = built(folder, **written)
    names = matrix.fit_names(frames)
    coded = matrix.levels(frames, frames.as_ofs, names)
    return matrix.read(frames, frames.as_ofs, product, names, coded, everyone=True).values


@pytest.mark.parametrize("product", TWO.products, ids=lambda product: product.prefix)
@given(data=st.data(), written=worlds())
@settings(FEW, max_examples=6)
def test_fit_knows_no_fact_that_only_an_owner_can_show(
    tmp_path_factory: pytest.TempPathFactory, product: Product, data: st.DataObject, written: Written
) -> None:
    owned = together(written, data.draw(shown_by_owners(product)))
    folder = tmp_path_factory.mktemp("fit")
    stranger, owner = (
        fit_values(folder / kind, rows, product) for kind, rows in (("plain", written), ("owner", owned))
    )
    np.testing.assert_array_equal(owner, stranger)


def test_tables_that_show_ownership_are_all_tried() -> None:
    tried = {*BY_PRODUCT, *LICENCES}
    shown = [row.table for row in declared.FEATURES if row.table.shows_ownership]
    assert {source.name for table in shown for source in table.inputs} == tried


def test_fit_of_another_product_does_know_them(tmp_path: Path) -> None:
    accounts: Written = {"accounts": [{"account_id": "a"}]}
    owned = together(accounts, {"transactions": [ordered("Azure", units=3)]})
    plain, owner = fit_values(tmp_path / "p", accounts, D365BC), fit_values(tmp_path / "o", owned, D365BC)
    assert not np.array_equal(plain, owner, equal_nan=True)
