"""Which versions of the models are in use once a month is made."""

from pathlib import Path

from models.registry import versions
from models.registry.versions import CHALLENGER, CHAMPION, Release, Store, Version
from pipelines.job import Job
from pipelines.settings import Settings
from pipelines.training import Models, settle
from tests.models.registry.test_versions import Note


def recorded(where: Store, month: str) -> tuple[Version, Version]:
    """Record two models for a month."""
    releases = [Release(name=name, model=Note(month), tags={"ascent.decision": month}) for name in ("a", "b")]
    made = versions.record(where, releases, month=month, cut=f"{month}-25", digest=month, tags={})
    return made["a"], made["b"]


def settled(home: Path, month: str, *used: Version, lost: tuple[Version, ...] = ()) -> None:
    named = {one.name: one for one in used}
    models = Models(products={}, renewal=None, revenue=None, versions=named, challengers=lost)
    settle(Job(month=month, home=home, settings=Settings()), models)


def months(where: Store, alias: str) -> dict[str, str]:
    return {name: one.month for name, one in versions.aliased(where, ["a", "b"], alias).items()}


def test_what_a_month_was_made_with_is_champion_and_what_lost_is_challenger(
    sqlite: Store, tmp_path: Path
) -> None:
    first, second = recorded(sqlite, "2026-07"), recorded(sqlite, "2026-10")
    settled(tmp_path, "2026-07", *first)
    assert months(sqlite, CHAMPION) == {"a": "2026-07", "b": "2026-07"}
    settled(tmp_path, "2026-10", first[0], second[1], lost=(second[0],))
    assert months(sqlite, CHAMPION) == {"a": "2026-07", "b": "2026-10"}
    assert months(sqlite, CHALLENGER) == {"a": "2026-10"}


def test_a_month_made_again_or_late_leaves_the_versions_that_know_more(sqlite: Store, tmp_path: Path) -> None:
    july, october, late = (recorded(sqlite, month) for month in ("2026-07", "2026-10", "2026-08"))
    settled(tmp_path, "2026-10", october[0], lost=(october[1],))
    settled(tmp_path, "2026-07", july[0], lost=(july[1],))
    settled(tmp_path, "2026-08", late[0], lost=(late[1],))
    assert months(sqlite, CHAMPION) == {"a": "2026-10"}
    assert months(sqlite, CHALLENGER) == {"b": "2026-10"}
