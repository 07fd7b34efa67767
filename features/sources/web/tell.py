"""Makes signals of passages: what they are about, what kind of news that is, and what says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from features.sources.web.classify import VERSION, Classifier
from features.sources.web.kinds import kind_of, strength
from features.sources.web.quote import quotations
from features.sources.web.signals import Passage, Signal


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
        for passage, text, told in zip(passages, texts, self.classifier.classify(texts), strict=True):
            if not told:
                continue
            kind = kind_of(text, passage.kind)
            quoted = quotations(text, [one.topic for one in told], self.classifier)
            for one, quotation in zip(told, quoted, strict=True):
                yield Signal(
                    signal_id=passage.signal_id(one.topic),
                    domain=passage.domain,
                    kind=kind,
                    topic=one.topic,
                    strength=strength(one.probability, kind),
                    happened_at=passage.happened_at,
                    known_at=passage.seen_at,
                    url=passage.url,
                    text=quotation,
                    classifier=VERSION,
                )
