"""Texts that say nearly the same in nearly the same words, which would make any held-back figure a lie."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from features.sources.web.labelled import Text
from features.sources.web.wording import plain, words_of

SIZE = 5
"""Letters in the runs that are compared, blanks between words among them."""


def alike(texts: Sequence[Text], bound: float) -> Iterator[tuple[float, Text, Text]]:
    """Yield every pair that shares at least `bound` of its runs of letters, the most alike first.

    The share is that of Jaccard (1912): runs in both over runs in either.
    """
    runs = CountVectorizer(analyzer="char", ngram_range=(SIZE, SIZE), binary=True, dtype=np.float32)
    seen = runs.fit_transform(" ".join(words_of(plain(text.text)).plain) for text in texts)
    sizes = np.asarray(seen.sum(axis=1)).ravel()
    both = (seen @ seen.T).tocoo()
    shares = both.data / (sizes[both.row] + sizes[both.col] - both.data)
    found = (both.row < both.col) & (shares >= bound)
    pairs = zip(shares[found], both.row[found], both.col[found], strict=True)
    for share, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        yield float(share), texts[one], texts[other]
