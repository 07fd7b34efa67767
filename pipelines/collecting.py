"""The command that collects: the plan that the settings make, and how it ends when it is interrupted."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from features.errors import CallRefused
from features.sources.web.collect import Report, collect, report
from features.sources.web.domains import DomainList, read_domains
from features.sources.web.exports import Recorded
from features.sources.web.plan import Limits, Network, Plan
from features.sources.web.record import REFUSED, Exports, record
from features.sources.web.share import Share
from pipelines.cluster import OnCluster
from pipelines.journal import Journal
from pipelines.options import Sites
from pipelines.settings import CONTACT_TOLD, Settings

MEGABYTE, MINUTE = 1_000_000, 60
STEPS = 20
"""How often progress is told: at each twentieth of the domains."""


def now() -> datetime:
    """Return the present instant; the processes of a collection tell the time by it."""
    return datetime.now(UTC)


def collect_signals(sites: Sites, settings: Settings, journal: Journal) -> Report:
    """Record exports and collect from the domains of a file into a folder, as the settings say.

    Raises:
        CallRefused: Nobody to complain to is set, the list, the share, an export or the cluster is none, or
            another collection works on the same domains.
    """
    if not settings.collector_contact:
        raise CallRefused(
            f"Sites must be told whom to complain to: set ASCENT_COLLECTOR_CONTACT to {CONTACT_TOLD}."
        )
    if sites.to.exists() and not sites.to.is_dir():
        raise CallRefused(f"--to wants a folder to write to; {sites.to} is a file.")
    exports = exports_of(sites.export or [], sites.networks)
    listed = read_domains(sites.domains)
    plan = plan_of(settings, listed.domains, sites.to, Share.read(sites.share))
    if exports.files:
        _record(exports, plan, journal)
    told = -1

    def progress(done: int, of: int) -> None:
        nonlocal told
        if done * STEPS // of != told:
            told = done * STEPS // of
            journal.progress(f"{done:,} of {of:,} domains")

    with _ended_by_sigterm():
        if sites.cluster is None:
            return collect(plan, listed, now=now, processes=sites.processes, progress=progress)
        return collect_on_cluster(plan, listed, sites.cluster, parts=sites.processes, progress=progress)


def collect_on_cluster(
    plan: Plan, listed: DomainList, address: str, *, parts: int, progress: Callable[[int, int], None]
) -> Report:
    """Collect the plan's share in parts, each a task of a Dask cluster whose workers see the same folder.

    A worker that dies leaves its part to another, which goes on where it was.

    Raises:
        CallRefused: No scheduler or worker answers, or the workers are not fit for it.
        WorkerLost: Several workers died over a part, or the scheduler did.
    """
    folder = plan.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    plans = [replace(plan, folder=folder, share=share) for share in plan.share.split(parts)]
    done = 0
    for part in OnCluster(address, str(folder))(partial(collect, listed=listed, now=now), plans):
        done += part.domains
        progress(done, max(done, len(plan.domains)))
    return report(plan, listed, now().date())


def exports_of(told: Sequence[str], networks: Path | None) -> Exports:
    """Return the exports that a call names, each as a kind of signal and a file.

    Raises:
        CallRefused: One is written otherwise.
    """
    files = []
    for each in told:
        kind, _, path = each.partition("=")
        if kind not in set(Recorded) or not path:
            kinds = ", ".join(Recorded)
            raise CallRefused(f"--export wants KIND=FILE, with a KIND of {kinds}; got {each!r}.")
        files.append((Recorded(kind), Path(path)))
    return Exports(files=tuple(files), networks=networks)


def _record(exports: Exports, plan: Plan, journal: Journal) -> None:
    from features.sources.web.tell import Teller  # takes seconds, and only exports need it here

    for recording in record(exports, plan, tell=Teller.load().tell, at=now()):
        told = f"{recording.path.name}: {recording.used:,} lines recorded"
        if recording.elsewhere:
            told += f", {recording.elsewhere:,} of other shares"
        journal.progress(told)
        if recording.refused:
            journal.warn(f"{recording.path.name}: {recording.refused:,} lines refused, see {REFUSED}")


def plan_of(settings: Settings, domains: tuple[str, ...], to: Path, share: Share) -> Plan:
    """Return the plan that the settings make for a list of domains."""
    pairs = (pair.split("=") for pair in settings.collector_ports.split(",") if pair)
    return Plan(
        domains=domains,
        folder=to,
        contact=settings.collector_contact,
        share=share,
        limits=Limits(
            delay=settings.collector_delay_seconds,
            pages=settings.collector_pages,
            bytes=round(settings.collector_megabytes * MEGABYTE),
            seconds=settings.collector_minutes * MINUTE,
            page_bytes=round(settings.collector_page_megabytes * MEGABYTE),
            page_seconds=settings.collector_page_seconds,
            hosts_at_once=settings.collector_hosts_at_once,
        ),
        network=Network(
            nameserver=settings.collector_nameserver,
            private_allowed=settings.collector_allows_private_addresses,
            ports=tuple((int(meant), int(used)) for meant, used in pairs),
        ),
    )


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end what is done here as an interruption does: in good order."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
