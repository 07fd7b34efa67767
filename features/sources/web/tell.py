"""Makes signals of passages: what they are about, and what of their words says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from features.sources.web.classify import VERSION, Classifier
from features.sources.web.signals import Passage, Signal

LONGEST_QUOTATION = 200


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what passages are about; what it is not sure of it does not tell."""

    classifier: Classifier

    @classmethod
    def load(cls) -> "Teller":
        """Return one with the classifier that comes with the package."""
        return cls(Classifier.load())

    def tell(self, passages: Sequence[Passage]) -> Iterator[Signal]:
        """Yield a signal for each passage and topic that it is about, topics of a passage in order."""
        texts = [f"{passage.title}\n{passage.text}" for passage in passages]
        for passage, told in zip(passages, self.classifier.classify(texts), strict=True):
            for one in told:
                yield Signal(
                    signal_id=passage.signal_id(one.topic),
                    domain=passage.domain,
                    kind=passage.kind,
                    topic=one.topic,
                    strength=round(one.probability, 3),
                    happened_at=passage.happened_at,
                    known_at=passage.seen_at,
                    url=passage.url,
                    text=" ".join((passage.text or passage.title).split())[:LONGEST_QUOTATION],
                    classifier=VERSION,
                )
