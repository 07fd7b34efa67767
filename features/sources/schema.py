"""The form of a declaration: a column, a table, and when a row of it happened and was known."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a value is. The value of a member is its DuckDB type."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    NUMBER = "DOUBLE"
    DATE = "DATE"
    INSTANT = "TIMESTAMP"
    FLAG = "BOOLEAN"


class Whose(StrEnum):
    """How a row of a table finds its customer.

    It is about nobody; it names the customer; it may name no more than a domain; it names a subscription.
    """

    NOBODY = "nobody"
    ACCOUNT = "account"
    DOMAIN = "domain"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A named value with its meaning and its bounds; `low` and `high` are both allowed values."""

    name: str
    kind: Kind
    meaning: str
    optional: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers_to: str | None = None
    """The table whose key column of the same entity this value must be found in."""
    past: bool = False
    """A day or an instant that cannot be after the row was known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A source table: its columns and the rule by which its rows become known.

    `happened` and `known` name columns. A row is known from `known` on; where nothing records that, from
    `happened` plus `lag` on. `lag` also says how long after a date nearly all its rows are known: a window is
    closed that long after its end. Of the rows that agree in `version_of`, only the last known one counts.
    `ends` names the column from which on a row is no longer current. `own_by` names the column that tells
    which product a row is about. A row of a `shows_ownership` table is a fact that only an owner of its
    product can show.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    happened: str | None = None
    known: str | None = None
    lag: timedelta = timedelta(0)
    version_of: tuple[str, ...] = ()
    ends: str | None = None
    ends_after: bool = False
    """The day in `ends` is the last one on which the row is current, rather than the first without it."""
    own_by: str | None = None
    shows_ownership: bool = False
    made_of: tuple["Table", ...] = ()
    """The inputs that it is reckoned from, where it is none itself."""
    required: bool = False
    negative_unless: tuple[str, str, str] | None = None
    """(quantity column, enum column, value): the quantity may be negative only with that value."""
    any_of: tuple[str, ...] = ()
    """Columns that may be empty, but not all of them."""

    def column(self, name: str) -> Column:
        """Return the column of that name; `KeyError` where the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in declared order."""
        return tuple(column.name for column in self.columns)

    @property
    def customer(self) -> str | None:
        """The column that names the customer of a row; None where none does."""
        names = (column.name for column in self.columns if column.refers_to == "accounts")
        return "account_id" if "account_id" in self.names else next(names, None)

    @property
    def whose(self) -> Whose:
        """Tell how a row finds its customer."""
        if self.customer is not None:
            return Whose.DOMAIN if "domain" in self.any_of else Whose.ACCOUNT
        return Whose.SUBSCRIPTION if "subscription_id" in self.names else Whose.NOBODY

    @property
    def changes_hands(self) -> bool:
        """Tell whether versions of one thing may name several customers."""
        return self.whose is Whose.ACCOUNT and bool(self.version_of) and self.customer not in self.version_of

    @property
    def is_shared(self) -> bool:
        """Tell whether a row may have to be known where several customers are looked at apart."""
        return self.changes_hands or self.whose in (Whose.DOMAIN, Whose.SUBSCRIPTION)

    @property
    def inputs(self) -> tuple["Table", ...]:
        """The inputs that its rows come from: itself, unless it is made of others."""
        return self.made_of or (self,)

    def ended_on(self) -> str | None:
        """SQL: the first day on which a row is no longer current; None where rows never end."""
        return f"({self.ends} + 1)" if self.ends is not None and self.ends_after else self.ends

    def known_at(self) -> str:
        """SQL: the instant from which on a row was known; null where a row was always known."""
        if self.known is not None:
            return f"CAST({self.known} AS TIMESTAMP)"
        if self.happened is not None:
            if not self.lag:
                return f"CAST({self.happened} AS TIMESTAMP)"
            days = self.lag / timedelta(days=1)
            return f"(CAST({self.happened} AS TIMESTAMP) + to_seconds({round(days * 86400)}))"
        return "CAST(NULL AS TIMESTAMP)"

    def known_by(self, as_of: str) -> str:
        """SQL: the row was known before the instant that the SQL expression `as_of` gives.

        The only filter on knowledge in the project: features, labels, validation and licence facts use it.
        """
        if self.known is None and self.happened is None:
            return "TRUE"
        return f"{self.known_at()} < {as_of}"
