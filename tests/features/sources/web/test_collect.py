import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from features.errors import WorkerLost
from features.sources.tables import COMPANY_TOPIC
from features.sources.web.collect import collect
from features.sources.web.domains import sort_lines
from features.sources.web.outcomes import Outcome
from pipelines.collecting import now
from tests.features.sources.web.internet.clock import FIRST_DAY
from tests.features.sources.web.internet.companies import COMPANIES
from tests.features.sources.web.internet.servers import Internet, serving
from tests.features.sources.web.internet.site import Expected, Site, Way
from tests.features.sources.web.internet.sites import SITES
from tests.features.sources.web.internet.visiting import (
    CONTACT,
    LIMITS,
    Run,
    plan_for,
    rows,
    signals_of,
    visit,
)
from tests.features.sources.written import minimal, put, taken
from tests.features.sources.written import rows as accepted_rows

ROBOTS = "/robots.txt"
ABANDONED = (Way.DRIP, Way.ENDLESS, Way.SILENT)


@dataclass(frozen=True, slots=True)
class History:
    """Visits: to all sites by two processes, again on the same day, to the well-behaved on the next."""

    internet: Internet
    first: Run
    again: Run
    next_day: Run


@pytest.fixture(scope="module")
def internet() -> Iterator[Internet]:
    with serving(SITES) as there:
        yield there


@pytest.fixture(scope="module")
def history(internet: Internet, tmp_path_factory: pytest.TempPathFactory) -> History:
    folder = tmp_path_factory.mktemp("collected")
    first = visit(internet, SITES, folder, processes=2)
    again = visit(internet, SITES, folder)
    return History(internet, first, again, visit(internet, COMPANIES, folder, days=1))


def address(site: Site, expected: Expected) -> str:
    return (
        f"http:{expected.path}" if expected.path.startswith("//") else f"http://{site.domain}{expected.path}"
    )


def test_the_internet_is_small_but_wide() -> None:
    assert len(SITES) >= 30
    assert len({site.domain for site in SITES}) == len(SITES)


def test_every_company_ends_as_it_must(history: History) -> None:
    assert history.first.outcomes == {site.domain: str(site.outcome) for site in SITES}
    counts = Counter(site.outcome for site in SITES)
    assert history.first.report.tally.hosts == {outcome: counts[outcome] for outcome in Outcome}
    assert history.first.report.left == 0


def test_nothing_forbidden_is_ever_asked(history: History) -> None:
    asked = {
        (site.domain, one.path)
        for site in SITES
        for one in history.internet.of(site.domain)
        for beginning in site.forbidden
        if one.path != ROBOTS
        and (one.path == beginning or (beginning != "/" and one.path.startswith(beginning)))
    }
    assert asked == set()


def test_the_rules_of_every_host_are_read_before_anything_else(history: History) -> None:
    first_of: dict[str, str] = {}
    for one in history.first.asked:
        first_of.setdefault(one.host, one.path)
    assert set(first_of.values()) == {ROBOTS}


def test_a_company_is_asked_one_thing_at_a_time_with_its_delay_between(history: History) -> None:
    too_soon = []
    for site in SITES:
        if any(answer.way in ABANDONED for answer in (site.robots, *site.answers.values())):
            continue
        for run in (history.first, history.next_day):
            asked = run.of(site)
            # Its own delay holds from the answer of its robots.txt on.
            gaps = [
                (after.path, after.began - before.ended, max(LIMITS.delay, site.delay))
                for before, after in pairwise(asked)
            ]
            too_soon += [(site.domain, *gap) for gap in gaps if gap[1] < gap[2] - 0.001]
    assert too_soon == []


def test_no_budget_is_exceeded(history: History) -> None:
    for run in (history.first, history.next_day):
        pages = {site.domain: sum(one.path != ROBOTS for one in run.of(site)) for site in SITES}
        assert {domain: count for domain, count in pages.items() if count > LIMITS.pages} == {}
    assert history.first.report.tally.bytes <= LIMITS.bytes * len(SITES)


def test_usual_addresses_are_asked_only_where_nothing_tells_what_is_published(history: History) -> None:
    asked = {one.host for one in history.first.asked if one.path in ("/feed", "/sitemap.xml")}
    assert "silent-feed.com" in asked
    # They name a feed, a sitemap, news.
    assert not asked & {"elsewhere-posts.com", "mapped-mills.com", "growing-goods.com"}


def test_every_request_says_who_asks_and_whom_to_complain_to(history: History) -> None:
    agents = {one.header("user-agent") for one in history.internet.asked}
    assert agents == {f"AscentCollector/1.0 (+{CONTACT})"}
    assert not {"cookie", "authorization", "referer"} & {
        name for one in history.internet.asked for name, _ in one.headers
    }


def test_the_nameserver_is_asked_about_the_companies_alone(history: History) -> None:
    names = {question.split()[0] for question in history.internet.questions}
    assert {name for name in names if history.internet.site(name) is None} == set()


def test_the_signals_are_exactly_those_expected(history: History) -> None:
    seen = FIRST_DAY.replace(tzinfo=None)
    expected = {
        (site.domain, address(site, one), one.kind, one.topic, one.published_on or seen.date())
        for site in SITES
        for one in site.signals
    }
    assert {
        (domain, url, kind, topic, at.date())
        for domain, url, kind, topic, at in signals_of(history.first.folder)
    } == expected
    known = {row["known_at"].replace(tzinfo=None) for row in rows(history.first.folder, "signals")}
    assert known == {seen}


