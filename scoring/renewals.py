"""What we expect of every agreement that ends soon."""

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import expit

from features import matrix
from features.build import Frames
from features.customers import roots
from features.renewals import DAYS_AHEAD
from features.sources.known import known_rows
from features.sources.tables import AGREEMENTS, PARTNER_ACCOUNTS
from features.sources.world import World
from models import renewal
from models.model import State
from models.renewal import Agreements
from models.scale import points
from scoring.cells import CLASSES, STANDARD, told
from scoring.compiled import CompiledRenewal
from scoring.reasons import reasons
from scoring.score import Scored
from scoring.telling import Teller

RENEWALS = pa.schema(
    [
        pa.field("agreement_id", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        ("global_id", pa.string()),
        ("license_program", pa.string()),
        ("revenue_division", pa.string()),
        ("ends_on", pa.date32()),
        ("expiration_type", pa.string()),
        ("expiring_revenue_cents", pa.int64()),
        ("renewal_score", pa.int8()),
        ("renewal_class", pa.string()),
        ("renewal_probability", pa.float64()),
        pa.field("renewal_state", pa.string(), nullable=False),
        ("renewal_reasons", pa.string()),
    ]
)
"""One row is an agreement in force that ends soon; `global_id` is the root of the partner that holds it, null
where none does or where there is but one partner. Where it is not scored the renewal columns are null."""


def score_renewals(
    engine: duckdb.DuckDBPyConnection,
    frames: Frames,
    world: World,
    compiled: CompiledRenewal | None,
    *,
    as_of: date,
    days: int = DAYS_AHEAD,
    threads: int = 1,
) -> Scored:
    """Return the agreements in force that end within `days` (`RENEWALS`), sorted by account and agreement.

    Without a model there was too little history; agreements of customers that are not listed, and those whose
    outcome is already known, are out of scope.
    """
    held = _in_force(engine, world, as_of, days)
    if compiled is None:
        return Scored(_table(held.assign(renewal_state=State.TOO_LITTLE.value)), ())
    model = compiled.model
    there = renewal.read(frames, world, [as_of], names=model.names, levels=model.levels, days=days)
    compiled = compiled.checked(there.values)
    told = _scored(frames, compiled, there, threads)
    scored = held.merge(told, on="agreement_id", how="left", validate="1:1")
    rows = _table(scored.fillna({"renewal_state": State.OUT_OF_SCOPE.value}))
    return Scored(rows, compiled.patterns.warnings)


def _in_force(engine: duckdb.DuckDBPyConnection, world: World, as_of: date, days: int) -> pd.DataFrame:
    global_id, join = "NULL", ""
    if world.has(PARTNER_ACCOUNTS):
        global_id, join = (
            "coalesce(r.global_id, a.partner_id)",
            f"LEFT JOIN {roots(world)} r USING (partner_id)",
        )
    return engine.execute(f"""
        SELECT a.agreement_id, a.account_id, CAST({global_id} AS VARCHAR) AS global_id, a.license_program,
               a.revenue_division, a.ends_on, a.expiration_type, a.expiring_revenue_cents
        FROM {known_rows(world, AGREEMENTS, [as_of])} a {join}
        WHERE a.ends_on >= as_of AND a.ends_on < as_of + INTERVAL {days} DAY
        ORDER BY a.account_id, a.agreement_id""").df()


def _scored(frames: Frames, compiled: CompiledRenewal, there: Agreements, threads: int) -> pd.DataFrame:
    """Return one row an agreement that is scored: agreement_id and the renewal columns."""
    model = compiled.model
    log_odds = compiled.log_odds(there.values, threads=threads)
    score = points(log_odds, model.anchor)
    teller = Teller(model.names, model.levels, product=None, catalogue=frames.catalogue)
    texts = reasons(compiled, there.values, log_odds, matrix.families(model.names), teller, threads=threads)
    return pd.DataFrame(
        {
            "agreement_id": there.agreement_ids,
            "renewal_score": score,
            "renewal_class": told(CLASSES, STANDARD.classes(score)),
            "renewal_probability": expit(log_odds),
            "renewal_state": State.SCORED.value,
            "renewal_reasons": np.array([text or None for text in texts], dtype=object),
        }
    )


def _table(held: pd.DataFrame) -> pa.Table:
    columns: dict[str, Any] = {
        field.name: pa.array(held[field.name], type=field.type, from_pandas=True)
        if field.name in held
        else pa.nulls(len(held), field.type)
        for field in RENEWALS
    }
    return pa.table(columns, schema=RENEWALS)
