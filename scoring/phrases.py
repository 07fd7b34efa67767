"""Sentences by number: rows with the same values are told by the same sentence, so it is written once."""

import numpy as np
from numpy.typing import NDArray

from scoring.telling import Teller

Numbers = NDArray[np.intp]
NOTHING = -1
"""The number of no sentence."""


class Phrases:
    """The sentences of one teller; `texts` has them by their numbers, each once."""

    def __init__(self, teller: Teller) -> None:
        """Begin without any."""
        self.texts: list[str] = []
        self._teller = teller
        self._numbers: dict[str | None, int] = {None: NOTHING}
        self._known: dict[tuple[int, bool, bytes], int] = {}

    def tell(self, place: int, values: NDArray[np.float32], rows: Numbers, *, is_for: bool) -> Numbers:
        """Return the number of the sentence about a column for each of the rows of `values`."""
        read = np.column_stack([values[rows, column] for column in self._teller.reads(place)])
        # Told apart by their bits: -0.0 may read otherwise than 0.0, and unknown values equal themselves.
        bits = np.dtype(np.uint32) if read.shape[1] == 1 else np.dtype((np.void, read.shape[1] * 4))
        different, first, back = np.unique(read.view(bits)[:, 0], return_index=True, return_inverse=True)
        numbers = [
            self._number(place, key.tobytes(), values[rows[at]], is_for=is_for)
            for key, at in zip(different, first, strict=True)
        ]
        return np.array(numbers, dtype=np.intp)[back]

    def _number(self, place: int, key: bytes, row: NDArray[np.float32], *, is_for: bool) -> int:
        number = self._known.get((place, is_for, key))
        if number is None:
            text = self._teller.tell(place, row, is_for=is_for)
            number = self._numbers.setdefault(text, len(self.texts))
            if number == len(self.texts):
                assert text is not None
                self.texts.append(text)
            self._known[place, is_for, key] = number
        return number
