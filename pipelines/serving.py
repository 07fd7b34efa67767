"""The commands of the download centre: serve it, and say who may sign in."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from features.errors import CallRefused
from pipelines.catalogue import read_catalogue
from pipelines.options import DEFAULT_HOME, CatalogueFile, Home
from pipelines.settings import Settings, read_settings

if TYPE_CHECKING:
    from reports.center.center import Center
    from reports.center.people import Reach, Role

Subject = Annotated[
    str, typer.Argument(help="What somebody signs in as: a name, an e-mail address, or a provider's subject.")
]
RoleName = Annotated[str, typer.Option(help="Such as `sales agent` or `global admin`.", show_default=False)]
Partners = Annotated[
    list[str] | None, typer.Option("--partner", help="Sees customers of this root partner; repeat for more.")
]
Locations = Annotated[
    list[str] | None, typer.Option("--location", help="Only those of this location; repeat for more.")
]
Everything = Annotated[bool, typer.Option("--everything", help="Sees customers of all partners.")]
users = typer.Typer(help="Say who may sign in to the download centre.", no_args_is_help=True)
out = Console(highlight=False, markup=False, soft_wrap=True)


def serve(
    home: Home = DEFAULT_HOME,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8000,
    catalogue: CatalogueFile = None,
) -> None:
    """Serve the download centre over what is published in a home."""
    import uvicorn

    from reports.center.access.connection import Connection
    from reports.center.access.guard import LOOPBACK
    from reports.center.access.manage import people_within
    from reports.center.app import create_app

    settings = read_settings(home, os.environ)
    if host not in LOOPBACK and not settings.center_base_url:
        raise CallRefused(
            f"Listening at {host}, the centre must know how it is reached from outside: set center_base_url,"
            " or ASCENT_CENTER_BASE_URL, to an address like https://ascent.example.com."
        )
    center = open_center(home, settings, listens_at=f"http://{host}:{port}", catalogue=catalogue)
    if center.shelf.latest() is None:
        out.print(f"No month is published in {home} yet: call `make run`, or `ascent monthly`.")
    if not people_within(center, None):
        out.print(
            "Nobody may sign in yet: call `ascent users add NAME"
            f' --role "global admin" --everything --home {home}`.'
        )
    out.print(f"The download centre is at {center.policy.base_url}; stop it with Ctrl+C.")
    uvicorn.run(
        create_app(center, every=settings.center_seconds_between_schedules),
        host=host,
        port=port,
        log_level="warning",
        http=Connection,
        ws="none",
        # Addresses hold the secrets of links; who did what is in the audit.
        access_log=False,
        server_header=False,
    )


def open_center(
    home: Path, settings: Settings, *, listens_at: str = "", catalogue: Path | None = None
) -> "Center":
    """Return the download centre of a home, with the clock of this machine.

    Raises:
        CallRefused: the home is no folder, or the database cannot be opened.
    """
    import sqlalchemy as sa

    from reports.center.center import Center, IdentityProvider, Policy
    from reports.center.database.engine import open_database
    from reports.center.datasets import datasets_of
    from reports.center.shelf import Shelf

    if home.exists() and not home.is_dir():
        raise CallRefused(f"--home wants a folder in which months are published; {home} is a file.")
    folder = home / "center"
    url = settings.center_database or f"sqlite:///{folder / 'center.db'}"
    try:
        database = open_database(url)
    except sa.exc.OperationalError as error:
        shown = sa.make_url(url).render_as_string()
        raise CallRefused(f"The database {shown} cannot be opened: {error.orig}.") from None
    provider = None
    if settings.provider_issuer:
        provider = IdentityProvider(
            issuer=settings.provider_issuer,
            client_id=settings.provider_client_id,
            client_secret=settings.provider_client_secret,
            name=settings.provider_name,
        )
    return Center(
        shelf=Shelf(published=home / "published", copies=folder / "copies", memory=settings.memory),
        datasets=datasets_of(read_catalogue(catalogue)),
        database=database,
        files=folder / "files",
        backtests=home / "backtests",
        now=lambda: datetime.now(UTC),
        policy=Policy(
            base_url=settings.center_base_url or listens_at or Policy().base_url,
            session_hours=settings.center_session_hours,
            token_days=settings.center_token_days,
            link_hours=settings.center_link_hours,
            sign_ins_per_quarter_hour=settings.center_sign_ins_per_quarter_hour,
            allows_private_callbacks=settings.center_allows_private_callbacks,
            provider=provider,
        ),
    )


@users.command()
def add(
    subject: Subject,
    role: RoleName,
    name: Annotated[str, typer.Option(help="What pages call it; default: as it signs in.")] = "",
    partners: Partners = None,
    locations: Locations = None,
    everything: Everything = False,
    external: Annotated[
        bool, typer.Option("--external", help="The identity provider vouches for it; no password.")
    ] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Let somebody sign in; the password is asked for, or read from the standard input."""
    from reports.center.access import manage

    asked, reach = _role(role), _reach(partners, locations, everything)
    center = _center(home)
    person = manage.add_person(
        center,
        None,
        subject=subject,
        name=name or subject,
        role=asked,
        reach=reach,
        password=None if external else _password(),
    )
    out.print(f"{person.subject} may sign in as {person.role}; sees {manage.told(person.reach)}.")


