"""What the newest signal behind a feature's value said: the words that a seller's reason quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from features import declared
from features.feature import Derived, Of
from features.products import Catalogue, Product
from features.sources.known import attributed_signals
from features.sources.tables import SIGNALS
from features.sources.world import World

LONGEST = 200
"""Characters of a quotation."""
PRIVATE_KINDS = ("site_visit", "content_download")
"""Kinds whose words nobody published: what a visitor looked at is counted, never quoted."""
_WORDS = r"""regexp_replace(trim(translate(s.text, ';"', ',''')), '\s+', ' ', 'g')"""
"""A `;` would part reasons, a double quote would end the quotation."""
_HOST = "coalesce(nullif(regexp_extract(s.url, '^https?://([^/:?#]+)', 1), ''), s.domain)"
_SAID = f"CASE WHEN length(words) <= {LONGEST} THEN words ELSE left(words, {LONGEST - 1}) || '…' END"
_QUOTED = f"""'"' || {_SAID} || '" (' || concat_ws(', ', host, strftime(happened_at, '%-d %b %Y')) || ')'"""


@dataclass(frozen=True, slots=True)
class Quoter:
    """Quotes the signals of a world that were known before an as-of date."""

    engine: duckdb.DuckDBPyConnection
    world: World
    as_of: date
    catalogue: Catalogue

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
        told = ", ".join(f"arg_min(quoted, age) FILTER (WHERE {counts})" for counts in counted.values())
        asked = pa.table({"account_id": pa.array(accounts, pa.string()), "place": range(len(accounts))})
        self.engine.register("asked_for_quotes", asked)
        found = self.engine.execute(f"""
            SELECT place, {told}
            FROM (SELECT *, {_QUOTED} AS quoted FROM (
                SELECT a.place, s.*, {_WORDS} AS words, {_HOST} AS host,
                       row_number() OVER (PARTITION BY a.place ORDER BY happened_at DESC, signal_id) AS age
                FROM {attributed_signals(self.world, (self.as_of,))} s
                JOIN asked_for_quotes a USING (account_id)
                WHERE s.kind NOT IN {PRIVATE_KINDS}) WHERE words <> '')
            GROUP BY place""").fetchall()
        self.engine.unregister("asked_for_quotes")
        quotes: dict[int, list[str | None]] = {at: [None] * len(accounts) for at in counted}
        for place, *quoted in found:
            for at, quote in zip(counted, quoted, strict=True):
                quotes[at][place] = quote
        return quotes

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
