import lightgbm as lgb
import numpy as np
import pytest

from models.trees import Ground, Growth, Trees, Values

NAMES = ("a", "b", "c")
ROWS = np.arange(500)


def values(seed: int = 0) -> Values:
    drawn = np.random.default_rng(seed).normal(size=(500, 3)).astype(np.float32)
    drawn[::7, 1] = np.nan
    return drawn


def ground(*, monotone: tuple[int, ...] = (0, 0, 0), seed: int = 0) -> Ground:
    labels = (values()[:, 0] + np.random.default_rng(3).normal(size=500) > 0).astype(np.float64)
    return Ground(values(), labels, Growth(names=NAMES, monotone=monotone, seed=seed))


def grown() -> Trees:
    return Trees(ground().grow(ROWS, 30), (0, 1, 2))


def test_the_same_rows_and_seed_grow_the_same_text_and_another_seed_another() -> None:
    texts = [ground(seed=seed).grow(ROWS, 20) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_the_margin_is_that_of_lightgbm() -> None:
    told = grown()
    oracle = lgb.Booster(model_str=told.text).predict(values(), raw_score=True)
    assert told.margin(values()).tolist() == np.asarray(oracle).tolist()


def test_base_and_contributions_add_up_to_the_margin() -> None:
    base, told = grown().contributions(values())
    assert base + told.sum(axis=1) == pytest.approx(grown().margin(values()), abs=1e-6)


def test_a_column_is_read_by_its_place_among_all() -> None:
    moved = Trees(grown().text, (1, 2, 3))
    wider = np.column_stack([np.full(500, 9, dtype=np.float32), values()])
    assert moved.margin(wider).tolist() == grown().margin(values()).tolist()


def test_the_code_of_a_product_is_read_last_and_told_as_base() -> None:
    coded = np.column_stack([values()[:, :2], np.arange(500) % 2]).astype(np.float32)
    text = Ground(coded, coded[:, 2].astype(np.float64), Growth(names=NAMES, monotone=(0, 0, 0))).grow(
        ROWS, 20
    )
    zero, one = (Trees(text, (0, 1), code).contributions(values()[:, :2])[0].mean() for code in (0, 1))
    assert one > zero + 1
    assert len(Trees(text, (0, 1), 1).importance()) == 2


def test_a_monotone_column_never_lowers_the_margin() -> None:
    told = Trees(ground(monotone=(1, 0, 0)).grow(ROWS, 60), (0, 1, 2))
    ladder = np.repeat(values(5)[:1], 50, axis=0)
    ladder[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(told.margin(ladder)) >= -1e-12).all()


def test_growth_stops_where_held_out_rows_gain_nothing_more() -> None:
    noise = np.random.default_rng(8).integers(0, 2, 500).astype(np.float64)
    of_noise = Ground(values(), noise, Growth(names=NAMES, monotone=(0, 0, 0)))
    half = (ROWS[:250], ROWS[250:])
    assert of_noise.grow_over([half])[0] < ground().grow_over([half])[0]


def test_trees_of_a_split_are_those_of_its_first_rows() -> None:
    count, (text,) = ground().grow_over([(ROWS[:250], ROWS[250:])])
    alone = Trees(ground().grow(ROWS[:250], count), (0, 1, 2))
    assert Trees(text, (0, 1, 2)).margin(values()) == pytest.approx(alone.margin(values()))


def test_no_rows_have_no_margins() -> None:
    nothing = values()[:0]
    assert grown().margin(nothing).shape == (0,)
    assert grown().contributions(nothing)[1].shape == (0, 3)


def test_weighed_rows_teach_the_log_odds_of_the_rows_drawn_from() -> None:
    generator = np.random.default_rng(4)
    rows = np.zeros((4_000, 3), dtype=np.float32)
    labels = (generator.random(4_000) < 0.1).astype(np.float64)
    chances = np.where(labels > 0, 1.0, 0.25)
    kept = np.flatnonzero(generator.random(4_000) < chances)
    growth = Growth(names=NAMES, monotone=(0, 0, 0))
    weighed = Ground(rows[kept], labels[kept], growth, 1 / chances[kept])
    told = Trees(weighed.grow(np.arange(len(kept)), 1), (0, 1, 2)).margin(rows[:1])
    assert told[0] == pytest.approx(np.log(labels.mean() / (1 - labels.mean())), abs=0.15)


def test_only_what_weights_say_of_each_other_counts() -> None:
    """Else leaves would be shrunk the less the rarer rows are drawn."""
    weights = np.random.default_rng(5).uniform(1, 4, 500)
    labels = (values()[:, 0] > 0).astype(np.float64)
    growth = Growth(names=NAMES, monotone=(0, 0, 0))
    one, other = (Ground(values(), labels, growth, times * weights).grow(ROWS, 10) for times in (1.0, 8.0))
    assert one == other
