from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from features.sources.tables import SIGNALS
from features.sources.web.exports import Mention, Recorded
from features.sources.web.mentions import AT_ONCE, signals_of
from features.sources.web.signals import Passage, Signal
from tests.features.sources.web.answers import NOW

VISIT = Mention(
    kind=Recorded.VISITS,
    domain="acme.com",
    url="/products/azure",
    place="",
    text="",
    topic="azure",
    happened_at=datetime(2026, 11, 5, tzinfo=UTC),
)
POST = replace(
    VISIT, kind=Recorded.FORUM, url="https://forum.example.org/t/1", text="We want a CRM.", topic=""
)


def tell(passages: Sequence[Passage]) -> Iterator[Signal]:
    """Tell what is about CRM and nothing else, as the classifier tells topics."""
    for passage in passages:
        if "CRM" in passage.text:
            yield Signal(
                signal_id=passage.signal_id("crm"),
                domain=passage.domain,
                kind=passage.kind,
                topic="crm",
                strength=0.9,
                happened_at=passage.happened_at,
                known_at=passage.seen_at,
                url=passage.url,
                text=passage.text,
                classifier="1",
            )


def signals(*mentions: Mention) -> list[Signal]:
    return list(signals_of(mentions, tell, known_at=NOW))


def test_a_visit_is_a_signal_about_what_its_address_says_and_names_no_classifier() -> None:
    (signal,) = signals(VISIT)
    assert (signal.kind, signal.topic, signal.domain, signal.classifier) == (
        "site_visit",
        "azure",
        "acme.com",
        "",
    )
    assert 0 < signal.strength <= 1
    assert (signal.happened_at, signal.known_at) == (VISIT.happened_at, NOW)


def test_of_a_post_the_text_tells_the_topic_or_nothing_does() -> None:
    found = signals(POST, replace(POST, text="Where is lunch?"))
    assert [(one.kind, one.topic, one.text) for one in found] == [("forum_post", "crm", "We want a CRM.")]


def test_a_line_read_again_gives_the_same_id_and_another_line_another() -> None:
    others = (
        replace(VISIT, happened_at=datetime(2026, 11, 6, tzinfo=UTC)),
        replace(VISIT, domain="other.com"),
        replace(VISIT, kind=Recorded.DOWNLOADS),
        replace(POST, text="A CRM again"),
        POST,
    )
    assert signals(VISIT)[0].signal_id == signals(VISIT, VISIT)[1].signal_id
    assert len({one.signal_id for one in signals(VISIT, *others)}) == 6


def test_more_than_are_told_at_once_are_all_told() -> None:
    many = [replace(POST, text=f"CRM {at}") for at in range(2 * AT_ONCE + 1)]
    assert len(signals(*many)) == len(many)


def test_every_kind_of_export_is_a_kind_of_signal_of_the_table() -> None:
    (kinds,) = [column.allowed for column in SIGNALS.columns if column.name == "kind"]
    told = {one.kind for kind in Recorded for one in signals(replace(VISIT, kind=kind))}
    assert told == {str(kind) for kind in Recorded} <= set(kinds or ())
