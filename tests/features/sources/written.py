"""Small input folders written by hand, and what `accept` makes of them."""

from datetime import date
from pathlib import Path

import duckdb

from features.sources.mapping import load
from features.sources.read import Accepted, accept
from features.sources.tables import table

AS_OF = date(2026, 10, 25)
ACCOUNTS = """
account_id,known_on,account_name
A1,2026-01-01,One
A2,2026-01-01,Two
"""
TRANSACTIONS = """
transaction_id,account_id,product,sku,kind,transacted_on,known_on,quantity,amount_cents
T1,A1,Azure,AZ-1,new,2026-02-01,2026-02-02,1,100
T2,A2,Azure,AZ-1,new,2026-02-01,2026-02-02,1,100
"""


def put(place: Path, name: str, text: str) -> None:
    """Write a table as CSV; blanks around the text do not count."""
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")


def minimal(place: Path) -> Path:
    """Write the smallest folder that is accepted: two customers with an order each."""
    put(place, "accounts", ACCOUNTS)
    put(place, "transactions", TRANSACTIONS)
    return place


def taken(place: Path, *, tolerance: float = 1.0, as_of: date = AS_OF) -> Accepted:
    """Accept a folder; however many rows are bad unless said otherwise."""
    return accept(place, as_of=as_of, work=_work(place), quarantine=quarantine(place), tolerance=tolerance)


def mapped(place: Path, toml: str, **secrets: str) -> Accepted:
    """Accept the tables that a mapping beside the files names."""
    path = place / "tables.toml"
    path.write_text(toml, encoding="utf-8")
    mapping = load(path, secrets=secrets)
    return accept(None, mapping=mapping, as_of=AS_OF, work=_work(place), quarantine=quarantine(place))


def quarantine(place: Path) -> Path:
    """The folder of the rejected rows."""
    return place.parent / f"{place.name}-quarantine"


def _work(place: Path) -> Path:
    return place.parent / f"{place.name}-work"


def rows(accepted: Accepted, name: str, *columns: str) -> list[tuple[object, ...]]:
    """The accepted rows of a table, in the order of the file."""
    with duckdb.connect() as engine:
        relation = accepted.world.rows(table(name))
        return engine.execute(f"SELECT {', '.join(columns)} FROM {relation}").fetchall()


def told(accepted: Accepted, name: str) -> list[str]:
    """The breaches of a table, as sentences."""
    return [breach.sentence() for breach in accepted.breaches if breach.table == name]
