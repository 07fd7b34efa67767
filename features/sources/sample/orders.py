"""The orders that follow from what was bought: order lines, yearly or monthly renewals, returns."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.products import PRODUCTS
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.behaviour import LONG_AGO, Behaviour
from features.sources.sample.channel import Channel
from features.sources.sample.market import Market
from features.sources.sample.nastiness import known_days
from features.sources.sample.places import PROGRAMMES
from features.sources.sample.rows import named, numbered, rows
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline
from features.sources.tables import TRANSACTIONS

KINDS = ("new", "add", "renew", "return")
NEW, ADD, RENEW, RETURN = range(4)
ADDED_SHARE = 0.15
"""Seats of an addition, against those of the first purchase."""
COPILOT_SHARE, STEP_UP_SHARE = 0.18, 0.25
"""Of the additions to Microsoft 365: Copilot seats, and seats of a greater suite."""
RETURNED_SHARE = 0.025
CANCELLED_A_MONTH = 0.004
ON_PREMISES_SHARE = 0.08
YEAR, MONTH = 365, 30


@dataclass(frozen=True, slots=True)
class Sku:
    """Something sold: its yearly price, the share of employees that get it, and who chooses it.

    `shares` are weights in customers under 25 employees, under 300, and above.
    """

    prefix: str
    name: str
    cents: int
    reach: float
    shares: tuple[float, float, float]
    renews: bool = True


SKUS = (
    Sku("Azure", "AZURE-PLAN", 240_000, 0.0, (1, 1, 0.7), renews=False),
    Sku("Azure", "AZURE-RI", 600_000, 0.0, (0.05, 0.2, 0.5), renews=False),
    Sku("M365", "M365-BB", 7_200, 0.8, (0.5, 0.2, 0.0)),
    Sku("M365", "M365-BS", 15_000, 0.8, (0.35, 0.4, 0.0)),
    Sku("M365", "M365-BP", 26_400, 0.7, (0.13, 0.35, 0.05)),
    Sku("M365", "M365-F3", 9_600, 0.5, (0.0, 0.02, 0.25)),
    Sku("M365", "M365-E3", 43_200, 0.6, (0.0, 0.03, 0.45)),
    Sku("M365", "M365-E5", 68_400, 0.5, (0.0, 0.01, 0.2)),
    Sku("M365", "M365-COPILOT", 36_000, 0.1, (0.0, 0.0, 0.0)),
    Sku("M365", "OFFICE-LTSC", 30_000, 0.4, (0.02, 0.03, 0.05), renews=False),
    Sku("M365", "EXCHANGE-SRV", 90_000, 0.02, (0.0, 0.01, 0.02), renews=False),
    Sku("Security", "DEFENDER-BIZ", 3_600, 0.8, (0.9, 0.6, 0.0)),
    Sku("Security", "ENTRA-P2", 10_800, 0.3, (0.1, 0.25, 0.3)),
    Sku("Security", "M365-E5-SEC", 14_400, 0.6, (0.0, 0.15, 0.7)),
    Sku("Surface", "SURFACE-GO", 60_000, 0.15, (0.45, 0.25, 0.2), renews=False),
    Sku("Surface", "SURFACE-LAPTOP", 110_000, 0.12, (0.3, 0.4, 0.4), renews=False),
    Sku("Surface", "SURFACE-PRO", 130_000, 0.12, (0.25, 0.35, 0.4), renews=False),
    Sku("D365BC", "D365-BC-ESS", 84_000, 0.15, (0.8, 0.6, 0.5)),
    Sku("D365BC", "D365-BC-PREM", 120_000, 0.15, (0.17, 0.37, 0.47)),
    Sku("D365BC", "DYN-NAV", 150_000, 0.1, (0.02, 0.02, 0.02), renews=False),
    Sku("D365BC", "DYN-GP", 150_000, 0.1, (0.01, 0.01, 0.0), renews=False),
    Sku("D365BC", "DYN-AX", 240_000, 0.1, (0.0, 0.0, 0.03), renews=False),
    Sku("D365SP", "D365-SP", 78_000, 0.15, (0.98, 0.97, 0.95)),
    Sku("D365SP", "DYN-CRM", 90_000, 0.15, (0.02, 0.03, 0.05), renews=False),
    Sku("PowerApps", "PWR-APPS", 24_000, 0.25, (1, 1, 1)),
)
SKU_NAMES = tuple(sku.name for sku in SKUS)
CENTS = np.array([sku.cents for sku in SKUS])
REACH = np.array([sku.reach for sku in SKUS])
COPILOT = SKU_NAMES.index("M365-COPILOT")
ON_PREMISES = {"M365": "EXCHANGE-SRV", "D365BC": "DYN-NAV", "D365SP": "DYN-CRM"}
"""What customers without a product renew instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Order lines; one value each. Texts are positions in `SKUS`, `KINDS`, and the catalogue."""

    account: Ints
    product: Ints
    sku: Ints
    kind: Ints
    day: Ints
    quantity: Ints
    amount: Ints

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.day)

    def where(self, chosen: Flags | Ints) -> "Lines":
        """Return the chosen lines."""
        return Lines(**{name: getattr(self, name)[chosen] for name in Lines.__slots__})


def together(parts: tuple[Lines, ...]) -> Lines:
    """Return all lines of all parts."""
    return Lines(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Lines.__slots__}
    )


def order_lines(market: Market, timeline: Timeline, behaviour: Behaviour, *, seed: int) -> Lines:
    """Return every order line of the world, by day."""
    rng = np.random.default_rng([seed, 8])
    dark_day = _dark_days(market, timeline)
    bought = _purchases(rng, market, timeline, behaviour)
    kept = together(
        (
            bought,
            _renewals(rng, market, bought, until=dark_day),
            _on_premises(rng, market, timeline, behaviour, until=dark_day),
            _returns(rng, bought),
        )
    )
    kept = kept.where((kept.day < timeline.end) & (kept.day < dark_day[kept.account]))
    return kept.where(np.lexsort((kept.sku, kept.kind, kept.product, kept.account, kept.day)))


def line_rows(lines: Lines, market: Market, channel: Channel, *, first: int, seed: int) -> pa.Table:
    """Return rows of the transactions table; ids are numbered from `first`."""
    rng = np.random.default_rng([seed, 9, first])
    programme = np.where(rng.random(len(lines)) < 0.05, -1, market.programme[lines.account])
    return rows(
        TRANSACTIONS,
        {
            "transaction_id": numbered("T", np.arange(first, first + len(lines))),
            "account_id": numbered("C", lines.account),
            "partner_id": numbered("P", channel.seller(rng, lines.account, lines.day)),
            "product": named([product.sold_as[0] for product in PRODUCTS], lines.product),
            "sku": named(SKU_NAMES, lines.sku),
            "kind": named(KINDS, lines.kind),
            "license_program": named([row.name for row in PROGRAMMES], programme),
            "transacted_on": lines.day,
            "known_on": known_days(rng, lines.day),
            "quantity": lines.quantity,
            "amount_cents": lines.amount,
        },
    )


def _dark_days(market: Market, timeline: Timeline) -> Ints:
    return timeline.edges[np.minimum(market.dark_from, timeline.steps)]


def _purchases(rng: np.random.Generator, market: Market, timeline: Timeline, behaviour: Behaviour) -> Lines:
    step, account, product = np.nonzero(behaviour.bought >= 0)
    day = timeline.edges[step] + behaviour.bought[step, account, product]
    first = behaviour.owned_from[account, product] == step
    before, owned = np.nonzero(behaviour.owned_from == LONG_AGO)
    account = np.concatenate([account, before])
    product = np.concatenate([product, owned])
    day = np.concatenate([day, timeline.start - rng.integers(1, YEAR, len(before), endpoint=True)])
    kind = np.where(np.concatenate([first, np.ones(len(before), dtype=bool)]), NEW, ADD)
    taste = rng.random(behaviour.owned_from.shape)[account, product]
    step_up = (kind == ADD) & (rng.random(len(day)) < STEP_UP_SHARE)
    sku = _choose_sku(market.employees[account], product, np.where(step_up, 0.5 + taste / 2, taste))
    copilot = (product == PREFIXES.index("M365")) & (kind == ADD) & (rng.random(len(day)) < COPILOT_SHARE)
    sku = np.where(copilot, COPILOT, sku)
    share = np.where((kind == ADD) & ~copilot, ADDED_SHARE, 1.0) * np.exp(rng.normal(0, 0.4, len(day)))
    quantity = np.maximum(market.employees[account] * REACH[sku] * share, 1).astype(np.int64)
    amount = _amounts(rng, market, account=account, sku=sku, quantity=quantity)
    return Lines(
        account=account, product=product, sku=sku, kind=kind, day=day, quantity=quantity, amount=amount
    )


def _choose_sku(employees: Ints, product: Ints, taste: Floats) -> Ints:
    size = np.digitize(employees, (25, 300))
    chosen = np.zeros(len(product), dtype=np.int64)
    for of, prefix in enumerate(PREFIXES):
        offered = np.array([at for at, sku in enumerate(SKUS) if sku.prefix == prefix])
        for group in range(3):
            shares = np.array([SKUS[at].shares[group] for at in offered])
            edges = (shares / shares.sum()).cumsum()
            at = (product == of) & (size == group)
            chosen[at] = offered[np.searchsorted(edges[:-1], taste[at], side="right")]
    return chosen


def _amounts(rng: np.random.Generator, market: Market, *, account: Ints, sku: Ints, quantity: Ints) -> Ints:
    """Price the lines: a year of every unit, a month where that is billed; Azure grows with size."""
    monthly = np.array([row.monthly for row in PROGRAMMES])[market.programme[account]]
    renews = np.array([row.renews for row in SKUS])[sku]
    units = np.where(REACH[sku] > 0, quantity, (market.employees[account] / 25) ** 0.6)
    full = CENTS[sku] * units * rng.uniform(0.85, 1.1, len(sku))
    return np.maximum(np.where(monthly & renews, full / 12, full), 100).astype(np.int64)


def _renewals(rng: np.random.Generator, market: Market, bought: Lines, *, until: Ints) -> Lines:
    """Renew what is subscribed, monthly or yearly, with all seats bought by then, until cancelled."""
    lasting = bought.where(np.array([row.renews for row in SKUS])[bought.sku] & (bought.sku != COPILOT))
    pair = lasting.account * len(PREFIXES) + lasting.product
    lasting = lasting.where(np.lexsort((lasting.day, pair)))
    pair = np.sort(pair)
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    account, day = lasting.account[starts], lasting.day[starts]
    monthly = np.array([row.monthly for row in PROGRAMMES])[market.programme[account]]
    every = np.where(monthly, MONTH, YEAR)
    ends = np.minimum(day + MONTH * rng.geometric(CANCELLED_A_MONTH, len(day)), until[account])
    times = np.maximum((ends - 1 - day) // every, 0)
    source = np.repeat(np.arange(len(starts)), times)
    turn = np.arange(len(source)) - np.repeat(times.cumsum() - times, times) + 1
    when = day[source] + turn * every[source]
    wide = np.int64(1) << 20
    at = np.searchsorted(pair * wide + lasting.day, pair[starts][source] * wide + when, side="right") - 1
    quantity, amount = _running(lasting.quantity, starts), _running(lasting.amount, starts)
    return Lines(
        account=account[source],
        product=lasting.product[starts][source],
        sku=lasting.sku[at],
        kind=np.full(len(source), RENEW),
        day=when,
        quantity=quantity[at],
        amount=amount[at],
    )


def _running(values: Ints, starts: Ints) -> Ints:
    """Return the running total within each group that begins at `starts`."""
    total = values.cumsum()
    before = np.repeat((total - values)[starts], np.diff(np.append(starts, len(values))))
    return total - before


def _on_premises(
    rng: np.random.Generator, market: Market, timeline: Timeline, behaviour: Behaviour, *, until: Ints
) -> Lines:
    """Renew on-premises licences of customers who do not own the product, yearly until they do."""
    parts = []
    for prefix, name in ON_PREMISES.items():
        of, sku = PREFIXES.index(prefix), SKU_NAMES.index(name)
        owned = behaviour.owned_from[:, of]
        has = (owned != LONG_AGO) & (rng.random(market.size) < ON_PREMISES_SHARE) & (market.joined == 0)
        first = timeline.start - rng.integers(1, YEAR, market.size, endpoint=True)
        stops = np.minimum(timeline.edges[np.clip(owned, 0, timeline.steps)], until)
        for year in range(timeline.steps // 12 + 2):
            day = first + YEAR * year
            account = np.flatnonzero(has & (day < stops))
            quantity = np.maximum(market.employees[account] * REACH[sku], 1).astype(np.int64)
            parts.append(
                Lines(
                    account=account,
                    product=np.full(len(account), of),
                    sku=np.full(len(account), sku),
                    kind=np.full(len(account), RENEW),
                    day=day[account],
                    quantity=quantity,
                    amount=_amounts(
                        rng, market, account=account, sku=np.full(len(account), sku), quantity=quantity
                    ),
                )
            )
    return together(tuple(parts))


def _returns(rng: np.random.Generator, bought: Lines) -> Lines:
    back = bought.where(rng.random(len(bought)) < RETURNED_SHARE)
    part = np.where(rng.random(len(back)) < 0.5, 1.0, 0.4)
    quantity = np.maximum(back.quantity * part, 1).astype(np.int64)
    return Lines(
        account=back.account,
        product=back.product,
        sku=back.sku,
        kind=np.full(len(back), RETURN),
        day=back.day + rng.integers(3, 40, len(back)),
        quantity=-quantity,
        amount=-(back.amount * quantity // back.quantity),
    )
