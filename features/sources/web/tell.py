"""Makes signals of passages: what they are about, what kind of news that is, and what says so.

News about the company itself is a signal even where it is about nothing that is sold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from features.sources.tables import COMPANY_TOPIC
from features.sources.web.classify import VERSION, Classifier, Told
from features.sources.web.kinds import company_kind_of, kind_of, sentence_showing, strength
from features.sources.web.quote import quotations
from features.sources.web.signals import NONE_TOLD, Passage, Signal


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what passages are about; what it is not sure of it does not tell."""

    classifier: Classifier

    @classmethod
    def load(cls) -> "Teller":
        """Return one with the classifier that comes with the package."""
        return cls(Classifier.load())

    def tell(self, passages: Sequence[Passage]) -> Iterator[Signal]:
        """Yield a signal for each passage and topic that it is about, topics of a passage in order.

        A passage about none of them is one signal where it is news about the company.
        """
        texts = [f"{passage.title}\n{passage.text}" for passage in passages]
        all_told = self.classifier.classify(texts)
        asked = [
            (text, [one.topic for one in told]) for text, told in zip(texts, all_told, strict=True) if told
        ]
        quoted = iter(quotations(asked, self.classifier))
        for passage, text, told in zip(passages, texts, all_told, strict=True):
            if told:
                kind = kind_of(text, passage.kind)
                for one, quotation in zip(told, next(quoted), strict=True):
                    yield _signal(passage, one, kind, quotation, VERSION)
            elif (news := company_kind_of(text, passage.kind)) is not None:
                about = Told(COMPANY_TOPIC, 1.0)
                yield _signal(passage, about, news, sentence_showing(news, text), NONE_TOLD)


def _signal(passage: Passage, told: Told, kind: str, quotation: str, classifier: str) -> Signal:
    return Signal(
        signal_id=passage.signal_id(told.topic),
        domain=passage.domain,
        kind=kind,
        topic=told.topic,
        strength=strength(told.probability, kind),
        happened_at=passage.happened_at,
        known_at=passage.seen_at,
        url=passage.url,
        text=quotation,
        classifier=classifier,
    )
