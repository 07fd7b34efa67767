"""Functions are compiled wherever the package lies."""

import numpy as np
import pytest
from numba import float64, void

from scoring.patterns.kernels import Floats, compiled


def double(numbers: Floats) -> None:
    for place in range(len(numbers)):
        numbers[place] *= 2


def test_where_nothing_can_be_kept_functions_are_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Of all places numba keeps code in, allow only a folder that nobody has named.
    monkeypatch.setattr("numba.core.config.CACHE_LOCATOR_CLASSES", "UserProvidedCacheLocator")
    numbers = np.array([1.0, 2.0])
    compiled(double, void(float64[::1]))(numbers)
    assert numbers.tolist() == [2.0, 4.0]
