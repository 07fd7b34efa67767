"""How much the customers use what they have: a level of each, slow swings about it, and weeks of silence."""

from dataclasses import dataclass

import numpy as np

from features.sources.sample.timeline import Flags, Floats, Ints, Timeline

SWING = 0.16
PACE_YEARS = (0.8, 2.4)
"""Years from one height to the next."""
PAUSE_CHANCE = 0.005
"""How often a week is the first of one to three in which nothing at all happens."""
LEAST, MOST = 0.02, 0.97
USUAL = 0.4
"""The mean of all moods, about which those of a customer raise or lower what it buys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moods:
    """One row a customer. The swings go on for ever: no day of the world is unlike the others.

    `silent` tells of the world's weeks, newest first, in which nobody is at work.
    """

    level: Floats
    turns_a_day: Floats
    phase: Floats
    silent: Flags
    end: int

    def at(self, day: Ints | int) -> Floats:
        """Return how often a user of each customer is at work in the week of a day, from 0 to 1."""
        turns = self.phase + self.turns_a_day * np.asarray(day)
        mood: Floats = np.clip(self.level + SWING * np.sin(2 * np.pi * turns), LEAST, MOST)
        return mood

    def chance(self) -> Floats:
        """Return the chance that a user is at work: customers by weeks, newest first."""
        weeks = self.end - 7 * (1 + np.arange(self.silent.shape[1]))
        return np.where(self.silent, 0.0, np.stack([self.at(int(day)) for day in weeks], axis=1))


def draw_moods(customers: int, timeline: Timeline, *, seed: int) -> Moods:
    """Draw the mood of every customer."""
    rng = np.random.default_rng([seed, 27])
    weeks = -(-(timeline.end - timeline.start) // 7)
    begins = rng.random((customers, weeks)) < PAUSE_CHANCE
    lasts = rng.integers(1, 4, customers)[:, None]
    silent = begins.copy()
    for later in (1, 2):
        silent[:, :-later] |= begins[:, later:] & (lasts > later)
    return Moods(
        level=rng.beta(1.7, 2.5, customers),
        turns_a_day=1 / (365 * rng.uniform(*PACE_YEARS, customers)),
        phase=rng.random(customers),
        silent=silent,
        end=timeline.end,
    )
