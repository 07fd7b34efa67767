"""Which models a month is scored with: those it was published with, the champions, or newly trained ones."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed

from features.build import Frames, build
from features.errors import CallRefused
from features.periods import month_start
from features.sources.read import Accepted
from features.sources.world import connect
from models import labels, leaks, splits
from models.figures import Figures, Rehearsal
from models.model import PropensityModel
from models.promote import decide
from models.registry import versions as registry
from models.registry.versions import CHALLENGER, CHAMPION, Store, Version
from models.renewal import RenewalModel
from models.revenue import RevenueModel
from models.train import Training, train_all
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.releases import DECISION_TAG, PREFIX, PRODUCTS_TAG, RENEWAL, REVENUE, is_promoted, releases
from pipelines.scorers import ScorerFile, read_scorers
from reports import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models of a month by product prefix, and the registered versions they are.

    `challengers` were trained for the month and lost to a champion. `files` are what the models were read of.
    """

    products: Mapping[str, PropensityModel]
    renewal: RenewalModel | None
    revenue: RevenueModel | None
    versions: Mapping[str, Version]
    challengers: tuple[Version, ...] = ()
    files: tuple[ScorerFile, ...] = ()

    @property
    def numbers(self) -> dict[str, str]:
        """The version number of each registered model."""
        return {name: one.number for name, one in sorted(self.versions.items())}


def models_of_month(job: Job, inputs: Accepted, journal: Journal, *, train: bool = True) -> Models:
    """Return the models to score the month with, trained now if they are due and `train` allows.

    A month that is published keeps its models. Champions older than `retrain_months`, made for other
    products, or trained on what was not known yet, are due.

    Raises:
        CallRefused: there are no champions, and `train` does not allow to make them.
    """
    where = registry.store(job.home, job.settings.tracking)
    names = _names(job)
    with journal.stage("models"):
        digest = _digest(job, inputs)
        fresh = registry.find(where, names, month=job.month, digest=digest)
        there = publish.published(job.home, job.month)
        if there is not None and there.models:
            # A run killed after publishing has not moved the aliases: challengers are to be settled too.
            return _load(job, where, registry.numbered(where, there.models), _lost(fresh))
        champions = {
            name: one
            for name, one in registry.aliased(where, names).items()
            if one.cut <= job.as_of.isoformat() and one.tags.get(PRODUCTS_TAG) == _products(job)
        }
        if not train:
            _require(job, champions)
        if not train or not _is_due(job, champions):
            return _load(job, where, champions)
        if REVENUE not in fresh:
            fresh = _train(job, inputs, where, _load(job, where, champions), digest, journal)
        winners = {**champions, **{name: one for name, one in fresh.items() if is_promoted(one)}}
        return _load(job, where, winners, _lost(fresh))


def _lost(trained: Mapping[str, Version]) -> tuple[Version, ...]:
    return tuple(one for _, one in sorted(trained.items()) if not is_promoted(one))


def _require(job: Job, champions: Mapping[str, Version]) -> None:
    """Refuse to score without champions: that nothing was trained is no lack of history."""
    if REVENUE not in champions:
        told = f"Champions trained for this catalogue by {job.as_of} were expected in {job.home}, got none"
        raise CallRefused(f"{told}. Run `ascent train` or `ascent monthly` first.")


def settle(job: Job, models: Models) -> None:
    """Move the aliases to what the month was made with; a version that knows more keeps its place."""
    where = registry.store(job.home, job.settings.tracking)
    for alias, versions in ((CHAMPION, models.versions.values()), (CHALLENGER, models.challengers)):
        held = registry.aliased(where, [one.name for one in versions], alias)
        for one in sorted(versions, key=lambda one: one.name):
            if one.name not in held or _knows(held[one.name]) < _knows(one):
                registry.move_alias(where, one, alias, one.tags.get(DECISION_TAG, ""))


