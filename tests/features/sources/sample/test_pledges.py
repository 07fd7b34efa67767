import numpy as np
import pyarrow.compute as pc
import pytest

from features.sources.sample.channel import build_channel
from features.sources.sample.places import PROGRAMMES
from features.sources.sample.pledges import Pledges, make_pledges, pledge_rows
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def pledges(lived: Lived) -> Pledges:
    return make_pledges(lived.market, lived.timeline, lived.behaviour, seed=7)


def test_as_many_agreements_are_renewed_as_was_likely(pledges: Pledges) -> None:
    spread = np.sqrt((pledges.renewal * (1 - pledges.renewal)).sum())
    assert abs(pledges.renewed.sum() - pledges.renewal.sum()) < 4 * spread


def test_a_renewed_agreement_is_followed_by_one_as_long(lived: Lived, pledges: Pledges) -> None:
    keys = list(zip(pledges.account, pledges.division, pledges.starts, strict=True))
    length = dict(zip(keys, pledges.ends - pledges.starts, strict=True))
    followed = pledges.where(pledges.renewed & (pledges.ends + 1 < lived.timeline.end))
    assert len(followed.ends) > 100
    for account, division, starts, ends in zip(
        followed.account, followed.division, followed.starts, followed.ends, strict=True
    ):
        assert length[account, division, ends + 1] == ends - starts


def test_an_agreement_of_a_later_owner_begins_after_the_purchase(lived: Lived, pledges: Pledges) -> None:
    bought = lived.behaviour.first_bought(lived.timeline, pledges.account, pledges.product)
    assert (pledges.starts >= bought).all()


def test_programmes_differ_in_how_often_they_are_renewed(lived: Lived, pledges: Pledges) -> None:
    programme = np.array([row.name for row in PROGRAMMES])[lived.market.programme[pledges.account]]
    assert pledges.renewed[programme == "CSP"].mean() > pledges.renewed[programme == "Open"].mean() + 0.1


def test_an_outcome_is_known_once_the_agreement_is_over(lived: Lived, pledges: Pledges) -> None:
    channel = build_channel(lived.market, lived.timeline, seed=7)
    rows = pledge_rows(pledges, lived.market, lived.timeline, channel, seed=7)
    settled = rows.filter(pc.is_valid(rows["outcome"]))
    assert pc.all(pc.greater(settled["known_on"], settled["ends_on"])).as_py()
    assert len(settled) == (pledges.ends < lived.timeline.end).sum()
