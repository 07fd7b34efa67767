"""Every declared aggregate against a plain loop that was written apart from the compiler."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from hypothesis import given

from features import declared
from features.build import build
from features.compile import Compiled, compile_all
from features.feature import Side
from features.sources.tables import table
from tests.features.naive import Rows, attributed, balances, held, known, value
from tests.features.random_worlds import AS_OF, FEW, TWO, Written, worlds
from tests.worlds import arrow, world

EARLIER = AS_OF - timedelta(31)
OF_SUBSCRIPTIONS = ("subscription_quantities", "license_assignments", "license_balances")


def is_written_apart(row: Compiled) -> bool:
    """Tell whether `naive` can reckon the feature; facts for reports may have forms of their own."""
    try:
        value(row.feature, row.product, [], AS_OF)
    except NotImplementedError:
        return False
    return True


RECKONED = [row for row in compile_all(TWO) if is_written_apart(row)]


def known_by_table(written: Written, when: Any) -> Mapping[str, Rows]:
    rows = {
        name: known(table(name), arrow(table(name), some).to_pylist(), when)
        for name, some in written.items()
        if name != "partners"
    }
    rows["license_balances"] = balances(rows["subscription_quantities"], rows["license_assignments"], when)
    mine = {name: held(rows[name], rows["subscriptions"], when) for name in OF_SUBSCRIPTIONS}
    of_domains = {name: attributed(rows[name], rows["accounts"]) for name in ("technologies", "signals")}
    return {**rows, **mine, **of_domains}


def reckoned(row: Compiled, rows: Mapping[str, Rows], account: str, when: Any) -> Any:
    own = [one for one in rows[row.feature.table.name] if one["account_id"] == account]
    found = value(row.feature, row.product, own, when)
    if found is None or isinstance(found, str):
        return found
    return float(found) if row.feature.side is Side.FACT else float(np.float32(found))


@given(worlds())
@FEW
def test_every_aggregate_agrees_with_a_plain_loop_to_the_last_digit(written: Written) -> None:
    with TemporaryDirectory() as folder:
        frames = build(world(Path(folder) / "w", **written), (EARLIER, AS_OF), TWO, Path(folder), threads=1)
        built = {when: pq.read_table(frames.path(when)) for when in frames.as_ofs}
    for when, frame in built.items():
        rows = known_by_table(written, when)
        accounts = frame["account_id"].to_pylist()
        assert accounts == sorted(row["account_id"] for row in rows["accounts"])
        expected = {
            row.column: [reckoned(row, rows, account, when) for account in accounts] for row in RECKONED
        }
        assert {name: frame[name].to_pylist() for name in expected} == expected


def test_every_feature_that_a_model_reads_is_written_apart() -> None:
    written = {row.feature.name for row in RECKONED}
    assert [
        row.name for row in declared.FEATURES if row.side is not Side.FACT and row.name not in written
    ] == []
