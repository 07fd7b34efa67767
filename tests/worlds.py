"""Small written worlds: rows given by the columns that matter, the rest filled in."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from features.sources.schema import Kind, Table
from features.sources.tables import table
from features.sources.world import World

Row = Mapping[str, object]
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.FLAG: pa.bool_(),
}
EARLY = date(2020, 1, 1)
FILLED: Mapping[str, Row] = {
    "partners": {"partner_name": "Partner"},
    "accounts": {"known_on": EARLY, "segment": "SMB"},
    "partner_accounts": {"partner_id": "p1", "since_on": EARLY, "known_on": EARLY},
    "transactions": {"sku": "S", "kind": "new", "quantity": 1, "amount_cents": 100},
    "azure_consumption": {"workload": "Storage", "amount_cents": 100},
    "agreements": {
        "license_program": "EA",
        "revenue_division": "Microsoft 365",
        "started_on": EARLY,
        "expiration_type": "Full",
        "expiring_revenue_cents": 100,
        "known_on": EARLY,
    },
    "opportunities": {"status": "open", "amount_cents": 100},
    "technologies": {"vendor": "V", "category": "C"},
    "signals": {"kind": "site_visit", "topic": "azure", "strength": 0.5},
    "subscriptions": {
        "trial": False,
        "status": "active",
        "added_on": EARLY,
        "started_on": EARLY,
        "auto_renew": False,
        "setup_complete": True,
        "known_on": EARLY,
    },
    "subscription_quantities": {"product_id": "m", "total_units": 1},
    "license_assignments": {"product_id": "m", "assignee_type": "user"},
    "usage_daily": {
        "subscription_id": None,
        "product_id": "m",
        "workload_code": "w",
        "user_key": "u",
        "activity_count": 1,
    },
    "support_tickets": {"kind": "how_to"},
}
SAME_AS: Mapping[str, tuple[str, str]] = {
    "transactions": ("known_on", "transacted_on"),
    "azure_consumption": ("known_on", "month_on"),
    "opportunities": ("known_on", "created_on"),
    "technologies": ("known_on", "seen_on"),
    "signals": ("known_at", "happened_at"),
    "support_tickets": ("known_at", "opened_at"),
}


def arrow(declared: Table, rows: Sequence[Row]) -> pa.Table:
    """Return the rows as an Arrow table of the declared columns; ids are numbered where not given."""
    filled = []
    for number, given in enumerate(rows):
        row = {**FILLED.get(declared.name, {}), **given}
        if declared.name in SAME_AS:
            known, happened = SAME_AS[declared.name]
            row.setdefault(known, row[happened])
        for key in declared.key:
            row.setdefault(key, f"{declared.name}-{number}")
        filled.append({name: row.get(name) for name in declared.names})
    schema = pa.schema([(column.name, ARROW[column.kind]) for column in declared.columns])
    return pa.Table.from_pylist(filled, schema=schema)


def world(folder: Path, **tables: Sequence[Row]) -> World:
    """Write the tables given by name as a world."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        pq.write_table(arrow(table(name), rows), folder / f"{name}.parquet")
    return World(folder, tuple(table(name) for name in tables))
