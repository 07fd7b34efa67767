"""How a month becomes visible: written aside as a version, put in place by one atomic step."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from features.errors import PublicationRefused
from reports import manifest as manifests
from reports.disk import full_disk_refused, point, sync, sync_tree
from reports.manifest import Manifest

VERSIONS = "versions"
PUBLISHED = "published"
PARTIAL = ".partial"
TOLD_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A month as readers see it; `is_new` tells whether this call changed what they see."""

    month: str
    version: str
    folder: Path
    is_new: bool


def publish(
    home: Path, month: str, staged: Path, manifest: Manifest, *, accept: str | None = None
) -> Published:
    """Make the staged folder the published month, with its manifest; it is moved to `HOME/versions`.

    A month that is published with the same content stays as it is, and the staged folder where it is.
    `accept` is the reason for which other content, or moves beyond a tolerance, may be published; it goes
    into the manifest.

    Raises:
        PublicationRefused: the month is published with other content and no reason is given; or the
            disk is full.
    """
    remove_leftovers(home)
    there = published(home, month)
    if there is not None and there.content == manifest.content:
        return Published(month=month, version=there.version, folder=home / PUBLISHED / month, is_new=False)
    if there is not None and not accept:
        raise PublicationRefused(_other_bytes(month, there, manifest))
    manifest = replace(
        manifest,
        accepted=(*manifest.accepted, *([accept] if accept else [])),
        replaces=None if there is None else there.version,
    )
    version = home / VERSIONS / month / manifest.version
    with full_disk_refused(home):
        if not version.exists():
            _put_aside(staged, version, manifest)
        point(home / PUBLISHED / month, version)
    return Published(month=month, version=manifest.version, folder=home / PUBLISHED / month, is_new=True)


def published(home: Path, month: str) -> Manifest | None:
    """Return the manifest of a published month; None where it is not published."""
    folder = home / PUBLISHED / month
    return manifests.read(folder) if folder.is_dir() else None


def last_before(home: Path, month: str) -> Path | None:
    """Return the folder of the last month published before `month`; None for the first."""
    folder = home / PUBLISHED
    months = sorted(path.name for path in folder.glob("????-??") if path.is_dir() and path.name < month)
    return folder / months[-1] if months else None


def remove_leftovers(home: Path) -> None:
    """Remove what a killed run has left half-written; what is published stays."""
    for folder in (home / VERSIONS).glob(f"*/*{PARTIAL}"):
        shutil.rmtree(folder)
    for link in (home / PUBLISHED).glob(".*.link"):
        link.unlink()


def _put_aside(staged: Path, version: Path, manifest: Manifest) -> None:
    """Move the staged folder to its version: it has that name only when all of it is on the disk."""
    partial = version.with_name(version.name + PARTIAL)
    version.parent.mkdir(parents=True, exist_ok=True)
    try:
        (staged / manifests.NAME).write_text(manifest.to_json(), encoding="utf-8")
        shutil.move(staged, partial)
        sync_tree(partial)
        partial.rename(version)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync(version.parent)


def _other_bytes(month: str, there: Manifest, new: Manifest) -> str:
    before = {file.path: file.sha256 for file in there.files if file.is_content}
    after = {file.path: file.sha256 for file in new.files if file.is_content}
    other = sorted(name for name in before | after if before.get(name) != after.get(name))
    more = f" and {len(other) - TOLD_FILES} more" if len(other) > TOLD_FILES else ""
    return (
        f"{month} is published as version {there.version}; this run gives other bytes in {len(other)} of"
        f" {len(before | after)} files: {', '.join(other[:TOLD_FILES])}{more}. To publish it as a further"
        ' version and keep the earlier one, run again with --accept "reason".'
    )
