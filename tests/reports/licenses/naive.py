"""Every KPI a second time: frames filtered row by row, sets of users, no masks, no lists, no shared facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from reports.licenses.rules import Rules

Number = int | None
Row = Mapping[str, Any]
Key = tuple[str, str, str]
"""Partner, family, name of the KPI."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it was made of; all None without data."""

    value: str
    numerator: Number
    denominator: Number = None


def told(numerator: Number, denominator: Number, times: int) -> str:
    """Write a ratio with two decimals, half up; nothing where it divides by zero."""
    if numerator is None or not denominator:
        return ""
    ratio = Decimal(numerator * times) / Decimal(denominator)
    return str(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP))


def rate(numerator: Number, denominator: Number, times: int = 100) -> Figure:
    """Divide what was summed."""
    return Figure(told(numerator, denominator, times), numerator, denominator)


def count(things: Iterable[object]) -> Figure:
    """Count distinct things."""
    number = len(set(things))
    return Figure(str(number), number)


def total(values: Iterable[Number]) -> Number:
    """Sum what is known of a set; an empty set sums to nothing, an unknown one to no data."""
    listed = list(values)
    known = [value for value in listed if value is not None]
    return sum(known) if known or not listed else None


def added_up(values: Iterable[Number]) -> Figure:
    """Sum licences."""
    number = total(values)
    return Figure("" if number is None else str(number), number)


@dataclass(frozen=True, slots=True)
class Section:
    """A subscription in force and a family, with what the sections sum up."""

    partner: str
    family: str
    account: str
    subscription: str
    trial: bool
    renews: bool
    added: date
    ends: date | None
    renewal: date | None
    total: Number
    assigned: Number
    available: Number
    overage: Number
    used: Number
    used_assigned: Number


