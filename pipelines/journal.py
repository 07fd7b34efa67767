"""What a run did: its stages with their seconds, its warnings, and progress that people can watch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a run and how long it took; of one `within` another, all processes together."""

    name: str
    seconds: float
    within: str = ""


@dataclass(slots=True)
class Journal:
    """The stages and warnings of a run so far; it grows as the run goes on."""

    console: Console
    stages: list[Stage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and say when it begins and ends."""
        self.console.print(f"[bold]{name}[/bold]")
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        self.stages.append(Stage(name, round(seconds, 1)))
        self.console.print(f"  [dim]{seconds:.1f} s[/dim]")

    def spent(self, name: str, seconds: float, *, within: str) -> None:
        """Keep what a part of the stage that has just ended took, all processes together."""
        self.stages.append(Stage(name, round(seconds, 1), within))

    def progress(self, told: str) -> None:
        """Say what is being done now."""
        self.console.print(f"  [dim]{told}[/dim]", highlight=False, soft_wrap=True)

    def warn(self, told: str) -> None:
        """Keep a warning for the run report and show it."""
        self.warnings.append(told)
        self.console.print(f"  [yellow]warning:[/yellow] {told}", highlight=False, soft_wrap=True)
