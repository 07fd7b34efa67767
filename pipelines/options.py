"""What commands are told: each option declared once, and those that go together as a row of them."""

import functools
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated

import typer

from features.errors import CallRefused
from pipelines.catalogue import read_catalogue
from pipelines.job import Job
from pipelines.settings import read_settings

Month = Annotated[str, typer.Option(help="The month to make, such as 2026-10.", show_default=False)]
Home = Annotated[Path, typer.Option(envvar="ASCENT_HOME", help="Where models and published months are kept.")]
CatalogueFile = Annotated[
    Path | None, typer.Option("--catalogue", help="Python file that declares PRODUCTS.")
]
Accept = Annotated[
    str | None, typer.Option(help="Reason to publish although the month differs or moved too far.")
]
Cluster = Annotated[
    str | None,
    typer.Option(help="Dask scheduler whose workers score the customers, such as tcp://HOST:8786."),
]
DEFAULT_HOME = Path("ascent-home")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What every command that reads the tables is told."""

    place: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with one Parquet or CSV file a table.", show_default=False),
    ] = None
    tables: Annotated[
        Path | None, typer.Option(help="tables.toml: where the tables are and what their columns are called.")
    ] = None
    home: Home = DEFAULT_HOME
    memory: Annotated[str | None, typer.Option(help="Memory the engine may use, such as 2GB.")] = None

    def job(
        self,
        month: str,
        *,
        catalogue: Path | None = None,
        accept: str | None = None,
        cluster: str | None = None,
    ) -> Job:
        """Return the run that is asked for, with the settings of its home and of the environment.

        Raises:
            CallRefused: the tables are nowhere, the reason is no reason, or the home is no folder.
        """
        from features.sources.mapping import load

        if self.place is None and self.tables is None:
            raise CallRefused("Say where the tables are: --from DIR, or --tables FILE.")
        if accept is not None and not accept.strip():
            raise CallRefused("--accept wants a reason, in words: it is recorded with the month.")
        if self.home.exists() and not self.home.is_dir():
            raise CallRefused(
                f"--home wants a folder to keep models and published months in; {self.home} is a file."
            )
        environment = dict(os.environ)
        if self.memory is not None:
            environment["ASCENT_MEMORY"] = self.memory
        return Job(
            month=month,
            # Workers of a cluster have other working folders.
            home=self.home if cluster is None else self.home.resolve(),
            settings=read_settings(self.home, environment),
            place=self.place,
            mapping=None if self.tables is None else load(self.tables, base=self.place, secrets=environment),
            catalogue=read_catalogue(catalogue),
            accept=accept,
            cluster=cluster,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """What `ascent collect` is told: whose sites, where to, and who does which part of it."""

    domains: Annotated[Path, typer.Option(help="Text file: a domain on each line.", show_default=False)]
    to: Annotated[Path, typer.Option(help="Folder to write the tables to.", show_default=False)]
    share: Annotated[str, typer.Option(help="Part of the list, such as 1/4, where others do the rest.")] = (
        "1/1"
    )
    processes: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1
    cluster: Annotated[
        str | None,
        typer.Option(help="Dask scheduler whose workers visit the sites, such as tcp://HOST:8786."),
    ] = None
    export: Annotated[
        list[str] | None,
        typer.Option(help="Export to record as well, such as forum_post=FILE; may be given again."),
    ] = None
    networks: Annotated[
        Path | None, typer.Option(help="CSV of networks and domains, for the IP addresses in exports.")
    ] = None


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that takes rows of options be called with each of their fields as an option of its own.

    typer reads options off a signature and knows no rows of them; to give it the signature that it would read
    is the way that its users found (typer issue 154).
    """
    declared = inspect.signature(command)
    kinds = {name: one.annotation for name, one in declared.parameters.items()}
    rows = {name: kind for name, kind in kinds.items() if isinstance(kind, type) and is_dataclass(kind)}
    parameters: list[inspect.Parameter] = []
    for name, one in declared.parameters.items():
        if name in rows:
            parameters += inspect.signature(rows[name]).parameters.values()
        else:
            parameters.append(one.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    @functools.wraps(command)
    def called(**told: object) -> None:
        made = {
            name: row(**{field.name: told.pop(field.name) for field in fields(row)})
            for name, row in rows.items()
        }
        command(**told, **made)

    called.__signature__ = declared.replace(parameters=parameters)  # type: ignore[attr-defined]  # typer's way in
    return called
