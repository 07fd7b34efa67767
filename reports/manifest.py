"""The manifest of a published month: its files and everything that made them; no clock, no machine."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
EVIDENCE = "evidence"
Setting = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A published file: its path inside the month, its digest, and its data rows where it has any."""

    path: str
    sha256: str
    rows: int | None = None

    @property
    def is_content(self) -> bool:
        """Tell whether the file is what readers came for, rather than evidence about it."""
        return not self.path.startswith(f"{EVIDENCE}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a month consists of and what it was made from."""

    month: str
    as_of: str
    contract_version: str
    code_version: str
    files: tuple[File, ...]
    models: Mapping[str, str]
    """Version of the model of each product."""
    inputs: Mapping[str, str]
    """Digest of each input table."""
    settings: Mapping[str, Setting]
    accepted: tuple[str, ...] = ()
    """Reasons for which somebody let pass what would have stopped the run."""
    replaces: str | None = None
    """The version of the same month that was published before this one."""

    @property
    def content(self) -> str:
        """A digest of all files but the evidence, which tells of the run: equal content is nothing new."""
        lines = sorted(f"{file.path} {file.sha256}" for file in self.files if file.is_content)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def version(self) -> str:
        """The name of the version: twelve digits of its content and of why it may replace another."""
        told = "\n".join([self.content, *self.accepted, self.replaces or ""])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def to_json(self) -> str:
        """Write the manifest: sorted keys, one a line."""
        told: dict[str, Any] = {
            "accepted": list(self.accepted),
            "as_of": self.as_of,
            "code_version": self.code_version,
            "contract_version": self.contract_version,
            "files": [
                {"path": file.path, "rows": file.rows, "sha256": file.sha256}
                for file in sorted(self.files, key=lambda file: file.path)
            ],
            "inputs": dict(self.inputs),
            "models": dict(self.models),
            "month": self.month,
            "replaces": self.replaces,
            "settings": dict(self.settings),
        }
        return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read(folder: Path) -> Manifest:
    """Read the manifest of a published month's folder."""
    told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return Manifest(
        month=told["month"],
        as_of=told["as_of"],
        contract_version=told["contract_version"],
        code_version=told["code_version"],
        files=tuple(File(path=row["path"], sha256=row["sha256"], rows=row["rows"]) for row in told["files"]),
        models=told["models"],
        inputs=told["inputs"],
        settings=told["settings"],
        accepted=tuple(told["accepted"]),
        replaces=told["replaces"],
    )


def files_of(folder: Path, rows: Mapping[str, int]) -> tuple[File, ...]:
    """List the files below a folder with their digests; `rows` gives data rows by path inside it."""
    return tuple(
        File(path=name, sha256=_digest(path), rows=rows.get(name))
        for name, path in sorted(
            (str(path.relative_to(folder)), path) for path in folder.rglob("*") if path.is_file()
        )
        if name != NAME
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
