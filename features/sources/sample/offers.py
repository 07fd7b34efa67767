"""The opportunities that sellers open while interest lasts, win at a purchase and lose when it fades."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.products import PRODUCTS
from features.sources.sample.behaviour import COLD, Behaviour
from features.sources.sample.channel import Channel
from features.sources.sample.market import Market
from features.sources.sample.nastiness import known_days
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Ints, Timeline
from features.sources.schema import Kind
from features.sources.tables import OPPORTUNITIES

OPENED = np.array([0.004, 0.10, 0.32])
"""How often an opportunity is opened in a step, by interest."""
WON_SHARE = 0.92
"""Of the purchases with an open opportunity, those that close it."""
QUICK_SHARE = 0.25
"""Of the purchases without one, those whose opportunity is opened and won within the step."""
LOST = np.array([0.30, 0.04, 0.01])
"""How often an open opportunity is lost in a step, by interest."""
TYPICAL_CENTS = np.array([900_000, 700_000, 400_000, 800_000, 1_500_000, 700_000, 300_000])
OPEN_STATE, WON_STATE, LOST_STATE = range(3)
STATUSES = ("open", "won", "lost")
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Opportunities, one value each; `closed` is -1 while open, `status` a position in `STATUSES`."""

    account: Ints
    product: Ints
    created: Ints
    closed: Ints
    status: Ints


def make_offers(market: Market, timeline: Timeline, behaviour: Behaviour, *, seed: int) -> Offers:
    """Run the sellers through the steps of the world; opportunities in the order they were opened in."""
    rng = np.random.default_rng([seed, 10])
    opened = np.full(behaviour.owned_from.shape, NOWHERE, dtype=np.int64)
    finished = []
    for step in range(timeline.steps):
        interest, bought = behaviour.interest[step], behaviour.bought[step].astype(np.int64)
        begin, days = timeline.edges[step], timeline.days(step)
        active = ((market.joined <= step) & (step < market.dark_from))[:, None]
        day = begin + rng.integers(0, days, opened.shape)
        buys = bought >= 0
        draw = rng.random(opened.shape)
        quick = buys & (opened == NOWHERE) & (draw < QUICK_SHARE)
        opened = np.where(quick, begin + rng.integers(0, bought.clip(0) + 1), opened)
        won = buys & (opened != NOWHERE) & (quick | (draw < WON_SHARE))
        faded = np.where(active, LOST[interest], LOST[COLD])
        lost = ~buys & (opened != NOWHERE) & (draw < faded)
        finished.append(_closed(opened, won, begin + bought, WON_STATE))
        finished.append(_closed(opened, lost, day, LOST_STATE))
        opened = np.where(won | lost, NOWHERE, opened)
        opens = active & ~buys & ~lost & (opened == NOWHERE) & (draw < OPENED[interest])
        opened = np.where(opens, day, opened)
    finished.append(_closed(opened, opened != NOWHERE, np.full(opened.shape, NOWHERE), OPEN_STATE))
    account, product, created, closed, status = (np.concatenate(part) for part in zip(*finished, strict=True))
    order = np.lexsort((product, account, created))
    return Offers(
        account=account[order],
        product=product[order],
        created=created[order],
        closed=closed[order],
        status=status[order],
    )


def offer_rows(offers: Offers, market: Market, channel: Channel, *, seed: int) -> pa.Table:
    """Return opportunities: a row when one was opened, and another when it was known to be closed."""
    rng = np.random.default_rng([seed, 11])
    count = len(offers.created)
    size = (market.employees[offers.account] / 25) ** 0.7
    amount = (TYPICAL_CENTS[offers.product] * size * np.exp(rng.normal(0, 0.5, count))).astype(np.int64)
    partner = channel.seller(rng, offers.account, offers.created)
    first_known = known_days(rng, offers.created)
    is_closed = offers.status != OPEN_STATE
    last_known = np.maximum(known_days(rng, offers.closed), first_known + 1)
    both = np.concatenate([np.arange(count), np.flatnonzero(is_closed)])
    later = np.arange(len(both)) >= count
    return rows(
        OPPORTUNITIES,
        {
            "opportunity_id": numbered("O", both),
            "account_id": numbered("C", offers.account[both]),
            "partner_id": numbered("P", partner[both]),
            "product": named([product.sold_as[0] for product in PRODUCTS], offers.product[both]),
            "created_on": offers.created[both],
            "status": named(STATUSES, np.where(later, offers.status[both], OPEN_STATE)),
            "closed_on": only_where(offers.closed[both], later, Kind.DATE),
            "amount_cents": amount[both],
            "known_on": np.where(later, last_known[both], first_known[both]),
        },
    )


def _closed(opened: Ints, which: Flags, day: Ints, status: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    account, product = np.nonzero(which)
    created = opened[account, product]
    closed = np.maximum(day[account, product], created) if status != OPEN_STATE else day[account, product]
    return account, product, created, closed, np.full(len(account), status)
