"""Training the propensity models: pooled trees, own trees, then weights, levels and figures."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.special import expit

from features import matrix
from features.products import Product
from models.calibrate import Calibration, calibrate, mean, relevel, shared
from models.figures import Figures, Rehearsal, judge
from models.leaks import Telltale, telltales
from models.learn import Learned, Sample, folds_of, learn
from models.model import (
    BOOSTERS,
    EVERYTHING,
    FIT,
    INTENT,
    TOO_FEW_PURCHASES,
    Anchors,
    Calibrations,
    PropensityModel,
    log_odds_of,
    own_weight,
)
from models.source import Source
from models.splits import Split, thinned
from models.trees import Floats

POOLED_ROWS = 100_000
OWN_TREES_FROM = 40
"""Purchases below which a product gets no trees of its own: they would weigh next to nothing."""
OWN_ALONE_ABOVE = 0.95


@dataclass(frozen=True, slots=True)
class Trained:
    """A product's model and its figures."""

    model: PropensityModel
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A product's trees and, of its training rows, what calibration needs; a row a customer and date."""

    product: Product
    own: Learned | None
    pooled: Learned | None
    weight: float
    purchases: int
    accounts: NDArray[np.str_]
    as_of: NDArray[np.datetime64]
    bought: Floats
    weights: Floats | None
    good_rate: float
    margins: Floats
    """Of boosters that did not see the customer, blended."""
    rehearsed: Floats | None
    """Of boosters grown on the earlier dates, blended."""
    telltales: tuple[Telltale, ...]


def train_products(
    source: Source,
    products: Sequence[Product],
    *,
    purchasers: Mapping[str, int],
    jobs: int,
    seed: int,
    anchors: Mapping[str, Anchors],
    progress: Callable[[str], None],
) -> dict[str, Trained]:
    """Train every product with at least 20 purchasers; the result does not depend on `jobs`.

    `anchors` are those of earlier releases, by prefix; a product without them is anchored now.
    """
    pooled = _pooled(source, products, purchasers, jobs=jobs, seed=seed, progress=progress)
    scored = [product for product in products if purchasers[product.prefix] >= TOO_FEW_PURCHASES]
    parallel = Parallel(n_jobs=jobs, backend="threading", return_as="generator")
    grown = []
    for one in parallel(
        delayed(_grow_product)(
            source, product, products.index(product), purchasers[product.prefix], pooled, seed
        )
        for product in scored
    ):
        progress(f"trees of {one.product.name}")
        grown.append(one)
    if not grown:
        return {}
    prior = _shared_prior(grown)
    trained = parallel(
        delayed(_finish)(source, one, prior, anchors.get(one.product.prefix), seed) for one in grown
    )
    return {one.model.product: one for one in trained}


def _pooled(
    source: Source,
    products: Sequence[Product],
    purchasers: Mapping[str, int],
    *,
    jobs: int,
    seed: int,
    progress: Callable[[str], None],
) -> Learned | None:
    """Grow the trees of all products together; None where no product would lean on them."""
    together = [product for product in products if purchasers[product.prefix] > 0]
    if len(together) < 2 or all(_weight(purchasers[one.prefix], pooled=True) == 1 for one in together):
        return None
    progress("trees of all products together")
    dates = thinned(source.split.as_ofs)
    everyone = sum(len(matrix.read(source.frames, dates, one, (), {}).accounts) for one in together)
    share = POOLED_ROWS / max(1, everyone)
    parts = [_part(source.sample(one, dates), products.index(one), share) for one in together]
    return learn(_stacked(parts), source.layout, split=source.split, seed=seed, jobs=jobs)


def _part(sample: Sample, code: int, share: float) -> Sample:
    """Return the rows of a share of the customers, the same in every product, with the product's code."""
    if share < 1:
        names, place = np.unique(sample.accounts, return_inverse=True)
        drawn = np.array([zlib.crc32(b"pooled" + name.encode()) < share * 2**32 for name in names.tolist()])
        sample = sample.rows(np.flatnonzero(drawn[place]))
    return Sample(
        values=np.column_stack([sample.values, np.full(len(sample.values), code, dtype=np.float32)]),
        accounts=sample.accounts,
        as_of=sample.as_of,
        bought=sample.bought,
        good=sample.good,
        weights=sample.weights,
        pooled=True,
    )


def _stacked(parts: Sequence[Sample]) -> Sample:
    return Sample(
        values=np.concatenate([part.values for part in parts]),
        accounts=np.concatenate([part.accounts for part in parts]),
        as_of=np.concatenate([part.as_of for part in parts]),
        bought=np.concatenate([part.bought for part in parts]),
        good=np.concatenate([part.good for part in parts]),
        weights=_joined([part.weights for part in parts]),
        pooled=True,
    )


def _joined(weights: Sequence[Floats | None]) -> Floats | None:
    told = [one for one in weights if one is not None]
    return np.concatenate(told) if told else None


def _weight(purchases: int, *, pooled: bool) -> float:
    if not pooled:
        return 1.0
    if purchases < OWN_TREES_FROM:
        return 0.0
    weight = own_weight(purchases)
    return 1.0 if weight > OWN_ALONE_ABOVE else weight


