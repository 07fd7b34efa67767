from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from features import matrix
from features.build import Frames
from features.periods import months_before
from features.products import AZURE, M365
from features.sources.world import World, connect
from models import labels, revenue
from models.revenue import RevenueModel
from models.trees import Floats, Values
from tests.models import market
from tests.worlds import Row, world

CUT = date(2026, 10, 25)
DATES = tuple(months_before(date(2025, 7, 25), back) for back in (0, 1))


def train(frames: Frames, there: World) -> RevenueModel:
    with connect() as engine:
        known = labels.read(engine, there, market.CATALOGUE, frames.as_ofs, cut=CUT)
    levels = matrix.levels(frames, frames.as_ofs, matrix.all_names(frames))
    return revenue.train(frames, there, known, trained_through=DATES[0], cut=CUT, levels=levels, seed=0)


def order(account: str, on: date, cents: int, *, product: str = "Azure", kind: str = "new") -> Row:
    return {
        "account_id": account,
        "product": product,
        "kind": kind,
        "transacted_on": on,
        "amount_cents": cents,
        "quantity": 1 if cents > 0 else -1,
    }


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return market.frames(tmp_path_factory.mktemp("frames"), customers=400, dates=DATES)


@pytest.fixture(scope="module")
def model(frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> RevenueModel:
    """Everyone buys Azure for about 1,000 cents an employee, a few M365 for 500."""
    generator = np.random.default_rng(3)
    sizes = pq.read_table(frames.path(DATES[0])).to_pandas()
    orders = [
        order(account, date(2025, 8, 1), int(1000 * size * np.exp(generator.normal(0, 0.8))))
        for account, size in zip(sizes["account_id"], sizes["employees"], strict=True)
    ]
    few = [order(f"c{number:05}", date(2025, 8, 1), 500 + number, product="M365") for number in range(5)]
    return train(frames, world(tmp_path_factory.mktemp("world"), transactions=[*orders, *few]))


def predicted(model: RevenueModel, rows: Values, product: str) -> tuple[Floats, Floats]:
    trees = model.booster(product)
    return model.cents(product, np.empty(len(rows)) if trees is None else trees.margin(rows))


def values(*employees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([[size, 0, 1] for size in employees], dtype=np.float32)


def test_the_median_grows_with_what_decides_and_the_mean_is_above_it(model: RevenueModel) -> None:
    median, mean = predicted(model, values(40, 200), "Azure")
    assert median == pytest.approx([40_000, 200_000], rel=0.35)
    # The mean of a log-normal is exp(0.8 ** 2 / 2) times its median.
    assert mean / median == pytest.approx([np.exp(0.32)] * 2, rel=0.2)


def test_the_mean_is_what_purchases_brought_on_average(model: RevenueModel, frames: Frames) -> None:
    rows = matrix.read(frames, [DATES[0]], AZURE, model.names, model.levels)
    assert predicted(model, rows.values, "Azure")[1].mean() == pytest.approx(
        model.past["Azure"].mean_cents, rel=0.15
    )


def test_a_product_with_few_purchases_gets_what_they_brought(model: RevenueModel) -> None:
    median, mean = predicted(model, values(40, 200), "M365")
    assert median.tolist() == mean.tolist() == [502.0, 502.0]


def test_of_a_product_nobody_bought_nothing_is_known(frames: Frames, tmp_path: Path) -> None:
    told = train(frames, world(tmp_path, transactions=[order("c00001", date(2025, 8, 1), 100)]))
    assert told.trees is None
    assert np.isnan(predicted(told, values(40), M365.prefix)).all()
    assert predicted(told, values(40), "Azure")[0].tolist() == [100.0]


@pytest.mark.parametrize(
    ("later", "brought"),
    [
        ([], 100.0),
        ([(date(2026, 7, 31), 7, "renew")], 107.0),
        ([(date(2026, 8, 1), 7, "renew")], 100.0),
        ([(date(2025, 9, 1), -30, "return")], 70.0),
        ([(date(2025, 9, 1), -130, "return")], 0.0),
    ],
)
def test_a_purchase_brings_what_follows_within_twelve_months(
    frames: Frames, tmp_path: Path, later: list[tuple[date, int, str]], brought: float
) -> None:
    rows = [order("c00001", date(2025, 8, 1), 100)]
    rows += [order("c00001", on, cents, kind=kind) for on, cents, kind in later]
    assert train(frames, world(tmp_path, transactions=rows)).past["Azure"].mean_cents == brought


def test_a_purchase_whose_year_is_not_over_teaches_nothing(frames: Frames, tmp_path: Path) -> None:
    first, last = date(2025, 10, 18), date(2025, 10, 19)
    rows = [order("c00001", first, 100), order("c00002", last, 900)]
    assert train(frames, world(tmp_path, transactions=rows)).past["Azure"].mean_cents == 100.0


def test_a_purchase_seen_from_two_dates_counts_once(frames: Frames, tmp_path: Path) -> None:
    rows = [order("c00001", date(2025, 8, 1), 100)]
    assert train(frames, world(tmp_path, transactions=rows)).past["Azure"].purchases == 1


def test_a_purchase_is_seen_from_the_last_date_before_it(tmp_path: Path) -> None:
    newest, earlier = DATES
    there = market.frames(tmp_path, customers=20, dates=DATES)
    market.frames(tmp_path, customers=5, dates=[earlier])
    rows = [order(f"c000{number:02}", date(2025, 8, 1), 100) for number in range(20)]
    assert newest > earlier
    assert train(there, world(tmp_path / "world", transactions=rows)).past["Azure"].purchases == 20


def test_without_transactions_the_amount_won_stands_for_revenue(frames: Frames, tmp_path: Path) -> None:
    won = {
        "account_id": "c00001",
        "product": "Azure",
        "created_on": date(2025, 7, 1),
        "status": "won",
        "closed_on": date(2025, 8, 1),
        "known_on": date(2025, 8, 2),
        "amount_cents": 4200,
    }
    assert train(frames, world(tmp_path, opportunities=[won])).past["Azure"].median_cents == 4200.0


def test_a_model_comes_back_from_its_folder_as_it_was(model: RevenueModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert revenue.load(tmp_path) == model