class Naive:
    """A world of rows at an as-of date, looked at one question at a time."""

    def __init__(self, tables: Mapping[str, Sequence[Row]], as_of: date, rules: Rules) -> None:
        """Take the rows; those that happened or were known later are never looked at."""
        self.tables, self.as_of, self.rules = tables, as_of, rules
        self.start = as_of - timedelta(days=(as_of.weekday() + 1) % 7 + 7)
        self.end = self.start + timedelta(days=7)
        self.families = {row["product_id"]: row["product_family"] for row in tables["license_products"]}
        self.usage = [
            row for row in tables["usage_daily"] if row["used_on"] < as_of and row["activity_count"]
        ]
        self.first_used = min(
            (row["used_on"] for row in tables["usage_daily"] if row["used_on"] < as_of), default=None
        )
        versions = pd.DataFrame(tables["subscriptions"]).astype(object)
        known = versions[versions["known_on"].map(lambda day: day < as_of)].sort_values("known_on")
        self.subscriptions = [
            {str(name): None if pd.isna(value) else value for name, value in row.items()}
            for row in known.groupby("subscription_id").tail(1).to_dict("records")
        ]
        self.managing = {row["account_id"]: row["partner_id"] for row in tables["customer_profiles"]}
        self.managed_by = {row["account_id"]: row["managed_by"] for row in tables["customer_profiles"]}
        self.pairs = sorted(
            {
                (r["subscription_id"], r["product_id"])
                for r in tables["subscription_quantities"]
                if at(r["valid_from"]) < self.now
            }
            | {
                (r["subscription_id"], r["product_id"])
                for r in tables["license_assignments"]
                if at(r["assigned_at"]) < self.now
            }
        )

    @property
    def now(self) -> datetime:
        """The as-of instant."""
        return datetime.combine(self.as_of, datetime.min.time())

    def seller(self, row: Row) -> str | None:
        """Who sold a subscription."""
        if row["partner_id"]:
            return str(row["partner_id"])
        return None if row["channel"] == "direct" else self.managing[row["account_id"]]

    def running(self, row: Row) -> bool:
        """In force at the as-of date."""
        over = row["ends_on"] is not None and row["ends_on"] < self.as_of
        return (
            row["status"] == "active"
            and row["added_on"] <= self.as_of
            and not (row["ends_on"] is not None and row["ends_on"] < row["started_on"])
            and (not over or (row["auto_renew"] and not row["trial"]))
        )

    def units(self, subscription: str, product: str) -> Number:
        """Units at the as-of date; None where none were ever known."""
        rows = [
            row
            for row in self.tables["subscription_quantities"]
            if (row["subscription_id"], row["product_id"]) == (subscription, product)
            and at(row["valid_from"]) < self.now
        ]
        valid = [row for row in rows if row["valid_to"] is None or at(row["valid_to"]) >= self.now]
        if not rows:
            return None
        return max(valid, key=lambda row: at(row["valid_from"]))["total_units"] if valid else 0

    def holders(self, subscription: str, product: str) -> set[str]:
        """Who has a licence at the as-of date."""
        return {
            row["user_key"]
            for row in self.tables["license_assignments"]
            if (row["subscription_id"], row["product_id"]) == (subscription, product)
            and at(row["assigned_at"]) < self.now
            and (row["unassigned_at"] is None or at(row["unassigned_at"]) >= self.now)
        }

    def users(self, subscription: str, product: str) -> set[str] | None:
        """Who used a licence in the last week; None before the data begins."""
        if self.first_used is None or self.first_used >= self.end:
            return None
        return {
            row["user_key"]
            for row in self.usage
            if row["product_id"] == product
            and self.start <= row["used_on"] < self.end
            and self.subscription_of(row) == subscription
        }

    def subscription_of(self, row: Row) -> str | None:
        """The subscription a use names, or the only one of the customer that holds the product."""
        known = {found["subscription_id"]: found["account_id"] for found in self.subscriptions}
        if row["subscription_id"] in known:
            return str(row["subscription_id"])
        holding = [s for s, p in self.pairs if p == row["product_id"] and known.get(s) == row["account_id"]]
        return holding[0] if len(holding) == 1 else None

    def sections(self) -> list[Section]:
        """List the subscriptions in force by family of Meetings and Calling."""
        found = []
        for row in self.subscriptions:
            for family in ("meetings", "calling"):
                products = {
                    product
                    for subscription, product in self.every_pair()
                    if subscription == row["subscription_id"] and self.families.get(product) == family
                }
                if products and self.running(row) and self.seller(row):
                    found.append(self._section(row, family, sorted(products)))
        return found

    def every_pair(self) -> set[tuple[str | None, str]]:
        """List what is bought, assigned or used in each subscription."""
        used = {(self.subscription_of(row), row["product_id"]) for row in self.usage if self.in_reach(row)}
        return {*self.pairs, *used}

    def in_reach(self, row: Row) -> bool:
        """A use of the weeks or the three months that facts look at."""
        months = (pd.Timestamp(self.as_of) - pd.DateOffset(months=3)).date()
        return bool(row["used_on"] >= min(self.end - timedelta(weeks=13), months))

    def _section(self, row: Row, family: str, products: Sequence[str]) -> Section:
        name = row["subscription_id"]
        bought = [self.units(name, product) for product in products]
        held = [len(self.holders(name, product)) for product in products]
        used = [self.users(name, product) for product in products]
        both = [
            None if who is None else len(who & self.holders(name, product))
            for who, product in zip(used, products, strict=True)
        ]
        pairs = [(units, count) for units, count in zip(bought, held, strict=True) if units is not None]
        return Section(
            partner=str(self.seller(row)),
            family=family,
            account=row["account_id"],
            subscription=name,
            trial=row["trial"],
            renews=row["auto_renew"],
            added=row["added_on"],
            ends=row["ends_on"],
            renewal=row["renews_on"] or row["ends_on"],
            total=total(bought),
            assigned=total(held),
            available=total(max(0, units - count) for units, count in pairs) if pairs else None,
            overage=total(max(0, count - units) for units, count in pairs) if pairs else None,
            used=total(None if who is None else len(who) for who in used),
            used_assigned=total(both),
        )

    def recent(self, row: Section) -> bool:
        """Added in the last 90 days."""
        return 0 <= (self.as_of - row.added).days <= self.rules.soon_days

    def expiring(self, row: Section) -> bool:
        """Ends in 90 days and does not renew by itself."""
        return (
            (row.trial or not row.renews)
            and row.ends is not None
            and 0 <= (row.ends - self.as_of).days <= self.rules.soon_days
        )

    def renewing(self, row: Section) -> bool:
        """Renews by itself in 90 days."""
        return (
            not row.trial
            and row.renews
            and row.renewal is not None
            and 0 <= (row.renewal - self.as_of).days <= self.rules.soon_days
        )

    def low(self, row: Section, all_rows: Sequence[Section]) -> bool:
        """Below the peers' 25th percentile, and below 80 %."""
        if not row.total or row.assigned is None:
            return False
        others = [
            other
            for other in all_rows
            if other is not row and (other.partner, other.family) == (row.partner, row.family) and other.total
        ]
        peers = [other for other in others if band(other) == band(row)]
        if len(peers) < self.rules.least_peers:
            peers = others
        if len(peers) < self.rules.least_peers:
            return False
        quartile = pd.Series([printed(peer) for peer in peers]).quantile(0.25)
        return bool(printed(row) < quartile and printed(row) < self.rules.low_assignment_percent)


