"""Training everything that a month needs, from frames and labels alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from features.build import Frames
from features.products import Catalogue
from features.sources.tables import AGREEMENTS
from features.sources.world import World, connect
from models import labels, renewal, revenue, splits
from models.figures import Figures
from models.leaks import Telltale
from models.model import Anchors, PropensityModel
from models.propensity import train_products
from models.rates import ALL, Drawn
from models.renewal import RenewalModel
from models.revenue import RevenueModel
from models.source import source


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What a training gave, by product prefix.

    `figures` also has those of the renewal model, as `renewal`. A product that is not scored has no model.
    """

    cut: date
    as_ofs: tuple[date, ...]
    models: Mapping[str, PropensityModel]
    renewal: RenewalModel | None
    revenue: RevenueModel
    figures: Mapping[str, Figures]

    @property
    def telltales(self) -> tuple[Telltale, ...]:
        """Features that are too good to be true, product by product."""
        return tuple(leak for one in self.figures.values() for leak in one.telltales)


def train_all(  # noqa: PLR0913 - the choices of a training, each by name
    frames: Frames,
    world: World,
    catalogue: Catalogue,
    *,
    cut: date,
    as_ofs: Sequence[date],
    jobs: int = 1,
    seed: int = 0,
    anchors: Mapping[str, Anchors] | None = None,
    renewal_anchor: float | None = None,
    drawn: Drawn = ALL,
    progress: Callable[[str], None] = lambda _: None,
) -> Training:
    """Train every product, renewals and revenue on the as-of dates, with what was known before `cut`.

    `frames` hold the as-of dates; dates of theirs that are earlier still teach revenue. `anchors` are those
    of earlier releases, by prefix; `drawn` tells what of the world the frames hold. The result does not
    depend on `jobs`.
    """
    earlier = tuple(when for when in frames.as_ofs if when < min(as_ofs))
    with connect() as engine:
        known = labels.read(engine, world, catalogue, (*earlier, *as_ofs), cut=cut, pairs=drawn.pairs)
    there = source(frames, known, splits.split(as_ofs, lag=splits.purchase_lag(world)), drawn.rates)
    purchasers = {product.prefix: there.purchasers(product) for product in catalogue.products}
    trained = train_products(
        there,
        catalogue.products,
        purchasers=purchasers,
        jobs=jobs,
        seed=seed,
        anchors=anchors or {},
        progress=progress,
    )
    figures = {prefix: one.figures for prefix, one in trained.items()}
    renewed = None
    if world.has(AGREEMENTS):
        progress("renewals")
        renewed = renewal.train(frames, world, there.split, cut=cut, seed=seed, anchor=renewal_anchor)
    if renewed is not None:
        figures[renewal.NAME] = renewed.figures
    progress("revenue")
    brings = revenue.train(
        frames, world, known, trained_through=there.split.judge, cut=cut, levels=there.levels, seed=seed
    )
    return Training(
        cut=cut,
        as_ofs=there.split.as_ofs,
        models={prefix: one.model for prefix, one in trained.items()},
        renewal=None if renewed is None else renewed.model,
        revenue=brings,
        figures=figures,
    )