def test_the_technologies_are_exactly_those_expected(history: History) -> None:
    found = {(row["domain"], row["technology"]) for row in rows(history.first.folder, "technologies")}
    assert found == {(site.domain, technology) for site in SITES for technology in site.technologies}


def test_a_signal_quotes_its_page_and_nobody(history: History) -> None:
    for row in rows(history.first.folder, "signals"):
        assert 0 < len(row["text"]) <= 200
        assert "@" not in row["text"]
        assert "1234567" not in row["text"]
        assert bool(row["classifier"]) == (row["topic"] != COMPANY_TOPIC)


def test_what_was_collected_is_accepted_as_inputs_and_finds_its_customer(
    history: History, tmp_path: Path
) -> None:
    place = minimal(tmp_path / "inputs")
    put(
        place,
        "accounts",
        "account_id,known_on,account_name,domain\nA1,2026-01-01,One,plain-pipes.com\nA2,2026-01-01,Two,other.com",
    )
    for name in ("signals", "technologies"):
        (place / name).symlink_to(history.first.folder / name)
    day = (FIRST_DAY.date()).replace(month=12, day=25)
    accepted = taken(place, tolerance=0.0, as_of=day)
    assert not accepted.breaches
    assert len(accepted_rows(accepted, "signals", "signal_id")) == history.first.report.signals
    assert len(accepted_rows(accepted, "technologies", "domain")) == history.first.report.technologies


def test_the_report_is_there_as_json_and_fits_a_screen(history: History) -> None:
    told = json.loads(history.first.told)
    assert told["tally"]["hosts"]["refused by robots"] == sum(
        site.outcome is Outcome.REFUSED for site in SITES
    )
    assert len(told["reasons"]) <= 10


def test_nothing_is_written_but_the_tables_the_state_and_the_notes(history: History) -> None:
    there = {path.relative_to(history.first.folder).parts[0] for path in history.first.folder.rglob("*")}
    assert there == {"signals", "technologies", "collection"}
    size = sum(path.stat().st_size for path in history.first.folder.rglob("*") if path.is_file())
    assert size < 20_000_000


def test_a_second_visit_on_the_same_day_asks_nothing_and_changes_nothing(history: History) -> None:
    assert list(history.again.asked) == []
    assert history.again.files == history.first.files
    assert history.again.report == history.first.report


def test_on_the_next_day_pages_are_asked_whether_they_changed(history: History) -> None:
    asked = [one for one in history.next_day.asked if one.path != ROBOTS]
    assert {one.status for one in asked} <= {301, 304}
    assert all(one.header("if-none-match") for one in asked if one.status == 304)
    articles = {expected.path for site in COMPANIES for expected in site.signals}
    assert articles & {one.path for one in asked} <= {"/empleo"}


def test_on_the_next_day_the_same_pages_give_no_second_signal(history: History) -> None:
    assert history.next_day.files == history.first.files
    tally = history.next_day.report.tally
    assert tally.hosts[Outcome.UNCHANGED] == len(COMPANIES)
    assert history.next_day.report.new_signals == 0


def test_two_processes_visit_each_company_once(history: History) -> None:
    asked = Counter((one.host, one.path) for one in history.first.asked if one.status == 200)
    assert {what: count for what, count in asked.items() if count > 1} == {}


def command(internet: Internet, folder: Path) -> subprocess.Popen[bytes]:
    """Start `ascent collect` on the well-behaved sites, a few at a time."""
    (folder.parent / "domains.txt").write_text("\n".join(site.domain for site in COMPANIES), "utf-8")
    settings = {
        "CONTACT": CONTACT,
        "DELAY_SECONDS": "0.05",
        "NAMESERVER": f"127.0.0.1:{internet.dns_port}",
        "ALLOWS_PRIVATE_ADDRESSES": "true",
        "PORTS": f"80={internet.http_port},443={internet.closed_port}",
        "HOSTS_AT_ONCE": "3",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines", "collect", "--domains", "domains.txt", "--to", str(folder)],
        cwd=folder.parent,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            **{f"ASCENT_COLLECTOR_{name}": value for name, value in settings.items()},
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill_children(*_: int) -> None:
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        if b"features.sources.web.process" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(int(pid), signal.SIGKILL)


def test_an_interrupted_and_a_killed_collection_go_on_to_the_same_end(
    internet: Internet, tmp_path: Path, history: History
) -> None:
    folder = tmp_path / "to"
    before = len(internet.asked)
    with command(internet, folder) as interrupted, internet.answering(25):
        interrupted.send_signal(signal.SIGTERM)
        _, told = interrupted.communicate(timeout=120)
        assert interrupted.returncode == 128 + signal.SIGTERM, told.decode()
    kept = len(internet.asked)
    assert json.loads((folder / "collection" / "report.json").read_text("utf-8"))["left"] > 0

    plan = replace(plan_for(internet, COMPANIES, folder), limits=replace(LIMITS, hosts_at_once=3))
    listed = sort_lines("\n".join(plan.domains))
    with pytest.raises(WorkerLost, match=r"code -9\. What was read is kept"):
        collect(plan, listed, now=now, progress=kill_children)
    assert collect(plan, listed, now=now).left == 0

    mine = {site.domain for site in COMPANIES}
    ended = {row[:4] for row in signals_of(folder)}
    assert ended == {row[:4] for row in signals_of(history.first.folder) if row[0] in mine}
    assert len(rows(folder, "signals")) == len(ended)
    # What was read before the interruption was kept: none is repeated but redirects and what was on its way.
    first = {(one.host, one.path) for one in internet.asked[before:kept] if one.path != ROBOTS}
    later = {(one.host, one.path) for one in internet.asked[kept:]}
    assert len(first & later) <= 1 + 3
