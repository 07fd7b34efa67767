"""A download centre that is served on loopback, and browsers that look at it."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from pipelines.serving import open_center
from pipelines.settings import Settings
from reports.center.access.manage import add_person
from reports.center.app import create_app
from reports.center.center import Center
from reports.center.people import Reach, Role
from tests.end_to_end.commands import command, environment

CHROMIUM = Path(os.environ.get("ASCENT_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000.0
"""Milliseconds that a condition is waited for: the machine may be busy with other things."""
PASSWORD = "correct horse battery"
DESK, PHONE = (1280, 900), (390, 844)


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    instant: datetime = datetime(2026, 10, 28, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def turn(self, hours: float) -> None:
        self.instant += timedelta(hours=hours)


@dataclass(frozen=True)
class Served:
    """A centre that answers at an address, and its clock."""

    center: Center
    clock: Clock
    base: str

    def add(self, subject: str, role: Role, *partners: str) -> None:
        """Let somebody in with `PASSWORD`; without partners it sees everything."""
        add_person(
            self.center,
            None,
            subject=subject,
            name=subject.title(),
            role=role,
            reach=Reach(everything=not partners, partners=frozenset(partners)),
            password=PASSWORD,
        )


@dataclass
class Seen:
    """What a browser was told and asked for while it looked."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)

    def strangers(self, base: str) -> list[str]:
        """Requests to anywhere but the centre; `data:` and `blob:` leave no machine."""
        ours = (f"{base}/", "data:", f"blob:{base}/")
        return [url for url in self.requests if not url.startswith(ours)]


@contextmanager
def served(home: Path, *, settings: Settings | None = None) -> Iterator[Served]:
    """Serve a home in a thread; whoever calls makes what is due, so that a test decides when."""
    # It listens before the server is up, so that no call comes too early.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        clock = Clock()
        opened = open_center(home, settings or Settings(), listens_at=base)
        cheap = replace(opened.policy, password_kib=64, password_passes=1)
        center = replace(opened, now=clock, policy=cheap)
        server = uvicorn.Server(uvicorn.Config(create_app(center), log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Served(center, clock, base)
        finally:
            server.should_exit = True
            thread.join()
            center.close()


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve a home with the real command line, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = command("serve", "--home", home, "--port", port)
    with subprocess.Popen(call, env=environment(), stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + PATIENCE / 1000
            while not _answers(port):
                assert process.poll() is None, f"the server has ended with {process.returncode}"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), timeout=PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(
    browser: Browser, base: str, *, size: tuple[int, int] = DESK, language: str = "en-US"
) -> Iterator[tuple[Page, Seen]]:
    """Open a page of a fresh browser, and keep what goes wrong and what is asked for."""
    context = browser.new_context(
        base_url=base,
        viewport={"width": size[0], "height": size[1]},
        locale=language,
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    seen = Seen()
    try:
        yield _watched(context, seen), seen
    finally:
        context.close()


def _watched(context: BrowserContext, seen: Seen) -> Page:
    def asked(request: Request) -> None:
        seen.requests.append(request.url)

    page = context.new_page()
    context.on("request", asked)
    page.on(
        "console", lambda told: seen.errors.append(told.text) if told.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda fault: seen.errors.append(str(fault)))
    page.on("response", lambda answer: seen.statuses.update({answer.url: answer.status}))
    return page


def sign_in(page: Page, subject: str, *, password: str = PASSWORD) -> None:
    """Sign in with the form."""
    page.goto("/sign-in")
    page.fill("#f-subject", subject)
    page.fill("#f-password", password)
    page.click("main button")
    expect(page.locator(".who")).to_be_visible()


def drawn(page: Page) -> None:
    """Wait until every chart of a page is drawn."""
    expect(page.locator("[data-chart]:not([hidden]):not(:has(canvas, svg))")).to_have_count(0)


def copy_of(home: Path, to: Path) -> Path:
    """Copy what the centre reads of a home."""
    for part in ("published", "versions", "backtests"):
        if (home / part).exists():
            shutil.copytree(home / part, to / part, symlinks=True)
    return to
