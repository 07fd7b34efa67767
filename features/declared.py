"""All families of features joined: the one list that the builder, the models, the docs and the tests read."""

from collections.abc import Mapping
from types import MappingProxyType

from features import (
    agreements,
    consumption,
    facts,
    firmographic,
    opportunities,
    purchases,
    renewals,
    signals,
    technology,
    usage,
)
from features.feature import Derived, Feature

FEATURES: tuple[Feature, ...] = (
    *firmographic.FEATURES,
    *technology.FEATURES,
    *purchases.FEATURES,
    *agreements.FEATURES,
    *opportunities.FEATURES,
    *consumption.FEATURES,
    *signals.FEATURES,
    *usage.FEATURES,
    *facts.FACTS,
)
DERIVED: tuple[Derived, ...] = (*purchases.DERIVED, *consumption.DERIVED, *signals.DERIVED, *usage.DERIVED)
_ALL: tuple[Feature | Derived, ...] = (*FEATURES, *DERIVED, *renewals.FACTS)
BY_NAME: Mapping[str, Feature | Derived] = MappingProxyType({row.name: row for row in _ALL})


def feature(column: str) -> Feature | Derived:
    """Return the declaration behind a feature's name, or behind a column compiled from it."""
    return BY_NAME[column.split("__", maxsplit=1)[0]]
