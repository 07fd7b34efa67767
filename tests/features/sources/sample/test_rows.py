import numpy as np
import pyarrow as pa
import pytest

from features.sources.sample.rows import named, numbered, only_where, rows, schema
from features.sources.schema import Kind
from features.sources.tables import PARTNER_ACCOUNTS


def test_positions_become_names_and_minus_one_is_unknown() -> None:
    assert named(["a", "b"], np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]


def test_numbers_become_ids_and_minus_one_is_unknown() -> None:
    assert numbered("P", np.array([12, -1, 0])).to_pylist() == ["P0000012", None, "P0000000"]


def test_a_value_is_empty_where_it_is_not_there() -> None:
    days = only_where(np.array([0, 1]), np.array([True, False]), Kind.DATE)
    assert [str(day) for day in days.to_pylist()] == ["1970-01-01", "None"]


def test_rows_have_the_declared_columns_in_order_whatever_order_they_are_given_in() -> None:
    given = {name: np.array([1]) for name in reversed(PARTNER_ACCOUNTS.names) if name.endswith("_on")}
    made = rows(PARTNER_ACCOUNTS, given | {"account_id": pa.array(["C"]), "partner_id": pa.array(["P"])})
    assert made.schema.equals(schema(PARTNER_ACCOUNTS))


def test_a_forgotten_column_is_a_bug() -> None:
    with pytest.raises(KeyError, match="partner_id"):
        rows(PARTNER_ACCOUNTS, {})
