import numpy as np
import pytest

from features.sources.sample.channel import Channel, build_channel
from tests.features.sources.sample.lives import Lived


@pytest.fixture(scope="module")
def channel(lived: Lived) -> Channel:
    return build_channel(lived.market, lived.timeline, seed=7)


def depth(channel: Channel, location: int) -> int:
    parent = int(channel.parent[location])
    return 1 if parent < 0 else 1 + depth(channel, parent)


def root(channel: Channel, location: int) -> int:
    parent = int(channel.parent[location])
    return location if parent < 0 else root(channel, parent)


def test_chains_of_locations_are_up_to_three_deep(channel: Channel) -> None:
    depths = {depth(channel, location) for location in range(len(channel.parent))}
    assert depths == {1, 2, 3}


def test_partners_differ_widely_in_size(channel: Channel) -> None:
    sizes = np.bincount(channel.partner[channel.partner >= 0])
    assert sizes.max() > 10 * np.median(sizes)


def test_customers_are_shared_by_partners_of_one_root_and_of_several(channel: Channel) -> None:
    shared = channel.partner[(channel.partner[:, :2] >= 0).all(axis=1)][:, :2]
    same = [root(channel, one) == root(channel, two) for one, two in shared.tolist()]
    assert any(same)
    assert not all(same)


def test_no_two_open_relations_of_a_customer_are_with_the_same_partner(channel: Channel) -> None:
    first, second, third = channel.partner[:, 0], channel.partner[:, 1], channel.partner[:, 2]
    assert not ((first == second) & (first >= 0)).any()
    assert not (((third == first) | (third == second)) & (third >= 0)).any()


def test_only_a_partner_whose_relation_holds_sells(channel: Channel) -> None:
    rng = np.random.default_rng(1)
    account = np.arange(len(channel.partner))
    day = channel.until[:, 0].clip(max=25_000)
    seller = channel.seller(rng, account, day)
    ended = (channel.until[:, 0] <= day) & (channel.partner[:, 1:] == -1).all(axis=1)
    assert ended.any()
    assert (seller[ended] == -1).all()


def test_somebody_sells_to_nearly_every_customer(channel: Channel, lived: Lived) -> None:
    account = np.arange(lived.market.size)
    seller = channel.seller(np.random.default_rng(1), account, np.full(len(account), lived.timeline.end))
    assert (seller >= 0).mean() > 0.93
