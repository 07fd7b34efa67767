"""Random small licence worlds: few customers, few products, and days on both sides of every edge."""

import random
from datetime import UTC, date, datetime, time, timedelta

from tests.reports.licenses.written import PRODUCTS, WORKLOADS
from tests.worlds import Row

AS_OFS = (
    date(2026, 10, 25),
    date(2026, 10, 28),
    date(2024, 2, 29),
    date(2024, 5, 31),
    date(2026, 1, 1),
    date(2026, 3, 29),
)
"""A Sunday on which clocks change, a Wednesday, a leap day, a month's end, a new year, the spring change."""
STATUSES = ("active",) * 6 + ("grace_period", "expired", "suspended", "cancelled")
ACCOUNTS = ("a", "b", "c", "d", "e")
IDS = tuple(str(row["product_id"]) for row in PRODUCTS)
OFTEN = ("calling", "calling", "meetings", "e3")


def random_licences(seed: int, as_of: date) -> dict[str, list[Row]]:
    """Draw a world of every table that a KPI reads."""
    draw = random.Random(seed)

    def day(low: int, high: int) -> date:
        return as_of + timedelta(days=draw.randint(low, high))

    def instant(low: int, high: int) -> datetime:
        return datetime.combine(day(low, high), time(draw.choice((0, 0, 12, 23))))

    names = [f"s{number}" for number in range(draw.randint(3, 20))]
    subscriptions = [version for name in names for version in _versions(draw, name, as_of)]
    accounts = {row["subscription_id"]: row["account_id"] for row in subscriptions}
    held = [(name, product) for name in names for product in _products(draw)]
    quantities: list[Row] = []
    assignments: list[Row] = []
    usage: list[Row] = []
    for name, product in held:
        for since in sorted({day(-400, 1), day(-100, 1)})[: draw.randint(1, 2)]:
            until = draw.choice((None, None, instant(-90, 30)))
            row: Row = {
                "subscription_id": name,
                "product_id": product,
                "total_units": draw.choice((0, 1, 2, 3, 5, 8, 8, 30)),
            }
            quantities.append({**row, "valid_from": datetime.combine(since, time()), "valid_to": until})
        for user in draw.sample("uvwxyz", draw.randint(0, 4)):
            held_by: Row = {
                "subscription_id": name,
                "product_id": product,
                "user_key": user,
                "assignee_type": "user",
            }
            until = draw.choice((None, None, None, instant(-40, 5)))
            assignments.append({**held_by, "assigned_at": instant(-200, 1), "unassigned_at": until})
        for user in draw.sample("uvwxyz", draw.randint(0, 6)):
            usage.append(
                {
                    "used_on": draw.choice(
                        (day(-110, 2), day(-13, 0), day(-7, -6), day(-7, -6), day(-30, -26))
                    ),
                    "account_id": accounts[name],
                    "subscription_id": draw.choice((name, name, None)),
                    "product_id": product,
                    "workload_code": draw.choice(WORKLOADS)["workload_code"],
                    "user_key": user,
                    "activity_count": draw.choice((1, 5, 0)),
                }
            )
    queue: list[Row] = [
        {
            "account_id": draw.choice(ACCOUNTS),
            "queue_id": "q",
            "entered_at": (left := instant(-16, 1)),
            "left_at": left,
            "outcome": draw.choice(("answered", "moved_to_queue", "hung_up", "left_message")),
            "wait_seconds": draw.randint(0, 99),
        }
        for _ in range(draw.randint(0, 12))
    ]
    return {
        "customer_profiles": [_profile(draw, account) for account in ACCOUNTS],
        "license_products": list(PRODUCTS),
        "workloads": list(WORKLOADS),
        "subscriptions": subscriptions,
        "subscription_quantities": quantities,
        "license_assignments": assignments,
        "usage_daily": usage,
        "queue_calls": queue,
    }


def _products(draw: random.Random) -> list[str]:
    return sorted({draw.choice(OFTEN), *draw.sample(IDS, draw.randint(0, 2))})


def _profile(draw: random.Random, account: str) -> Row:
    return {
        "account_id": account,
        "partner_id": draw.choice(("p1", "p2")),
        "managed_by": draw.choice(("partner_org", "external_admin")),
        "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    }


def _versions(draw: random.Random, name: str, as_of: date) -> list[Row]:
    added = as_of - timedelta(days=draw.choice((0, 1, 13, 14, 89, 90, 91, 300)))
    ends = draw.choice((None, *(as_of + timedelta(days=days) for days in (-1, 0, 1, 89, 90, 91, 200))))
    row: Row = {
        "subscription_id": name,
        "account_id": draw.choice(ACCOUNTS),
        "partner_id": draw.choice((None, "p1", "p1", "p1", "p2")),
        "channel": draw.choice((None, "reseller", "direct")),
        "trial": draw.random() < 0.25,
        "status": draw.choice(STATUSES),
        "added_on": added,
        "started_on": added,
        "ends_on": ends,
        "auto_renew": draw.random() < 0.5,
        "renews_on": draw.choice((None, ends)),
        "setup_complete": True,
        "known_on": added - timedelta(days=2),
    }
    if draw.random() < 0.7:
        return [row]
    later = {"status": draw.choice(STATUSES), "known_on": as_of + timedelta(days=draw.choice((-1, 0)))}
    return [row, {**row, **later}]
