import pickle
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from features.errors import CallRefused
from features.sources.web.collect import Report, report
from features.sources.web.domains import DomainList, sort_lines
from features.sources.web.exports import Recorded
from features.sources.web.outcomes import Outcome, Visited, tally
from features.sources.web.plan import Plan
from features.sources.web.record import Exports
from features.sources.web.share import Share
from features.sources.web.state import State
from pipelines import collecting
from pipelines.__main__ import app
from pipelines.collecting import collect_on_cluster, exports_of, plan_of
from pipelines.settings import Settings, read_settings
from pipelines.tell import tell_collection

RUN = CliRunner()


def refusal(tmp_path: Path, *arguments: str, domains: str = "a.com\n", contact: str = "me@a.com") -> str:
    (tmp_path / "domains.txt").write_text(domains, "utf-8")
    told = ("collect", "--domains", str(tmp_path / "domains.txt"), "--to", str(tmp_path / "to"), *arguments)
    environment = {"ASCENT_COLLECTOR_CONTACT": contact, "ASCENT_HOME": str(tmp_path / "home")}
    ended = RUN.invoke(app, told, env=environment)
    assert isinstance(ended.exception, CallRefused)
    assert ended.exception.exit_code == 2
    return str(ended.exception)


def test_nobody_is_asked_before_there_is_somebody_to_complain_to(tmp_path: Path) -> None:
    assert "ASCENT_COLLECTOR_CONTACT" in refusal(tmp_path, contact="")
    assert not (tmp_path / "to").exists()


def test_a_list_of_nothing_a_strange_share_and_a_file_to_write_to_are_refused(tmp_path: Path) -> None:
    assert "none names one" in refusal(tmp_path, domains="localhost\n")
    assert "1/4" in refusal(tmp_path, "--share", "5/4")
    (tmp_path / "to").write_text("x")
    assert "is a file" in refusal(tmp_path)


def test_an_export_of_a_strange_kind_or_without_a_file_is_refused(tmp_path: Path) -> None:
    told = "wants KIND=FILE, with a KIND of forum_post, social_post, site_visit, content_download; got "
    assert told + "'posts.jsonl'" in refusal(tmp_path, "--export", "posts.jsonl")
    assert told in refusal(tmp_path, "--export", "site_visit=")
    assert "No such file" in refusal(tmp_path, "--export", f"site_visit={tmp_path / 'none'}")


def test_exports_are_named_by_kind_and_file() -> None:
    assert exports_of(["site_visit=a=b.csv", "forum_post=c.jsonl"], Path("n.csv")) == Exports(
        files=((Recorded.VISITS, Path("a=b.csv")), (Recorded.FORUM, Path("c.jsonl"))), networks=Path("n.csv")
    )


@pytest.mark.parametrize(
    "contact", ["me", "ftp://a.com", "https://", "me@a", "a b@c.com", "https://a.com\nX-Y: z"]
)
def test_a_contact_that_leads_to_nobody_is_refused(tmp_path: Path, contact: str) -> None:
    with pytest.raises(CallRefused, match="collector_contact"):
        read_settings(tmp_path, {"ASCENT_COLLECTOR_CONTACT": contact})


def test_the_plan_says_what_the_settings_say() -> None:
    settings = Settings(
        collector_contact="https://a.com/bot",
        collector_delay_seconds=2.0,
        collector_megabytes=1.5,
        collector_minutes=2.0,
        collector_ports="80=8080,443=8443",
    )
    plan = plan_of(settings, ("a.com",), Path("to"), Share(2, 4))
    assert plan.agent == "AscentCollector/1.0 (+https://a.com/bot)"
    assert (plan.limits.delay, plan.limits.bytes, plan.limits.seconds) == (2.0, 1_500_000, 120.0)
    assert plan.network.ports == ((80, 8080), (443, 8443))
    assert not plan.network.private_allowed
    assert str(plan.share) == "2/4"


def test_a_cluster_collects_in_parts_that_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[Plan] = []

    def visit(plan: Plan, *, listed: DomainList, now: Callable[[], datetime]) -> Report:
        assert listed.lines == 50
        visited.append(plan)
        state = State(plan.state)
        for domain in filter(plan.share.has, plan.domains):
            state.add_visit(Visited(domain=domain, outcome=Outcome.COLLECTED), now().date())
        state.commit()
        state.close()
        return report(plan, listed, now().date())

    class Cluster:
        """Does what a cluster does, here: what it is given travels."""

        def __init__(self, address: str, place: str) -> None:
            assert address == "tcp://x:1"
            assert Path(place).is_absolute()

        def __call__(self, do: partial[Report], plans: list[Plan]) -> Iterator[Report]:
            yield from (visit(pickle.loads(pickle.dumps(plan)), **do.keywords) for plan in plans)

    monkeypatch.setattr(collecting, "OnCluster", Cluster)
    domains = tuple(f"company-{number}.com" for number in range(50))
    told: list[tuple[int, int]] = []
    plan = Plan(domains=domains, folder=tmp_path, contact="c")
    found = collect_on_cluster(
        plan, sort_lines("\n".join(domains)), "tcp://x:1", parts=3, progress=lambda *at: told.append(at)
    )
    assert [str(one.share) for one in visited] == ["1/3", "2/3", "3/3"]
    assert (found.domains, found.left, found.tally.hosts[Outcome.COLLECTED]) == (50, 0, 50)
    assert told[-1] == (50, 50)


def test_what_a_person_sees_fits_a_screen() -> None:
    visits = [Visited(domain=f"{n}.com", outcome=outcome, pages=5) for n, outcome in enumerate(Outcome)]
    came_to = Report(
        day=date(2026, 11, 28),
        share="1/1",
        lines=9,
        refused=1,
        repeated=1,
        domains=8,
        left=1,
        tally=tally(visits),
        signals=3,
        new_signals=2,
        technologies=4,
        reasons=tuple(("unreachable", f"reason {n}", 1) for n in range(10)),
    )
    console = Console(width=100)
    with console.capture() as shown:
        tell_collection(console, came_to, Path("to"))
    told = shown.get()
    assert all(str(outcome) in told for outcome in Outcome)
    assert "not done" in told
    assert len(told.splitlines()) <= 24
