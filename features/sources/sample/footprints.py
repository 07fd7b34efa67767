"""The signals that interest leaves, the noise around them, and the news about customers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.products import PRODUCTS
from features.sources.sample.appetites import APPETITES
from features.sources.sample.behaviour import Behaviour
from features.sources.sample.market import Market, pick
from features.sources.sample.nastiness import DAY, known_instants
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Floats, Ints, Timeline
from features.sources.schema import Kind
from features.sources.tables import COMPANY_TOPIC, SIGNAL_KINDS, SIGNALS

A_MONTH = np.array([0.02, 2.0, 5.0])
"""Signals about a product in a month, by interest."""
RIVAL_A_MONTH = 0.03
"""Signals about its rivals from a customer that has one of them."""
NEWS_A_MONTH = 0.05
KIND_SHARES = (
    {
        "site_visit": 0.80,
        "blog_post": 0.05,
        "social_post": 0.10,
        "content_download": 0.02,
        "job_posting": 0.03,
    },
    {
        "site_visit": 0.66,
        "content_download": 0.14,
        "social_post": 0.06,
        "forum_post": 0.05,
        "event": 0.04,
        "job_posting": 0.05,
    },
    {
        "site_visit": 0.42,
        "content_download": 0.24,
        "forum_post": 0.14,
        "event": 0.12,
        "job_posting": 0.08,
    },
)
STRENGTHS = np.array([0.20, 0.45, 0.72])
STRENGTH_SPREAD = 0.10
NEWS = ("press_release", "funding", "size_change", "job_posting", "blog_post")
MERGER = SIGNAL_KINDS.index("merger")
DOMAIN_ONLY_SHARE, NO_DOMAIN_SHARE = 0.03, 0.2
TOPICS = tuple(
    dict.fromkeys(
        [topic for product in PRODUCTS for topic in product.topics + product.rival_topics] + [COMPANY_TOPIC]
    )
)
COMPANY = TOPICS.index(COMPANY_TOPIC)
TELLING = ("blog_post", "press_release", "social_post", "forum_post", "job_posting", "funding", "merger")
SENTENCES = tuple(
    f"{kind.replace('_', ' ').capitalize()} about {topic}" if kind in TELLING else None
    for topic in TOPICS
    for kind in SIGNAL_KINDS
)
ADDRESSES = tuple(
    f"https://news.example/{kind}/{topic.replace(' ', '-')}" if kind in TELLING else None
    for topic in TOPICS
    for kind in SIGNAL_KINDS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprints:
    """Signals, one value each; `topic` and `kind` are positions in `TOPICS` and `SIGNAL_KINDS`."""

    account: Ints
    topic: Ints
    kind: Ints
    strength: Floats


def signal_rows(
    market: Market, timeline: Timeline, behaviour: Behaviour, *, domains: pa.Array, seed: int
) -> Iterator[pa.Table]:
    """Yield the signals table step by step, each by the instant it happened at."""
    first = 0
    for step in range(timeline.steps):
        rng = np.random.default_rng([seed, 12, step])
        active = (market.joined <= step) & (step < market.dark_from)
        parts = (
            _interest(rng, behaviour, step=step, active=active),
            _rivals(rng, market, step=step, active=active),
            _news(rng, market, step=step, active=active),
        )
        marks = Footprints(
            account=np.concatenate([part.account for part in parts]),
            topic=np.concatenate([part.topic for part in parts]),
            kind=np.concatenate([part.kind for part in parts]),
            strength=np.concatenate([part.strength for part in parts]),
        )
        yield _rows(
            rng,
            marks,
            begin=int(timeline.edges[step]),
            days=timeline.days(step),
            first=first,
            domains=domains,
        )
        first += len(marks.account)


def _interest(rng: np.random.Generator, behaviour: Behaviour, *, step: int, active: Flags) -> Footprints:
    talk = np.array([appetite.talk for appetite in APPETITES])
    interest = behaviour.interest[step]
    counts = rng.poisson(A_MONTH[interest] * talk * active[:, None])
    account, product = np.nonzero(counts)
    times = counts[account, product]
    account, product = np.repeat(account, times), np.repeat(product, times)
    state = interest[account, product]
    kind = np.zeros(len(account), dtype=np.int64)
    for of, shares in enumerate(KIND_SHARES):
        at = state == of
        codes = np.array([SIGNAL_KINDS.index(name) for name in shares])
        kind[at] = codes[pick(rng, list(shares.values()), int(at.sum()))]
    return Footprints(
        account=account,
        topic=_topics(rng, product, rival=False),
        kind=kind,
        strength=(STRENGTHS[state] + rng.normal(0, STRENGTH_SPREAD, len(account))).clip(0.02, 1),
    )


def _rivals(rng: np.random.Generator, market: Market, *, step: int, active: Flags) -> Footprints:
    """Show the rivals in use, and those that come and go."""
    has = market.has_rival(step)
    account, product = np.nonzero(rng.poisson(RIVAL_A_MONTH * has * active[:, None]))
    kind = np.full(len(account), SIGNAL_KINDS.index("site_visit"))
    turns = []
    for name, when in (("technology_adopted", market.rival_from), ("technology_retired", market.rival_until)):
        turned, of = np.nonzero((when == step) & active[:, None] & (rng.random(has.shape) < 0.6))
        turns.append((turned, of, np.full(len(turned), SIGNAL_KINDS.index(name))))
    account = np.concatenate([account, *(turn[0] for turn in turns)])
    product = np.concatenate([product, *(turn[1] for turn in turns)])
    return Footprints(
        account=account,
        topic=_topics(rng, product, rival=True),
        kind=np.concatenate([kind, *(turn[2] for turn in turns)]),
        strength=rng.uniform(0.1, 0.7, len(account)),
    )


def _news(rng: np.random.Generator, market: Market, *, step: int, active: Flags) -> Footprints:
    """Report on customers whatever they want, and the mergers by which some end."""
    account = np.flatnonzero(rng.random(market.size) < NEWS_A_MONTH * active)
    codes = np.array([SIGNAL_KINDS.index(name) for name in NEWS])
    kind = codes[rng.integers(0, len(NEWS), len(account))]
    merged = np.flatnonzero(market.merges & (market.dark_from == step + 1) & active)
    account = np.concatenate([account, merged])
    return Footprints(
        account=account,
        topic=np.full(len(account), COMPANY),
        kind=np.concatenate([kind, np.full(len(merged), MERGER)]),
        strength=rng.uniform(0.2, 0.9, len(account)),
    )


def _topics(rng: np.random.Generator, product: Ints, *, rival: bool) -> Ints:
    """Draw a topic of each product, its first twice as often as the others."""
    chosen = np.zeros(len(product), dtype=np.int64)
    for of, declared in enumerate(PRODUCTS):
        at = np.flatnonzero(product == of)
        names = declared.rival_topics if rival else declared.topics
        codes = np.array([TOPICS.index(name) for name in names])
        chosen[at] = codes[pick(rng, [2.0] + [1.0] * (len(codes) - 1), len(at))]
    return chosen


def _rows(
    rng: np.random.Generator, marks: Footprints, *, begin: int, days: int, first: int, domains: pa.Array
) -> pa.Table:
    count = len(marks.account)
    happened = np.sort(begin * DAY + (rng.random(count) * days * DAY).astype(np.int64))
    order = rng.permutation(count)
    account, kind, topic = marks.account[order], marks.kind[order], marks.topic[order]
    draw = rng.random(count)
    domain_only = draw < DOMAIN_ONLY_SHARE
    no_domain = draw > 1 - NO_DOMAIN_SHARE
    said = topic * len(SIGNAL_KINDS) + kind
    return rows(
        SIGNALS,
        {
            "signal_id": numbered("S", np.arange(first, first + count)),
            "account_id": only_where(numbered("C", account), ~domain_only, Kind.TEXT),
            "domain": only_where(domains.take(pa.array(account)), ~no_domain, Kind.TEXT),
            "kind": named(SIGNAL_KINDS, kind),
            "topic": named(TOPICS, topic),
            "strength": marks.strength[order].round(3),
            "happened_at": happened,
            "known_at": known_instants(rng, happened),
            "url": named(ADDRESSES, said),
            "text": named(SENTENCES, said),
            "classifier": pa.nulls(count, pa.string()),
        },
    )
