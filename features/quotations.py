"""What the newest signal behind a feature's value said: the words that a seller's reason quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from features import declared
from features.feature import Derived, Of
from features.products import Catalogue, Product
from features.sources.known import attributed_rows
from features.sources.tables import SIGNALS
from features.sources.world import World

LONGEST = 200
"""Characters of a quotation."""
PRIVATE_KINDS = ("site_visit", "content_download")
"""Kinds whose words nobody published: what a visitor looked at is counted, never quoted."""
_WORDS = r"""regexp_replace(trim(translate(text, ';"', ',''')), '\s+', ' ', 'g')"""
"""A `;` would part reasons, a double quote would end the quotation."""
_HOST = "coalesce(nullif(regexp_extract(url, '^https?://([^/:?#]+)', 1), ''), domain)"
_SAID = f"CASE WHEN length(words) <= {LONGEST} THEN words ELSE left(words, {LONGEST - 1}) || '…' END"
_QUOTED = f"""'"' || {_SAID} || '" (' || concat_ws(', ', host, strftime(happened_at, '%-d %b %Y')) || ')'"""


@dataclass(frozen=True, slots=True)
class Quoter:
    """Quotes the signals of a world that were known before an as-of date; `read` makes one."""

    engine: duckdb.DuckDBPyConnection
    world: World
    catalogue: Catalogue

    @classmethod
    def read(
        cls, engine: duckdb.DuckDBPyConnection, world: World, as_of: date, catalogue: Catalogue
    ) -> "Quoter":
        """Make the table `quotable` of what may be quoted, numbered from a customer's newest on."""
        if world.has(SIGNALS):
            engine.execute(f"""
                CREATE OR REPLACE TEMP TABLE quotable AS
                SELECT account_id, kind, topic, happened_at, as_of, text, url, domain,
                       row_number() OVER (PARTITION BY account_id ORDER BY happened_at DESC, signal_id) AS age
                FROM {attributed_rows(world, SIGNALS, (as_of,))}
                WHERE kind NOT IN {PRIVATE_KINDS} AND trim(text) <> '' AND account_id IS NOT NULL""")
        return cls(engine, world, catalogue)

    def quotes(
        self, columns: Sequence[str], accounts: Sequence[str], product: Product
    ) -> Mapping[int, list[str | None]]:
        """Return what is quoted to each account about each column made of signals, by the column's place.

        It is the newest signal with words among those that the value counts, and of the account alone: a
        signal belongs to a customer, not to a partner. None where there is none.
        """
        rows = {place: self._rows(column, product) for place, column in enumerate(columns)}
        counted = {place: counts for place, counts in rows.items() if counts is not None}
        if not (counted and accounts and self.world.has(SIGNALS)):
            return {}
        ages = self._ages(list(counted.values()), accounts)
        said = self._said({(account, age) for account, *newest in ages for age in newest if age})
        places = {account: place for place, account in enumerate(accounts)}
        quotes: dict[int, list[str | None]] = {at: [None] * len(accounts) for at in counted}
        for account, *newest in ages:
            for at, age in zip(counted, newest, strict=True):
                quotes[at][places[account]] = said.get((account, age))
        return quotes

    def _ages(self, counted: Sequence[str], accounts: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return each account with the number of the newest signal that each of the rules holds for."""
        newest = ", ".join(f"min(age) FILTER (WHERE {rule})" for rule in counted)
        self.engine.register("asked", pa.table({"account_id": pa.array(accounts, pa.string())}))
        found = self.engine.execute(f"""
            SELECT account_id, {newest} FROM quotable JOIN asked USING (account_id) GROUP BY account_id""")
        return found.fetchall()

    def _said(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Return the quotation of each of the signals, told by account and number."""
        accounts, ages = zip(*sorted(wanted), strict=True) if wanted else ((), ())
        columns = {"account_id": pa.array(accounts, pa.string()), "age": pa.array(ages, pa.int64())}
        self.engine.register("asked", pa.table(columns))
        found = self.engine.execute(f"""
            SELECT account_id, age, {_QUOTED}
            FROM (SELECT *, {_WORDS} AS words, {_HOST} AS host
                  FROM quotable JOIN asked USING (account_id, age))""")
        return {(account, age): quoted for account, age, quoted in found.fetchall()}

    def _rows(self, column: str, product: Product) -> str | None:
        """SQL: the row is among those that a column counts; None for a column that is not made of signals."""
        row = declared.feature(column)
        if isinstance(row, Derived):
            row = declared.feature(row.inputs[0])
        if isinstance(row, Derived) or row.table is not SIGNALS:
            return None
        prefix = column.partition("__")[2]
        about = self.catalogue.product(prefix) if prefix else product
        whose = {
            Of.ALL: "TRUE",
            Of.RIVAL: about.rival_rows(SIGNALS),
            Of.OTHER: f"NOT {about.own_rows(SIGNALS)}",
        }.get(row.of, about.own_rows(SIGNALS))
        return f"({row.where}) AND {whose} AND {row.window.holds('happened_at', None, 'as_of')}"
