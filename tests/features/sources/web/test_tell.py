from datetime import UTC, datetime

import pytest

from features.sources.tables import COMPANY_TOPIC, SIGNAL_KINDS
from features.sources.web.classify import VERSION
from features.sources.web.kinds import OPEN
from features.sources.web.signals import NONE_TOLD, Passage, Signal
from features.sources.web.tell import Teller

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DULL = "The canteen has a new menu, and the terrace is open again."


@pytest.fixture(scope="module")
def teller() -> Teller:
    return Teller.load()


def passage(text: str, *, kind: str = "press_release", title: str = "News") -> Passage:
    return Passage(domain="x.com", url="http://x.com/a", kind=kind, title=title, text=text, seen_at=NOON)


def told(signals: list[Signal]) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.topic, one.text, one.classifier) for one in signals]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("funding", "We closed a seed round."),
        ("merger", "Le groupe rachète la société nantaise Ponant."),
        ("size_change", "İkinci mağazamızı açtık ve kadromuzu büyütüyoruz."),
    ],
)
def test_news_about_the_company_is_one_signal_that_quotes_what_shows_it(
    teller: Teller, kind: str, says: str
) -> None:
    (signal,) = teller.tell([passage(f"{DULL} {says} {DULL}")])
    assert told([signal]) == [(kind, COMPANY_TOPIC, says, NONE_TOLD)]
    assert 0 < signal.strength < 1


def test_news_about_the_company_that_is_about_a_product_is_a_signal_of_the_product(teller: Teller) -> None:
    about = passage(
        "We closed a seed round. The money goes into our new CRM, a customer relationship system."
    )
    signals = list(teller.tell([about]))
    assert {(one.kind, one.classifier) for one in signals} == {("funding", VERSION)}
    assert COMPANY_TOPIC not in {one.topic for one in signals}


@pytest.mark.parametrize("kind", sorted(set(SIGNAL_KINDS) - set(OPEN)))
def test_what_its_place_says_it_is_is_no_news_about_the_company(teller: Teller, kind: str) -> None:
    assert list(teller.tell([passage("We closed a seed round.", kind=kind)])) == []


def test_an_event_at_which_a_merger_is_mentioned_is_none(teller: Teller) -> None:
    assert list(teller.tell([passage(f"{DULL} Join our team! We open a second warehouse.")])) == []


def test_texts_told_together_are_told_as_each_alone(teller: Teller) -> None:
    texts = (DULL, "We closed a seed round.", "Our mail runs on Google Workspace.", "", "We move to Azure.")
    passages = [passage(text) for text in texts]
    assert list(teller.tell(passages)) == [one for alone in passages for one in teller.tell([alone])]