def at(when: object) -> datetime:
    """Read an instant; rows may have days."""
    assert isinstance(when, date)
    return when if isinstance(when, datetime) else datetime.combine(when, datetime.min.time())


def band(row: Section) -> int:
    """Size band."""
    assert row.total is not None
    return 0 if row.total <= 24 else 1 if row.total <= 300 else 2


def printed(row: Section) -> float:
    """The assigned percentage as the file prints it."""
    return float(told(row.assigned, row.total, 100))


def section_kpis(world: Naive, partner: str) -> dict[Key, Figure]:
    """Headline and section KPIs of a partner."""
    every = world.sections()
    rows = [row for row in every if row.partner == partner]
    sets = {
        "recent": [row for row in rows if world.recent(row)],
        "expiring": [row for row in rows if world.expiring(row)],
        "renewing": [row for row in rows if world.renewing(row)],
        "low": [row for row in rows if world.low(row, every)],
        "over": [row for row in rows if row.overage],
    }
    found: dict[Key, Figure] = {
        (partner, "", "WX-K2"): count(row.account for row in sets["expiring"]),
        (partner, "", "WX-K3"): count(row.account for row in sets["renewing"]),
        (partner, "", "WX-K4"): count(row.account for row in sets["low"]),
        (partner, "", "WX-K5"): count(row.account for row in sets["over"]),
        (partner, "", "Total customers"): count(
            account for account in _eligible(world, partner) if world.managed_by[account] == "partner_org"
        ),
        (partner, "", "managedCustomers"): count(
            account for account in customers(world, partner) if world.managed_by[account] == "partner_org"
        ),
    }
    for family in ("meetings", "calling"):
        of = {name: [row for row in chosen if row.family == family] for name, chosen in sets.items()}
        low, over = of["low"], of["over"]
        overage = total(row.overage for row in over)
        kpis = {
            "WX-K6": count(row.account for row in of["recent"]),
            "WX-K7": added_up(row.total for row in of["recent"]),
            "WX-K8": count(row.account for row in of["expiring"]),
            "WX-K9": _share(of["expiring"], "assigned", "total"),
            "WX-K10": _share(of["expiring"], "used", "total"),
            "WX-K11": count(row.account for row in of["renewing"]),
            "WX-K12": _share(of["renewing"], "assigned", "total"),
            "WX-K13": _share(of["renewing"], "used", "total"),
            "WX-K14": count(row.account for row in low),
            "WX-K15": _share(low, "assigned", "total"),
            "License use when assigned": _share(low, "used_assigned", "assigned"),
            "licenseUsage": _share(low, "used_assigned", "total"),
            "WX-K17": added_up(row.available for row in low),
            "Customers with overages": count(row.account for row in over),
            "usedOverTotal": _used_over_total([row for row in rows if row.family == family]),
            "WX-K19": added_up(row.overage for row in over),
            "WX-K20": rate(overage, len({row.account for row in over}), 1),
        }
        found |= {(partner, family, name): figure for name, figure in kpis.items()}
    return found


def _share(rows: Sequence[Section], above: str, below: str) -> Figure:
    return rate(total(getattr(row, above) for row in rows), total(getattr(row, below) for row in rows))


def _used_over_total(rows: Sequence[Section]) -> Figure:
    known = [row for row in rows if row.used is not None]
    if rows and not known:
        return Figure("", None)
    return count(row.subscription for row in known if row.total is not None and (row.used or 0) > row.total)