def _knows(version: Version) -> tuple[str, int]:
    """Order versions by how late they were trained through; a month made late is not the newest."""
    return version.cut, int(version.number)


def _train(
    job: Job, inputs: Accepted, where: Store, before: Models, digest: str, journal: Journal
) -> dict[str, Version]:
    """Train every model, judge it against its champion, and record it."""
    frames, training = train_month(job, inputs, before, journal)
    decisions = {
        product.prefix: decide(
            product,
            before.products.get(product.prefix),
            _rehearsal(training.figures[product.prefix]),
            frames,
            seed=job.settings.seed,
        )
        for product in job.catalogue.products
        if product.prefix in training.models
    }
    journal.progress("recording the models")
    return registry.record(
        where,
        releases(training, decisions),
        month=job.month,
        cut=job.as_of.isoformat(),
        digest=digest,
        tags={PRODUCTS_TAG: _products(job), "ascent.code": installed("ascent")},
    )


def train_month(job: Job, inputs: Accepted, before: Models, journal: Journal) -> tuple[Frames, Training]:
    """Train every model with what was known before the as-of date; champions hand on their anchors."""
    with connect(memory=job.settings.memory) as engine:
        first = labels.first_record(engine, inputs.world) or job.as_of
        jumps = leaks.jumps(engine, inputs.world, before=job.as_of)
    dates = splits.training_dates(job.as_of, lag=splits.purchase_lag(inputs.world), first_on=first)
    frames = build(
        inputs.world,
        (*dates, *splits.revenue_dates(dates[0], first_on=first)),
        job.catalogue,
        job.work / "training",
        memory=job.settings.memory,
        threads=job.settings.jobs,
        customers_at_most=job.settings.customers_in_training,
        progress=journal.progress,
    )
    training = train_all(
        frames,
        inputs.world,
        job.catalogue,
        cut=job.as_of,
        as_ofs=dates,
        jobs=job.settings.jobs,
        seed=job.settings.seed,
        anchors={prefix: one.anchors for prefix, one in before.products.items()},
        renewal_anchor=None if before.renewal is None else before.renewal.anchor,
        progress=journal.progress,
    )
    for told in (*training.telltales, *jumps):
        journal.warn(str(told))
    return frames, training


def _rehearsal(figures: Figures) -> Rehearsal | None:
    return None if figures.judged is None else figures.judged.rehearsal


def _is_due(job: Job, champions: Mapping[str, Version]) -> bool:
    """Tell whether there is no champion, or the newest is `retrain_months` old."""
    if REVENUE not in champions:
        return True
    trained = month_start(max(one.month for one in champions.values()))
    now = month_start(job.month)
    return (now.year - trained.year) * 12 + now.month - trained.month >= job.settings.retrain_months


def _names(job: Job) -> list[str]:
    return [*(f"{PREFIX}{product.prefix}" for product in job.catalogue.products), RENEWAL, REVENUE]


def _products(job: Job) -> str:
    return hashlib.sha256(repr(job.catalogue.products).encode()).hexdigest()[:12]


def _digest(job: Job, inputs: Accepted) -> str:
    """Return twelve digits of everything that a training depends on."""
    made_of = [
        _products(job),
        installed("ascent"),
        str(job.settings.seed),
        str(job.settings.customers_in_training),
        *(f"{table.name} {table.digest}" for table in inputs.tables),
    ]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:12]


def _load(
    job: Job, where: Store, versions: Mapping[str, Version], challengers: tuple[Version, ...] = ()
) -> Models:
    """Fetch the files of the versions and read them."""
    files = tuple(
        ScorerFile(
            name=name,
            version=f"{versions[name].number} {versions[name].digest}",
            folder=registry.fetch(where, versions[name], job.work / "models" / name),
        )
        for name in _names(job)
        if name in versions
    )
    read = read_scorers(files)
    return Models(
        products=read.products,
        renewal=read.renewal,
        revenue=read.revenue,
        versions=dict(versions),
        challengers=challengers,
        files=files,
    )
