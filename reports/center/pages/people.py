"""The people who may sign in: who manages them adds them, and says what they may see."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from features.errors import CallRefused
from reports.center.access import manage
from reports.center.access.secret import make_secret
from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.pages.render import render
from reports.center.people import Reach, Role

router = APIRouter(prefix="/people")

LOCAL, EXTERNAL = "local", "external"
"""How somebody signs in: with a password, or through the identity provider."""
FIRST_PASSWORD = 20
"""Characters of a first password."""


class NewPerson(BaseModel, frozen=True):
    """The form that adds somebody."""

    subject: str = ""
    name: str = ""
    role: str = ""
    kind: str = EXTERNAL
    partners: str = ""
    locations: str = ""
    everything: bool = False


def managing(visitor: Visiting) -> Visitor:
    """Return a visitor who manages people; others are refused."""
    require(visitor, "manages_people")
    return visitor


Managing = Annotated[Visitor, Depends(managing)]


@router.get("")
def show(request: Request, visitor: Managing) -> Response:
    """Show the people within the visitor's reach."""
    return _page(request, visitor)


@router.post("")
def add(request: Request, visitor: Managing, new: Annotated[NewPerson, Form()]) -> Response:
    """Add somebody; a local account gets a first password, which is shown once."""
    password = make_secret()[:FIRST_PASSWORD] if new.kind == LOCAL else None
    try:
        person = manage.add_person(
            visitor.center,
            visitor.person,
            subject=new.subject,
            name=new.name or new.subject,
            role=role_of(new.role),
            reach=reach_of(everything=new.everything, partners=new.partners, locations=new.locations),
            password=password,
        )
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    if password is None:
        return RedirectResponse("/people", 303)
    return _page(request, visitor, added=person.subject, password=password)


@router.post("/role")
def change_role(
    request: Request, visitor: Managing, subject: Annotated[str, Form()], role: Annotated[str, Form()] = ""
) -> Response:
    """Give somebody another role."""
    try:
        manage.change_role(visitor.center, visitor.person, subject, role_of(role))
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return RedirectResponse("/people", 303)


@router.post("/reach")
def change_reach(
    request: Request,
    visitor: Managing,
    subject: Annotated[str, Form()],
    partners: Annotated[str, Form()] = "",
    locations: Annotated[str, Form()] = "",
    everything: Annotated[bool, Form()] = False,
) -> Response:
    """Give somebody another reach."""
    try:
        reach = reach_of(everything=everything, partners=partners, locations=locations)
        manage.change_reach(visitor.center, visitor.person, subject, reach)
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return RedirectResponse("/people", 303)


@router.post("/activity")
def change_activity(
    request: Request,
    visitor: Managing,
    subject: Annotated[str, Form()],
    active: Annotated[bool, Form()] = False,
) -> Response:
    """Disable somebody, or let it in again."""
    try:
        manage.change_activity(visitor.center, visitor.person, subject, is_active=active)
    except CallRefused as refused:
        return _page(request, visitor, refused=str(refused))
    return RedirectResponse("/people", 303)


def role_of(told: str) -> Role:
    """Read a role.

    Raises:
        CallRefused: there is no such role.
    """
    try:
        return Role(told)
    except ValueError:
        raise CallRefused(f"There is no role {told!r}; there are: {', '.join(Role)}.") from None


def reach_of(*, everything: bool, partners: str, locations: str) -> Reach:
    """Read a reach; ids are parted by commas, semicolons or lines."""
    return Reach(
        everything=everything, partners=frozenset(_ids(partners)), locations=frozenset(_ids(locations))
    )


def _ids(told: str) -> Sequence[str]:
    return [one.strip() for one in re.split(r"[,;\r\n]+", told) if one.strip()]


def _page(
    request: Request, visitor: Visitor, *, refused: str = "", added: str = "", password: str = ""
) -> Response:
    people = manage.people_within(visitor.center, visitor.person)
    return render(
        request,
        visitor,
        "people.html",
        status=422 if refused else 200,
        refused=refused,
        added=added,
        password=password,
        people=[(kept, manage.may_manage(visitor.person, kept.person)) for kept in people],
        roles=manage.roles_to_give(visitor.person),
        may_give_everything=visitor.person.reach.everything,
        has_provider=visitor.center.policy.provider is not None,
    )
