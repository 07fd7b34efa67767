"""Settings: one place, read once, refused with the key and the bad value."""

from dataclasses import fields
from pathlib import Path

import pytest

from features.errors import CallRefused
from pipelines.settings import Settings, read_settings


def test_without_a_file_or_variables_the_declared_values_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings()


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('memory = "3GB"\njobs = 4\n')
    settings = read_settings(tmp_path, {"ASCENT_JOBS": "1"})
    assert (settings.memory, settings.jobs) == ("3GB", 1)


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("speed = 9\n")
    with pytest.raises(CallRefused, match="1 unknown settings: speed"):
        read_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('jobs = "many"', "jobs must be int; got 'many'"),
        ("jobs = true", "jobs must be int; got True"),
        ("publish_day = 31", "publish_day must be 1 to 28; got 31"),
        ('clusters = "round"', "clusters must be `letters` or `balanced`; got 'round'"),
        ("jobs = ", "is no TOML"),
    ],
)
def test_a_bad_value_is_refused_with_what_was_expected(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "settings.toml").write_text(written + "\n")
    with pytest.raises(CallRefused, match=told):
        read_settings(tmp_path, {})


def test_a_whole_number_is_a_share_too(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("bad_rows_at_most = 0\n")
    assert read_settings(tmp_path, {}).bad_rows_at_most == 0.0


def test_every_setting_says_what_it_is_for() -> None:
    assert all(str(setting.metadata["told"]).endswith(".") for setting in fields(Settings))
