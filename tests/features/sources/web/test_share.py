import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import CallRefused
from features.sources.web.share import BUCKETS, Share, bucket_of, by_bucket

NAMES = [f"company-{number}.com" for number in range(500)]


@given(st.integers(1, BUCKETS), st.integers(1, BUCKETS))
def test_every_domain_is_in_one_share_however_often_they_are_split(of: int, parts: int) -> None:
    shares = [split for part in range(1, of + 1) for split in Share(part, of).split(parts)]
    for name in NAMES[:40]:
        assert sum(share.has(name) for share in shares) == 1
    assert sorted(bucket for share in shares for bucket in share.buckets()) == list(range(BUCKETS))


def test_a_domain_is_in_the_bucket_it_was_in_last_year() -> None:
    assert [bucket_of(name) for name in NAMES[:4]] == [5, 26, 20, 13]


def test_shares_are_of_about_the_same_size() -> None:
    sizes = [sum(Share(part, 4).has(name) for name in NAMES) for part in range(1, 5)]
    assert min(sizes) > 80


def test_domains_come_bucket_by_bucket() -> None:
    found = by_bucket(NAMES)
    assert list(found) == sorted(found)
    assert sorted(name for some in found.values() for name in some) == sorted(NAMES)


@pytest.mark.parametrize("told", ["0/4", "5/4", "1/0", "1/33", "1", "a/b", "1/4/2", "-1/4", "1.5/4"])
def test_a_share_that_cannot_be_is_refused(told: str) -> None:
    with pytest.raises(CallRefused, match=r"1/4"):
        Share.read(told)


def test_a_share_is_read_as_it_is_written() -> None:
    assert str(Share.read(" 2/8 ")) == "2/8"
