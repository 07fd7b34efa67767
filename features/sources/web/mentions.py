"""Makes signals of what exports recorded, as pages and posts become signals."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from features.sources.web.exports import Mention
from features.sources.web.kinds import strength
from features.sources.web.signals import NONE_TOLD, Passage, Signal
from features.sources.web.texts import LONGEST_QUOTATION, cut

AT_ONCE = 256


def signals_of(
    mentions: Iterable[Mention], tell: Callable[[Sequence[Passage]], Iterable[Signal]], *, known_at: datetime
) -> Iterator[Signal]:
    """Yield the signals of mentions: one where the topic is told, else those that `tell` finds in the text.

    The same line read again gives the same ids, so that an export may be read as often as it grows.
    """
    left = iter(mentions)
    while some := list(islice(left, AT_ONCE)):
        yield from (_of_address(mention, known_at) for mention in some if mention.topic)
        if passages := [_passage(mention, known_at) for mention in some if not mention.topic]:
            yield from tell(passages)


def _of_address(mention: Mention, known_at: datetime) -> Signal:
    passage = _passage(mention, known_at)
    return Signal(
        signal_id=passage.signal_id(mention.topic),
        domain=mention.domain,
        kind=mention.kind.value,
        topic=mention.topic,
        strength=strength(1.0, mention.kind.value),
        happened_at=passage.happened_at,
        known_at=known_at,
        url=mention.url,
        text=cut(mention.text, LONGEST_QUOTATION),
        classifier=NONE_TOLD,
    )


def _passage(mention: Mention, known_at: datetime) -> Passage:
    """Return the mention as a text, told from others at the same address by when it was and what it says."""
    return Passage(
        domain=mention.domain,
        url=mention.url,
        kind=mention.kind.value,
        title="",
        text=mention.text,
        seen_at=known_at,
        published_at=mention.happened_at,
        part="\n".join((mention.kind.value, mention.happened_at.isoformat(), mention.place, mention.text)),
    )
