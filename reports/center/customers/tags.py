"""Labels that people put on customers and subscriptions; everybody whom the customer reaches sees them."""

import sqlalchemy as sa

from features.errors import CallRefused
from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.customers.look_up import find_facts, has_subscription
from reports.center.customers.source import Label, Source
from reports.center.database.engine import acting
from reports.center.database.tables import Tag
from reports.center.people import Person
from reports.center.words import N_

LONGEST = 40
"""Characters of a tag."""
MOST = 20
"""Tags of a customer, and of a subscription."""


class TagRefused(CallRefused):
    """A tag cannot be given or taken; the message says why and is a text of the catalogues."""


def read_labels(
    center: Center, person: Person, *, partner: str = "", customer: str = ""
) -> tuple[Label, ...]:
    """Return the labels of the partners that a person reaches, or those of one customer, by tag."""
    asked = sa.select(Tag).order_by(Tag.tag, Tag.partner_id, Tag.customer_id)
    if not person.reach.everything:
        asked = asked.where(Tag.partner_id.in_(person.reach.partners))
    if customer:
        asked = asked.where(Tag.partner_id == partner, Tag.customer_id == customer)
    with acting(center.database, person) as session:
        return tuple(
            Label(
                partner=row.partner_id,
                customer=row.customer_id,
                tag=row.tag,
                subscription=row.subscription_id,
            )
            for row in session.scalars(asked)
        )


def add_tag(center: Center, person: Person, label: Label) -> None:
    """Put a label on what it names; one that is there already stays as it is.

    Raises:
        LookupError: the person does not reach the customer or subscription, or there is none.
        TagRefused: the role edits no tags, the text is no tag, or there are too many.
    """
    _check_reach(center, person, label)
    tag = _checked(label.tag)
    with acting(center.database, person) as session:
        there = set(session.scalars(sa.select(Tag.tag).where(*_on(label))))
        if tag in there:
            return
        if len(there) >= MOST:
            raise TagRefused(N_("There are 20 tags already, which is the most. Remove one first."))
        session.add(
            Tag(
                partner_id=label.partner,
                customer_id=label.customer,
                subscription_id=label.subscription,
                tag=tag,
                created_by=person.subject,
                created_at=center.now(),
            )
        )
        write_audit(center, person, "add tag", session=session, detail=_told(label, tag))


def remove_tag(center: Center, person: Person, label: Label) -> None:
    """Take a label away; one that is not there is gone already.

    Raises:
        LookupError: the person does not reach the customer or subscription, or there is none.
        TagRefused: the role edits no tags.
    """
    _check_reach(center, person, label)
    with acting(center.database, person) as session:
        row = session.scalar(sa.select(Tag).where(*_on(label), Tag.tag == label.tag))
        if row is not None:
            session.delete(row)
            write_audit(center, person, "remove tag", session=session, detail=_told(label, label.tag))


def _check_reach(center: Center, person: Person, label: Label) -> None:
    source = Source(shelf=center.shelf, scope=center.scope(person), today=center.today)
    is_there = find_facts(source, label.partner, label.customer) is not None
    if is_there and label.subscription:
        is_there = has_subscription(source, label.partner, label.customer, label.subscription)
    if not is_there:
        raise LookupError(_told(label, label.tag))
    if not person.rights.edits_tags:
        raise TagRefused(N_("Your role sees tags and does not change them."))


def _checked(text: str) -> str:
    tag = " ".join(text.split())
    if not tag:
        raise TagRefused(N_("A tag needs a text."))
    if len(tag) > LONGEST:
        raise TagRefused(N_("A tag has at most 40 characters."))
    # Tags stand in files joined with '; ', and a cell that begins with a sign may run as a formula.
    if not tag[0].isalnum() or ";" in tag or not tag.isprintable():
        raise TagRefused(N_("A tag begins with a letter or a digit, and has no semicolon."))
    return tag


def _on(label: Label) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Tag.partner_id == label.partner,
        Tag.customer_id == label.customer,
        Tag.subscription_id == label.subscription,
    )


def _told(label: Label, tag: str) -> str:
    place = [label.partner, label.customer, *([label.subscription] if label.subscription else [])]
    return f"{'/'.join(place)}: {tag}"
