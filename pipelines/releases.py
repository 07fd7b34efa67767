"""What is recorded of a training with the models, and how it is read again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from features.declared import feature
from models import renewal
from models.evaluate import Interval
from models.figures import Drift, Figures
from models.promote import Promotion
from models.registry.versions import Release, Version
from models.train import Training

PREFIX = "ascent-"
RENEWAL = f"{PREFIX}renewal"
REVENUE = f"{PREFIX}revenue"
PRODUCTS_TAG = "ascent.products"
DECISION_TAG = "ascent.decision"
PROMOTED_TAG = "ascent.promoted"
FIGURES_TAG = "ascent.figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a version says of its training, kept with it in the registry."""

    purchases: int = 0
    drift: Drift | None = None
    measures: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)


def told(version: Version) -> Told:
    """Read what a version says of its training."""
    if FIGURES_TAG not in version.tags:
        return Told()
    kept = json.loads(version.tags[FIGURES_TAG])
    # A version recorded before drift was kept says nothing of it until the next training.
    drift = kept.get("drift")
    return Told(
        purchases=kept["purchases"],
        drift=None if drift is None else Drift(**drift),
        measures={name: tuple(values) for name, values in kept["measures"].items()},
    )


def is_promoted(version: Version) -> bool:
    """Tell whether a version was found no worse than the champion that it was judged against."""
    return version.tags.get(PROMOTED_TAG) == "yes"


def releases(training: Training, decisions: Mapping[str, Promotion]) -> list[Release]:
    """Return what there is to record of a training; the revenue model comes last."""
    found = []
    for prefix, one in sorted(training.models.items()):
        figures, decision = training.figures[prefix], decisions[prefix]
        found.append(
            Release(
                name=f"{PREFIX}{prefix}",
                model=one,
                names=one.names,
                texts=frozenset(name for name in one.names if feature(name).is_text),
                parameters={
                    "state": one.state,
                    "purchases": one.purchases,
                    "own_weight": round(one.own_weight, 4),
                    "trained_through": one.trained_through,
                    "rows": figures.rows,
                    "rate.purchases": figures.chances[0],
                    "rate.others": figures.chances[1],
                    **{f"trees.{name}": count for name, count in figures.trees.items()},
                },
                metrics=_metrics(figures),
                tags=_tags(figures, decision),
                importance=figures.importance,
                reliability=None if figures.judged is None else figures.judged.reliability,
                gain=None if figures.judged is None else figures.judged.gain,
            )
        )
    if training.renewal is not None:
        figures = training.figures[renewal.NAME]
        found.append(
            Release(
                name=RENEWAL, model=training.renewal, metrics=_metrics(figures), tags=_tags(figures, None)
            )
        )
    # The last one: where it is there, the training was recorded as a whole.
    return [*found, Release(name=REVENUE, model=training.revenue, tags={PROMOTED_TAG: "yes"})]


def _metrics(figures: Figures) -> dict[str, float]:
    metrics = {"base_rate": figures.base_rate}
    for name, interval in _measures(figures).items():
        metrics |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return metrics


def _tags(figures: Figures, decision: Promotion | None) -> dict[str, str]:
    kept = {
        "purchases": figures.purchases,
        "drift": None if figures.drift is None else asdict(figures.drift),
        "measures": {name: (told.value, told.low, told.high) for name, told in _measures(figures).items()},
    }
    return {
        FIGURES_TAG: json.dumps(kept, sort_keys=True),
        PROMOTED_TAG: "yes" if decision is None or decision.is_promoted else "no",
        DECISION_TAG: "trained for the month" if decision is None else decision.reason,
    }


def _measures(figures: Figures) -> Mapping[str, Interval]:
    return {} if figures.judged is None else figures.judged.measures
