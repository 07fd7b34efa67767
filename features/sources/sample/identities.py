"""What the tables know of the customers: names, places and numbers, some missing, some corrected later."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from features.sources.sample.market import Market
from features.sources.sample.places import (
    COUNTRIES,
    FIRST_WORDS,
    INDUSTRIES,
    LEGAL_FORMS,
    NASTY_NAMES,
    NONPROFIT,
    SECOND_WORDS,
)
from features.sources.sample.rows import named, numbered, only_where, rows
from features.sources.sample.timeline import Flags, Ints, Timeline
from features.sources.schema import Kind
from features.sources.tables import ACCOUNTS

NASTY_SHARE = 0.03
CORRECTED_SHARE = 0.06
NO_SEGMENT_SHARE = 0.03
MISSING = {
    "employees": 0.08,
    "industry": 0.05,
    "vertical": 0.12,
    "domain": 0.04,
    "duns_number": 0.15,
    "state": 0.05,
}


def account_rows(market: Market, timeline: Timeline, *, domains: pa.Array, seed: int) -> pa.Table:
    """Return the accounts table: a first version of every customer, and the corrections."""
    rng = np.random.default_rng([seed, 6])
    count = market.size
    account = np.arange(count)
    corrected = np.flatnonzero(rng.random(count) < CORRECTED_SHARE)
    first_known = np.where(
        market.joined > 0, timeline.edges[market.joined], timeline.start - rng.integers(30, 1200, count)
    )
    later = rng.integers(np.maximum(first_known, timeline.start) + 1, timeline.end + 30)
    wrong = np.zeros(count, dtype=bool)
    wrong[corrected] = True
    missing = {name: rng.random(count) < share for name, share in MISSING.items()}
    estimate = np.maximum(market.employees * np.exp(rng.normal(0, 0.5, count)), 1).astype(np.int64)
    first = _versions(
        market, domains, missing, employees=np.where(wrong, estimate, market.employees), rng=rng
    )
    first = first.set_column(1, "known_on", pa.array(first_known.astype("datetime64[D]")))
    second = _filled(first, account[wrong], market)
    second = second.set_column(1, "known_on", pa.array(later[wrong].astype("datetime64[D]")))
    return pa.concat_tables([first, second])


def account_domains(market: Market, *, seed: int) -> pa.Array:
    """Return the domain of every customer, known to the tables or not."""
    rng = np.random.default_rng([seed, 7])
    first = rng.integers(0, len(FIRST_WORDS), market.size)
    second = rng.integers(0, len(SECOND_WORDS), market.size)
    return pa.array(
        [
            f"{FIRST_WORDS[one]}-{SECOND_WORDS[two]}-{number}.example".lower()
            for number, (one, two) in enumerate(zip(first, second, strict=True))
        ]
    )


def _versions(
    market: Market,
    domains: pa.Array,
    missing: Mapping[str, Flags],
    *,
    employees: Ints,
    rng: np.random.Generator,
) -> pa.Table:
    count = market.size
    segment = np.where(market.corporate, 1, np.where(rng.random(count) < NO_SEGMENT_SHARE, -1, 0))
    industry = named([row.name for row in INDUSTRIES], market.industry)
    verticals = [
        INDUSTRIES[of].verticals[at] for of, at in zip(market.industry, market.vertical, strict=True)
    ]
    return rows(
        ACCOUNTS,
        {
            "account_id": numbered("C", np.arange(count)),
            "known_on": np.zeros(count, dtype=np.int64),
            "duns_number": _unless(missing["duns_number"], numbered("49", rng.permutation(count))),
            "account_name": pa.array(_names(market, domains, rng)),
            "domain": _unless(missing["domain"], domains),
            "employees": only_where(employees, ~missing["employees"], Kind.INTEGER),
            "industry": _unless(missing["industry"], industry),
            "vertical": _unless(missing["vertical"] | missing["industry"], pa.array(verticals)),
            "segment": named(["SMB", "Corporate"], segment),
            "nonprofit_status": named([status for status, _ in NONPROFIT], market.nonprofit),
            **_geography(market, rng, no_state=missing["state"]),
        },
    )


def _geography(market: Market, rng: np.random.Generator, *, no_state: Flags) -> dict[str, pa.Array]:
    countries = [COUNTRIES[at] for at in market.country]
    cities = [country.cities[at] for country, at in zip(countries, market.city, strict=True)]
    tails = rng.integers(10, 99, market.size)
    territories = [row.territories[at] for row, at in zip(countries, market.territory, strict=True)]
    return {
        "area": pa.array([country.area for country in countries]),
        "subsidiary": pa.array([country.subsidiary for country in countries]),
        "sales_territory": pa.array(territories),
        "city": pa.array([city for city, _, _ in cities]),
        "state": _unless(no_state, pa.array([state or None for _, state, _ in cities], pa.string())),
        "postal_code": pa.array([f"{code}{tail}" for (_, _, code), tail in zip(cities, tails, strict=True)]),
        "country": pa.array([country.name for country in countries]),
    }


def _filled(first: pa.Table, chosen: Ints, market: Market) -> pa.Table:
    """Return the chosen rows with what was missing or wrong put right."""
    rows_ = first.take(pa.array(chosen))
    rows_ = rows_.set_column(5, "employees", pa.array(market.employees[chosen]))
    return rows_.set_column(6, "industry", named([row.name for row in INDUSTRIES], market.industry[chosen]))


def _names(market: Market, domains: pa.Array, rng: np.random.Generator) -> list[str]:
    form = rng.integers(0, len(LEGAL_FORMS), market.size)
    nasty = rng.random(market.size) < NASTY_SHARE
    strange = rng.integers(0, len(NASTY_NAMES), market.size)
    return [
        NASTY_NAMES[strange[at]] if nasty[at] else f"{_plain(domain)} {LEGAL_FORMS[form[at]]}"
        for at, domain in enumerate(domains.to_pylist())
    ]


def _plain(domain: str) -> str:
    """Return the name behind a domain such as `north-foods-12.example`."""
    first, second, _ = domain.split("-")
    return f"{first} {second}".title()


def _unless(missing: Flags, values: pa.Array) -> pa.Array:
    return only_where(values, ~missing, Kind.TEXT)
