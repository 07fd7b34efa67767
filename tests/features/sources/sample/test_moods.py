import numpy as np
import pytest

from features.sources.sample.moods import LEAST, MOST, USUAL, Moods, draw_moods
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def moods(lived: Lived) -> Moods:
    return draw_moods(4000, lived.timeline, seed=5)


def test_no_day_is_unlike_the_others_however_far_away(moods: Moods) -> None:
    for day in (0, moods.end - 500, moods.end, moods.end + 4000):
        assert moods.at(day).mean() == pytest.approx(USUAL, abs=0.02)
        assert moods.at(day).std() == pytest.approx(moods.at(moods.end).std(), abs=0.01)


def test_a_mood_changes_slowly_but_not_back_at_once(moods: Moods) -> None:
    now, week, year = (moods.at(moods.end - back) for back in (0, 7, 365))
    assert np.abs(now - week).max() < 0.04
    assert np.abs(now - year).mean() > 0.05


def test_a_chance_lies_between_the_bounds_but_in_weeks_of_silence(moods: Moods) -> None:
    chance = moods.chance()
    assert (chance[moods.silent] == 0).all()
    assert chance[~moods.silent].min() >= LEAST
    assert chance.max() <= MOST


def test_weeks_of_silence_come_all_the_time_and_last_one_to_three(moods: Moods) -> None:
    years = [half.mean() for half in np.array_split(moods.silent, 2, axis=1)]
    assert years[0] == pytest.approx(years[1], rel=0.15)
    runs = np.diff(np.flatnonzero(np.diff(np.pad(moods.silent, ((0, 0), (1, 1))).ravel().astype(int))))[::2]
    assert {1, 2, 3} <= set(runs.tolist())
    assert np.mean(runs > 3) < 0.03