def customers(world: Naive, partner: str) -> set[str]:
    """Who a partner manages or has sold to."""
    sold = {str(row["account_id"]) for row in world.subscriptions if world.seller(row) == partner}
    return sold | {account for account, managing in world.managing.items() if managing == partner}


def _eligible(world: Naive, partner: str) -> set[str]:
    held = {s for s, p in world.every_pair() if world.families.get(p) in ("meetings", "calling")}
    return {
        str(row["account_id"])
        for row in world.subscriptions
        if row["subscription_id"] in held and world.seller(row) == partner
    }


def queue_kpis(world: Naive, partner: str) -> dict[Key, Figure]:
    """Call queue KPIs of a partner."""
    held = {s for s, p in world.every_pair() if world.families.get(p) == "calling"}
    mine = {
        row["account_id"]
        for row in world.subscriptions
        if row["subscription_id"] in held and world.seller(row) == partner
    }
    frame = pd.DataFrame(
        [
            {**row, "abandoned": row["outcome"] in ("hung_up", "left_message")}
            for row in world.tables["queue_calls"]
            if row["account_id"] in mine and world.start <= at(row["left_at"]).date() < world.end
        ],
        columns=["account_id", "abandoned", "wait_seconds"],
    )
    reached, lost = frame[~frame["abandoned"].astype(bool)], frame[frame["abandoned"].astype(bool)]
    rates = [
        int(Decimal(told(int(rows["abandoned"].sum()), len(rows), 100)) * 100)
        for _, rows in frame.groupby("account_id")
    ]
    mean = told(sum(rates), len(rates) * 100, 1)
    return {
        (partner, "calling", "WX-K21"): rate(int(reached["wait_seconds"].sum()), len(reached), 1),
        (partner, "calling", "WX-K22"): rate(int(lost["wait_seconds"].sum()), len(lost), 1),
        (partner, "calling", "Avg abandoned call rate"): rate(len(lost), len(frame)),
        (partner, "calling", "meanCustomerAbandonedRate"): Figure(mean, None, len(rates)),
    }


def center_kpis(world: Naive, partner: str) -> dict[Key, Figure]:
    """Deployment and usage of a partner in both scopes."""
    sellers = {row["subscription_id"]: world.seller(row) for row in world.subscriptions}
    mine = customers(world, partner)
    found: dict[Key, Figure] = {}
    for scope in ("all_partners", "own"):
        rows = [
            row
            for row in world.subscriptions
            if row["account_id"] in mine
            and (scope == "all_partners" or sellers[row["subscription_id"]] == partner)
        ]
        entitled = {row["subscription_id"] for row in rows if world.running(row) and not row["trial"]}
        pairs = _microsoft(world, entitled)
        sold = total(world.units(*pair) for pair in pairs)
        deployed = total(len(world.holders(*pair)) for pair in pairs)
        found[partner, "", f"Deployment % ({scope})"] = rate(deployed, sold)
        found[partner, "", f"Usage % ({scope})"] = _usage(world, rows, pairs)
    return found


def _microsoft(world: Naive, chosen: set[object]) -> list[tuple[str, str]]:
    return [
        (s, p)
        for s, p in world.pairs
        if s in chosen and world.families.get(p) in ("office365", "dynamics365")
    ]


def _usage(world: Naive, rows: Sequence[Row], entitled: Sequence[tuple[str, str]]) -> Figure:
    rollups = {row["workload_code"]: row.get("rollup_workload_code") for row in world.tables["workloads"]}
    known = {row["subscription_id"] for row in world.subscriptions}
    mine = {row["subscription_id"]: row["account_id"] for row in rows}
    products = {(mine[s], p) for s, p in _microsoft(world, set(mine))}
    reach = [row for row in world.usage if world.in_reach(row)]
    workloads = {
        (row["product_id"], rollups.get(row["workload_code"]) or row["workload_code"]) for row in reach
    }
    active = {
        (
            row["account_id"],
            row["product_id"],
            rollups.get(row["workload_code"]) or row["workload_code"],
            row["user_key"],
        )
        for row in reach
        if row["used_on"] >= world.as_of - timedelta(days=28)
        and (row["account_id"], row["product_id"]) in products
        and (row["subscription_id"] in mine or row["subscription_id"] not in known)
    }
    qualified = total(
        world.units(s, p) for s, p in entitled for product, _ in sorted(workloads) if product == p
    )
    return rate(len(active), qualified)
