"""Take the pictures of the download centre in docs/images/center.

`python -m tests.end_to_end.take_screenshots [--home ascent-home] [--to docs/images/center]` serves a copy of
a home on loopback, opens each page as somebody of the sample world would, and keeps what a browser shows.
Charts of the evidence page need a backtest: `ascent backtest ... --to HOME/backtests`.
"""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

from reports.center.delivery.run import run_due
from reports.center.people import Role
from tests.end_to_end.browsing import DESK, PHONE, Served, chromium, copy_of, drawn, looking, served, sign_in
from tests.end_to_end.commands import rows

COLOURS = 64
"""Of a picture: pages are few colours, and a small file is fetched quickly."""
TALLEST = 1_100
WEEKLY = (("#f-interval", "168"), ("#f-times", "4"))
Row = Mapping[str, str]


@dataclass(frozen=True)
class Picture:
    """A picture of a page: who looks at it where, what part of it, and what is done first."""

    name: str
    path: str
    who: str = "seller"
    anchor: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    click: str = ""
    accounts: str = ""
    """A file of one's own accounts, to be matched."""
    size: tuple[int, int] = DESK
    height: int = TALLEST


def pictures(customers: Sequence[Row]) -> tuple[Picture, ...]:
    """Return the pictures, in the order in which they are taken; customers of the seller, the best first."""
    page = f"/customers/{customers[0]['GlobalID']}/{customers[0]['CustomerID']}"
    known = [f"{row['AccountName']};https://www.{row['Domain']}/" for row in customers[:9] if row["Domain"]]
    accounts = "\n".join(["Company;Website", *known, "Nobody we know;nobody.example"])
    report = (
        "/downloads/new?dataset=CLASAzurePropensity&chosen=1&column=AccountName&column=Country&column=OrgSize"
        "&column=AzurePropensity&column=AzureCluster&column=AzureExpectedRevenue&column=AzureTrend"
        "&filter=AzureCluster&operator=%3D&value=Act+Now&name=Calls+of+the+week"
    )
    return (
        Picture("sign-in", "/sign-in", who="", height=520),
        Picture("home", "/"),
        Picture("home-phone", "/", size=PHONE, height=1_300),
        Picture("customers", "/customers"),
        Picture("customer", page, height=1_400),
        Picture("targets", "/targets?calls=40"),
        Picture("subscriptions", "/subscriptions"),
        Picture("calling", "/calling?family=calling"),
        Picture("evidence", "/evidence"),
        Picture("downloads", "/downloads"),
        Picture("new-report", report, height=1_300),
        Picture("preview", report, anchor="#step-filters", height=1_100),
        Picture("my-reports", report, fill=WEEKLY, click="[formaction='/reports']", height=520),
        Picture("templates", report, click="[formaction='/templates']", height=520),
        Picture("crm", "/crm", accounts=accounts),
        Picture("resources", "/resources"),
        Picture("account", "/account"),
        Picture("people", "/people", who="admin"),
        Picture("links", "/links", who="admin"),
        Picture("audit", "/audit", who="admin", height=800),
    )


def main() -> None:
    """Serve a copy of a home and take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("ascent-home"))
    parser.add_argument("--to", type=Path, default=Path("docs/images/center"))
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        home = copy_of(chosen.home, Path(folder) / "home")
        with served(home) as centre, chromium() as browser:
            azure = rows(home, "CLASAzurePropensity")
            partner = Counter(row["GlobalID"] for row in azure).most_common(1)[0][0]
            own = [row for row in azure if row["GlobalID"] == partner]
            own.sort(key=lambda row: -float(row["AzureExpectedRevenue"] or 0))
            centre.add("seller", Role.SALES_AGENT, partner)
            centre.add("admin", Role.GLOBAL_ADMIN)
            for one in pictures(own):
                if not chosen.only or one.name in chosen.only:
                    take(centre, browser, one, chosen.to)


def take(centre: Served, browser: Browser, picture: Picture, folder: Path) -> None:
    """Take one picture and tell what was wrong with its page."""
    with looking(browser, centre.base, size=picture.size) as (page, seen):
        if picture.who:
            sign_in(page, picture.who)
        page.goto(picture.path)
        _do(centre, page, picture)
        drawn(page)
        path = folder / f"{picture.name}.png"
        _keep(_shot(page, picture), path)
        print(f"{path}: {path.stat().st_size // 1000} kB", *seen.errors)  # noqa: T201 a script


def _do(centre: Served, page: Page, picture: Picture) -> None:
    """Do on the page what comes before its picture."""
    for field, value in picture.fill:
        page.locator(field).evaluate("(field, value) => { field.value = value; }", value)
    if picture.accounts:
        sent = FilePayload(name="accounts.csv", mimeType="text/csv", buffer=picture.accounts.encode())
        page.set_input_files("#f-file", files=sent)
        page.click("[value=see]")
        page.wait_for_selector("#result h2")
    if picture.click:
        page.locator(picture.click).evaluate("(button) => button.click()")
        page.wait_for_selector("main tbody tr")
        centre.clock.turn(hours=6)
        run_due(centre.center)
        page.reload()


def _shot(page: Page, picture: Picture) -> bytes:
    width, whole = picture.size[0], int(page.evaluate("document.documentElement.scrollHeight"))
    top = 0
    if picture.anchor:
        top = int(page.locator(picture.anchor).bounding_box()["y"]) - 24  # type: ignore[index]
    height = min(picture.height, whole - top)
    clip = {"x": 0, "y": top, "width": width, "height": height}
    return page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]


def _keep(shot: bytes, path: Path) -> None:
    Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