def _grow_product(
    source: Source, product: Product, code: int, purchases: int, pooled: Learned | None, seed: int
) -> Grown:
    sample = source.sample(product, source.dates(product, purchases))
    weight = _weight(purchases, pooled=pooled is not None)
    own = learn(sample, source.layout, split=source.split, seed=seed) if weight > 0 else None
    shared_trees = pooled.of_product(code) if pooled is not None and weight < 1 else None
    folds = folds_of(sample.accounts)
    margins = np.zeros((len(sample.bought), len(BOOSTERS)))
    rehearsed: Floats | None = np.zeros_like(margins)
    for share, learned in _blend(own, shared_trees, weight):
        margins += share * learned.unseen(sample.values, folds)
        if rehearsed is not None:
            earlier = learned.rehearsal
            rehearsed = None if earlier is None else rehearsed + share * earlier.read(sample.values)
    return Grown(
        product=product,
        own=own,
        pooled=shared_trees,
        weight=weight,
        purchases=purchases,
        accounts=sample.accounts,
        as_of=sample.as_of,
        bought=sample.bought,
        weights=sample.weights,
        good_rate=mean(sample.good, sample.weights),
        margins=margins,
        rehearsed=rehearsed,
        telltales=telltales(sample.values, source.layout.names, sample.bought, product=product.name),
    )


def _blend(own: Learned | None, pooled: Learned | None, weight: float) -> Iterator[tuple[float, Learned]]:
    if own is not None:
        yield weight, own
    if pooled is not None:
        yield 1 - weight, pooled


def _alone(
    margins: Floats, bought: Floats, weights: Floats | None, good_rate: float
) -> tuple[Calibration, Calibration]:
    """Calibrate fit and intent, each from its own margins."""
    # The look-alike trees are grown on owners as well, so their level is that of owning or buying.
    too_high = log_odds_of(good_rate) - log_odds_of(mean(bought, weights))
    fit = calibrate(margins[:, FIT], bought, Calibration((0.5, 0.5), -too_high / 2), weights)
    return fit, calibrate(margins[:, INTENT], bought, Calibration((1.0,), 0.0), weights)


def _together(margins: Floats, fit: Calibration, intent: Calibration) -> Floats:
    """Return fit log-odds, intent log-odds and the margin of everything: all on the scale of a purchase."""
    return np.column_stack(
        [fit.log_odds(margins[:, FIT]), intent.log_odds(margins[:, INTENT]), margins[:, EVERYTHING]]
    )


def _shared_prior(grown: Sequence[Grown]) -> Calibration:
    """Return the weights and level that all products share."""
    columns = [
        _together(one.margins, *_alone(one.margins, one.bought, one.weights, one.good_rate)) for one in grown
    ]
    return shared(
        np.concatenate(columns),
        np.concatenate([one.bought for one in grown]),
        _joined([one.weights for one in grown]),
    )


def _calibrations(
    margins: Floats, bought: Floats, weights: Floats | None, good_rate: float, prior: Calibration
) -> Calibrations:
    fit, intent = _alone(margins, bought, weights, good_rate)
    told = calibrate(_together(margins, fit, intent), bought, prior, weights)
    of_fit, of_intent, of_everything = told.weights
    of_boosters = (
        *(of_fit * weight for weight in fit.weights),
        *(of_intent * weight for weight in intent.weights),
        of_everything,
    )
    level = told.level + of_fit * fit.level + of_intent * intent.level
    return Calibrations(fit, intent, Calibration(of_boosters, level))


def _finish(source: Source, grown: Grown, prior: Calibration, anchors: Anchors | None, seed: int) -> Trained:
    base_rate = mean(grown.bought, grown.weights)
    rate = log_odds_of(base_rate)
    model = PropensityModel(
        product=grown.product.prefix,
        trained_through=source.split.judge,
        purchases=grown.purchases,
        own_weight=grown.weight,
        names=source.layout.names,
        levels=source.levels,
        own=None if grown.own is None else grown.own.final,
        pooled=None if grown.pooled is None else grown.pooled.final,
        calibrations=_calibrations(grown.margins, grown.bought, grown.weights, grown.good_rate, prior),
        anchors=anchors or Anchors(rate, rate, rate),
    )
    figures = Figures(
        product=model.product,
        purchases=model.purchases,
        rows=len(grown.bought),
        base_rate=base_rate,
        own_weight=model.own_weight,
        trees=model.tree_counts(),
        importance=model.importance(),
        judged=judge(_rehearsal(source.split, grown, prior), seed=seed),
        telltales=grown.telltales,
        chances=(source.rates.of_purchases(grown.product), source.rates.others),
    )
    return Trained(model, figures)


def _rehearsal(split: Split, grown: Grown, prior: Calibration) -> Rehearsal | None:
    """Return what the recipe, calibrated on the earlier dates as well, expected at the newest one."""
    before = np.isin(grown.as_of, np.array(split.earlier, dtype="datetime64[D]"))
    if grown.rehearsed is None or grown.bought[before].sum() < TOO_FEW_PURCHASES:
        return None
    weights = None if grown.weights is None else grown.weights[before]
    weighed = _calibrations(
        grown.margins[before], grown.bought[before], weights, grown.good_rate, prior
    ).purchase
    # The boosters behind these weights saw the newest date too, so the level comes from those that did not.
    # They saw these very rows, which widens their margins a little but leaves their level.
    told = relevel(grown.rehearsed[before], grown.bought[before], weighed, weights)
    newest = grown.as_of == np.datetime64(split.judge, "D")
    return Rehearsal(
        as_of=split.judge,
        accounts=grown.accounts[newest],
        happened=grown.bought[newest],
        expected=np.asarray(expit(told.log_odds(grown.rehearsed[newest]))),
        weights=None if grown.weights is None else grown.weights[newest],
    )
