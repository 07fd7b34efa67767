"""The manifest of a published month."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reports.manifest import NAME, File, Manifest, files_of, read

MANIFEST = Manifest(
    month="2026-10",
    as_of="2026-10-25",
    contract_version="c1",
    code_version="0.1.0",
    files=(File(path="propensity/A.csv", sha256="aa", rows=3), File(path="evidence/run.json", sha256="bb")),
    models={"Azure": "3"},
    inputs={"accounts": "dd"},
    settings={"publish_day": 25},
    accepted=("a customer left",),
)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(MANIFEST.to_json(), encoding="utf-8")
    assert read(tmp_path).to_json() == MANIFEST.to_json()
    assert read(tmp_path).version == MANIFEST.version


def test_keys_and_files_are_sorted() -> None:
    told = json.loads(MANIFEST.to_json())
    assert list(told) == sorted(told)
    assert [file["path"] for file in told["files"]] == ["evidence/run.json", "propensity/A.csv"]


def test_other_evidence_is_the_same_content() -> None:
    other = replace(MANIFEST, files=(MANIFEST.files[0], File(path="evidence/run.json", sha256="cc")))
    assert other.content == MANIFEST.content


@pytest.mark.parametrize("name", ["propensity/A.csv", "partner_locations.parquet"])
def test_another_file_is_other_content_and_another_version(name: str) -> None:
    other = replace(MANIFEST, files=(*MANIFEST.files, File(path=name, sha256="ab")))
    assert other.content != MANIFEST.content
    assert other.version != MANIFEST.version


def test_an_accepted_reason_makes_another_version_of_the_same_content() -> None:
    other = replace(MANIFEST, accepted=())
    assert (other.content == MANIFEST.content, other.version == MANIFEST.version) == (True, False)


def test_the_files_of_a_folder_are_listed_with_rows_and_digests(tmp_path: Path) -> None:
    (tmp_path / "propensity").mkdir()
    (tmp_path / "propensity" / "A.csv").write_bytes(b"a")
    (tmp_path / "notes.txt").write_bytes(b"")
    (tmp_path / NAME).write_bytes(b"{}")
    found = files_of(tmp_path, {"propensity/A.csv": 7})
    assert [(file.path, file.rows, file.sha256[:8]) for file in found] == [
        ("notes.txt", None, "e3b0c442"),
        ("propensity/A.csv", 7, "ca978112"),
    ]
