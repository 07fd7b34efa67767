from dataclasses import replace

import numpy as np
import pytest

from models.learn import Layout, Learned, Sample, folds_of, learn
from models.trees import Trees
from tests.models.market import DATES, JUDGE, SPLIT

LAYOUT = Layout(names=("size", "visits"), fit=(0,), intent=(1,), monotone=(0, 1))
CUSTOMERS = 300


def sample(*, level: float = -2.0) -> Sample:
    """Customers on every date: size decides who owns, visits who buys."""
    generator = np.random.default_rng(2)
    size = np.tile(generator.normal(size=CUSTOMERS), len(DATES))
    visits = generator.normal(size=len(size))
    bought = (generator.random(len(size)) < 1 / (1 + np.exp(-level - 2 * visits))).astype(np.float64)
    return Sample(
        values=np.column_stack([size, visits]).astype(np.float32),
        accounts=np.tile([f"c{number}" for number in range(CUSTOMERS)], len(DATES)),
        as_of=np.repeat(np.array(DATES, dtype="datetime64[D]"), CUSTOMERS),
        bought=bought,
        good=np.maximum(bought, size > 1),
    )


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(sample(), LAYOUT, split=SPLIT, seed=0)


def test_a_customer_is_in_one_fold_on_every_date() -> None:
    folds = folds_of(sample().accounts).reshape(len(DATES), CUSTOMERS)
    assert (folds == folds[0]).all()
    assert np.bincount(folds[0]).min() > CUSTOMERS / 5


def test_a_fold_is_that_of_the_name_whoever_else_is_there() -> None:
    alone = folds_of(np.array(["c7"]))
    assert alone == folds_of(np.array(["a", "c7", "z"]))[1]


def test_trees_that_leave_a_customer_out_do_not_know_what_it_did(learned: Learned) -> None:
    rows = sample()
    turned = np.where(rows.accounts == "c7", 1 - rows.bought, rows.bought)
    other = learn(replace(rows, bought=turned), LAYOUT, split=SPLIT, seed=0)
    left_out = int(folds_of(np.array(["c7"]))[0])
    assert _same_trees(learned.folds[left_out].intent, other.folds[left_out].intent)
    assert not _same_trees(learned.folds[left_out - 1].intent, other.folds[left_out - 1].intent)


def test_unseen_margins_come_from_the_fold_that_left_the_customer_out(learned: Learned) -> None:
    rows = sample()
    folds = folds_of(rows.accounts)
    told = learned.unseen(rows.values, folds)
    for number, margins in enumerate(learned.folds):
        assert told[folds == number].tolist() == margins.read(rows.values[folds == number]).tolist()


def test_looking_alike_is_learned_from_owners_and_intent_from_purchases(learned: Learned) -> None:
    ladder = np.column_stack([np.linspace(-2, 2, 9), np.zeros(9)]).astype(np.float32)
    told = learned.final.look_alike.margin(ladder)
    assert told[-1] > told[0] + 1
    assert np.ptp(learned.final.conversion.margin(ladder)) < 0.5
    assert np.ptp(learned.final.intent.margin(ladder)) == 0


def test_the_rehearsal_does_not_see_the_newest_date(learned: Learned) -> None:
    rows = sample()
    newest = rows.as_of == np.datetime64(JUDGE)
    turned, owned = (np.where(newest, np.roll(labels, 1), labels) for labels in (rows.bought, rows.good))
    other = learn(replace(rows, bought=turned, good=owned), LAYOUT, split=SPLIT, seed=0)
    assert learned.rehearsal is not None
    assert other.rehearsal is not None
    pairs = list(zip(learned.rehearsal.each(), other.rehearsal.each(), strict=True))
    assert [_same_trees(*pair) for pair in pairs] == [True] * 4
    finals = list(zip(learned.final.each(), other.final.each(), strict=True))
    assert [_same_trees(*pair) for pair in finals] == [False] * 4


def test_fit_does_not_learn_its_owners_by_heart() -> None:
    """Owners stay owners: stopped on a later date, trees would grow until they know every one of them."""
    rows = sample()
    chance = np.random.default_rng(9).random(CUSTOMERS) < 0.3
    learned = learn(
        replace(rows, good=np.tile(chance, len(DATES)).astype(float)), LAYOUT, split=SPLIT, seed=0
    )
    assert learned.final.look_alike.count < 10


def test_the_result_does_not_depend_on_how_many_work(learned: Learned) -> None:
    assert learn(sample(), LAYOUT, split=SPLIT, seed=0, jobs=2) == learned


def test_few_wins_on_the_newest_date_do_not_stop_the_trees() -> None:
    rare = sample(level=-5.0)
    assert 0 < rare.bought[rare.as_of == np.datetime64(JUDGE)].sum() < 40
    assert learn(rare, LAYOUT, split=SPLIT, seed=0).final.intent.count >= 1


def _same_trees(one: Trees, other: Trees) -> bool:
    """Tell whether two boosters begin with the same trees, however many of them were kept."""
    kept = min(one.count, other.count)
    bodies = [trees.text.split("end of trees")[0].split("\nTree=")[1 : kept + 1] for trees in (one, other)]
    return [body.strip() for body in bodies[0]] == [body.strip() for body in bodies[1]]
