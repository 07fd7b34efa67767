import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.customers.source import Label
from reports.center.customers.tags import LONGEST, MOST, TagRefused, add_tag, read_labels, remove_tag
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow, Tag
from reports.center.people import Person, Role
from tests.reports.center.customers.world import somebody


def on(customer: str = "C1", *, tag: str = "VIP", partner: str = "P1", subscription: str = "") -> Label:
    return Label(partner=partner, customer=customer, tag=tag, subscription=subscription)


def kept(center: Center) -> list[str]:
    with acting_for_all(center.database) as session:
        return list(session.scalars(sa.select(Tag.tag).order_by(Tag.tag)))


def test_a_tag_is_put_on_and_taken_off_and_both_are_written_down(customers_center: Center) -> None:
    seller = somebody()
    add_tag(customers_center, seller, on(tag="  call   in May "))
    assert read_labels(customers_center, seller) == (on(tag="call in May"),)
    remove_tag(customers_center, seller, on(tag="call in May"))
    assert kept(customers_center) == []
    with acting_for_all(customers_center.database) as session:
        told = [(row.action, row.detail) for row in session.scalars(sa.select(AuditRow))]
    assert told == [("add tag", "P1/C1: call in May"), ("remove tag", "P1/C1: call in May")]


def test_a_tag_is_there_once_however_often_it_is_given(customers_center: Center) -> None:
    add_tag(customers_center, somebody(), on())
    add_tag(customers_center, somebody(Role.ADMIN_AGENT, id=2), on())
    assert kept(customers_center) == ["VIP"]


def test_a_subscription_has_tags_of_its_own(customers_center: Center) -> None:
    add_tag(customers_center, somebody(), on(subscription="L1"))
    assert read_labels(customers_center, somebody(), partner="P1", customer="C1") == (on(subscription="L1"),)
    with pytest.raises(LookupError):
        add_tag(customers_center, somebody(), on(subscription="L4"))


@pytest.mark.parametrize(
    ("person", "label"),
    [
        (somebody(of="P2"), on("C1")),
        (somebody(), on("C4", partner="P2")),
        (somebody(), on("C4")),
        (somebody(), on("nobody")),
        (somebody(location="P1-South"), on("C1")),
        (somebody(Role.REPORT_VIEWER, of="P2"), on("C1")),
    ],
)
def test_nobody_labels_customers_out_of_reach(customers_center: Center, person: Person, label: Label) -> None:
    with pytest.raises(LookupError):
        add_tag(customers_center, person, label)
    with pytest.raises(LookupError):
        remove_tag(customers_center, person, label)
    assert kept(customers_center) == []


@pytest.mark.parametrize("role", [Role.REPORT_VIEWER, Role.EXECUTIVE_VIEWER])
def test_viewers_see_tags_and_do_not_change_them(customers_center: Center, role: Role) -> None:
    add_tag(customers_center, somebody(), on())
    viewer = somebody(role, id=2)
    assert read_labels(customers_center, viewer) == (on(),)
    with pytest.raises(TagRefused, match="does not change"):
        add_tag(customers_center, viewer, on(tag="other"))
    with pytest.raises(TagRefused, match="does not change"):
        remove_tag(customers_center, viewer, on())
    assert kept(customers_center) == ["VIP"]


def test_labels_of_other_partners_are_not_read(customers_center: Center) -> None:
    add_tag(customers_center, somebody(), on())
    assert read_labels(customers_center, somebody(of="P2")) == ()
    assert read_labels(customers_center, somebody(of="*")) == (on(),)


@pytest.mark.parametrize(
    "tag", ["", "   ", "a; b", "=1+1", "@x", "-", "\uff1dx", "a\x00b", "x" * (LONGEST + 1), "'quoted"]
)
def test_what_is_no_tag_is_refused(customers_center: Center, tag: str) -> None:
    with pytest.raises(TagRefused):
        add_tag(customers_center, somebody(), on(tag=tag))
    assert kept(customers_center) == []


def test_the_longest_tag_is_as_long_as_the_refusal_says(customers_center: Center) -> None:
    add_tag(customers_center, somebody(), on(tag="x" * LONGEST))
    with pytest.raises(TagRefused, match=f"at most {LONGEST} characters"):
        add_tag(customers_center, somebody(), on(tag="y" * (LONGEST + 1)))


def test_there_are_only_so_many_tags_on_a_customer(customers_center: Center) -> None:
    for number in range(MOST):
        add_tag(customers_center, somebody(), on(tag=f"t{number}"))
    with pytest.raises(TagRefused, match=f"There are {MOST} tags already, which is the most"):
        add_tag(customers_center, somebody(), on(tag="one more"))
    add_tag(customers_center, somebody(), on("C2", tag="another customer"))
    assert len(kept(customers_center)) == MOST + 1
