"""The published columns of licence reports: REST spellings, percentages in hundredths until written."""

from dataclasses import dataclass

from features.sources.schema import Column, Kind
from reports.field import Field, Form, Group, Report
from reports.licenses.kpi import Need
from reports.licenses.rules import PROCESSED

GROUP = Group.LICENSE


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseReport:
    """A licence report, the tables without which it has no data, and its order as SQL over what it reads."""

    report: Report
    needs: tuple[Need, ...]
    order: str

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.report.name


def text(name: str, meaning: str, sql: str, *, optional: bool = False) -> Field:
    """Declare a column of text."""
    return _field(name, meaning, sql, Form.STRING, Kind.TEXT, told="text", optional=optional)


def choice(name: str, meaning: str, sql: str, *, allowed: tuple[str, ...], optional: bool = False) -> Field:
    """Declare a column of a closed list."""
    column = Column(name=name, kind=Kind.TEXT, meaning=meaning, optional=optional, allowed=allowed)
    told = " | ".join(allowed)
    return Field(name=name, form=Form.ENUM, column=column, meaning=meaning, sql=sql, told=told, group=GROUP)


def names(name: str, meaning: str, sql: str) -> Field:
    """Declare a column of names joined with '; '."""
    return _field(name, meaning, sql, Form.LIST, Kind.TEXT, told="names joined with '; '")


def count(name: str, meaning: str, sql: str, *, signed: bool = False) -> Field:
    """Declare a column of whole numbers; empty is no data."""
    column = Column(name=name, kind=Kind.INTEGER, meaning=meaning, optional=True, low=None if signed else 0)
    told = "whole number" if signed else ">= 0"
    sql = f"({sql})::BIGINT"
    return Field(
        name=name, form=Form.INTEGER, column=column, meaning=meaning, sql=sql, told=told, group=GROUP
    )


def percent(name: str, meaning: str, sql: str) -> Field:
    """Declare a percentage; `sql` gives hundredths of a percent; empty on a zero denominator."""
    return _field(
        name, meaning, f"({sql})::BIGINT", Form.HUNDREDTHS, Kind.INTEGER, told="percent, two decimals"
    )


def decimal(name: str, meaning: str, sql: str) -> Field:
    """Declare a number of two decimals; `sql` gives hundredths."""
    return _field(name, meaning, f"({sql})::BIGINT", Form.HUNDREDTHS, Kind.INTEGER, told="two decimals")


def day(name: str, meaning: str, sql: str) -> Field:
    """Declare a column of dates."""
    return _field(name, meaning, sql, Form.DATE, Kind.DATE, told="YYYY-MM-DD")


def instant(name: str, meaning: str, sql: str, *, optional: bool = False) -> Field:
    """Declare a column of instants in UTC."""
    told = "YYYY-MM-DDThh:mm:ssZ"
    sql = f"strftime({sql}, '%Y-%m-%dT%H:%M:%SZ')"
    return _field(name, meaning, sql, Form.STRING, Kind.TEXT, told=told, optional=optional)


def flag(name: str, meaning: str, sql: str) -> Field:
    """Declare a predicate; empty where it is unknown."""
    return _field(name, meaning, sql, Form.FLAG, Kind.FLAG, told="Yes | No")


def _field(
    name: str, meaning: str, sql: str, form: Form, kind: Kind, *, told: str, optional: bool = True
) -> Field:
    column = Column(name=name, kind=kind, meaning=meaning, optional=optional)
    return Field(name=name, form=form, column=column, meaning=meaning, sql=sql, told=told, group=GROUP)


COMMON = (
    instant("asOf", "The instant the figures stand on.", PROCESSED),
    text("partnerId", "The partner, root of its chain.", "partner_id"),
)
FAMILY = text("productFamily", "meetings, calling, or another product family.", "family", optional=True)
ORG = (
    text("orgId", "The customer; CustomerID of the propensity reports.", "account_id"),
    text("orgName", "The customer's name.", "customer_name"),
)
SUBSCRIPTION = text("subscriptionId", "The subscription or trial.", "subscription_id")
TRIAL = flag("trial", "It is a trial.", "trial")
TOTAL = count("totalUnits", "Licences purchased now.", "total")
CONSUMED = count("consumedUnits", "Licences assigned now.", "assigned")
USED = count("used", "Licences used in the last completed week.", "used")
AVAILABLE = count("available", "Licences purchased and not assigned, at least 0.", "available")


def license_report(
    name: str,
    row: str,
    fields: tuple[Field, ...],
    *,
    reads: str,
    key: tuple[str, ...],
    order: str,
    needs: tuple[Need, ...],
) -> LicenseReport:
    """Declare a licence report; the common columns come first, and the partner in key and order."""
    report = Report(name=name, row=row, key=("partnerId", *key), reads=reads, fields=(*COMMON, *fields))
    return LicenseReport(report=report, needs=needs, order=f"partner_id, {order}")