@users.command("list")
def show(home: Home = DEFAULT_HOME) -> None:
    """List who may sign in."""
    from reports.center.access import manage

    people = manage.people_within(_center(home), None)
    for one in people:
        how = "password" if one.has_password else "identity provider"
        state = "active" if one.is_active else "disabled"
        person, sees = one.person, manage.told(one.person.reach)
        out.print(f"{person.subject} | {person.name} | {person.role} | {sees} | {how} | {state}")
    if not people:
        out.print("Nobody may sign in yet: call `ascent users add`.")


@users.command()
def reach(
    subject: Subject,
    partners: Partners = None,
    locations: Locations = None,
    everything: Everything = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say whose customers somebody sees; what is not named is no longer seen."""
    from reports.center.access import manage

    given = _reach(partners, locations, everything)
    manage.change_reach(_center(home), None, subject, given)
    out.print(f"{subject} sees {manage.told(given)}.")


@users.command()
def role(
    subject: Subject,
    name: Annotated[str, typer.Argument(metavar="ROLE", help="Such as `sales agent`.", show_default=False)],
    home: Home = DEFAULT_HOME,
) -> None:
    """Give somebody another role."""
    from reports.center.access import manage

    given = _role(name)
    manage.change_role(_center(home), None, subject, given)
    out.print(f"{subject} is {given} now.")


@users.command()
def disable(subject: Subject, home: Home = DEFAULT_HOME) -> None:
    """Let somebody in no longer: its sessions end, its tokens are revoked."""
    from reports.center.access import manage

    manage.change_activity(_center(home), None, subject, is_active=False)
    out.print(f"{subject} is signed out and may sign in no longer.")


@users.command()
def enable(subject: Subject, home: Home = DEFAULT_HOME) -> None:
    """Let somebody in again; its tokens stay revoked."""
    from reports.center.access import manage

    manage.change_activity(_center(home), None, subject, is_active=True)
    out.print(f"{subject} may sign in again.")


@users.command()
def password(subject: Subject, home: Home = DEFAULT_HOME) -> None:
    """Give somebody another password, asked for or read from the standard input; its sessions end."""
    from reports.center.access import manage

    manage.change_password(_center(home), None, subject, _password())
    out.print(f"{subject} signs in with the new password.")


@users.command()
def token(
    subject: Subject,
    name: Annotated[str, typer.Option(help="Which program it is for.", show_default=False)],
    days: Annotated[int, typer.Option(min=1, help="How long it lives.")] = 90,
    home: Home = DEFAULT_HOME,
) -> None:
    """Make a token for a program of somebody, and print it; it cannot be shown again."""
    from reports.center.access.manage import person_called
    from reports.center.access.tokens import make_token

    center = _center(home)
    typer.echo(make_token(center, person_called(center, subject), name, days))


def _center(home: Path) -> "Center":
    return open_center(home, read_settings(home, os.environ))


def _password() -> str:
    """Return a password that is typed twice, or the first line of what is piped in; never an argument."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _role(told: str) -> "Role":
    from reports.center.people import Role

    if told.lower() not in list(Role):
        raise CallRefused(f"There is no role {told!r}; there are: {', '.join(Role)}.")
    return Role(told.lower())


def _reach(partners: list[str] | None, locations: list[str] | None, everything: bool) -> "Reach":
    from reports.center.people import Reach

    return Reach(
        everything=everything, partners=frozenset(partners or ()), locations=frozenset(locations or ())
    )
