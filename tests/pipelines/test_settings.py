"""Settings: one place, read once, refused with the key and the bad value."""

from dataclasses import fields
from pathlib import Path

import pytest

from features.errors import CallRefused
from pipelines.settings import Settings, in_megabytes, read_settings


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
        ("center_allows_private_callbacks = 1", "must be true or false; got 1"),
        ('center_base_url = "ascent.example.com"', "like https://HOST"),
        ('center_base_url = "https://ascent.example.com/"', "like https://HOST"),
        ('provider_issuer = "https://login.example.com"', "given together with provider_issuer"),
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


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('provider_client_secret = "s"', "1 secrets: provider_client_secret"),
        ('center_database = "postgresql://me:pw@host/center"', "ASCENT_CENTER_DATABASE"),
    ],
)
def test_a_secret_in_the_file_is_refused(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "settings.toml").write_text(written + "\n")
    with pytest.raises(CallRefused, match=told) as refused:
        read_settings(tmp_path, {})
    assert "pw" not in str(refused.value)


def test_secrets_are_taken_from_variables_and_not_shown(tmp_path: Path) -> None:
    url = "postgresql://me:pw@host/center"
    settings = read_settings(
        tmp_path, {"ASCENT_CENTER_DATABASE": url, "ASCENT_PROVIDER_CLIENT_SECRET": "hidden"}
    )
    assert (settings.center_database, settings.provider_client_secret) == (url, "hidden")
    assert "pw" not in repr(settings)
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(("written", "held"), [("true", True), ("false", False), ('"True"', True)])
def test_a_yes_or_no_is_read(tmp_path: Path, written: str, held: bool) -> None:
    (tmp_path / "settings.toml").write_text(f"center_allows_private_callbacks = {written}\n")
    assert read_settings(tmp_path, {}).center_allows_private_callbacks is held


def test_what_differs_between_machines_and_the_centre_made_no_month() -> None:
    made = Settings().that_made_a_month
    assert made["publish_day"] == 25
    assert not {"memory", "jobs", "tracking"} & set(made)
    assert not [name for name in made if name.startswith(("center", "provider", "collector"))]


@pytest.mark.parametrize(
    ("memory", "megabytes"),
    [("2GB", 2_000), ("1.5 gb", 1_500), ("512MiB", 536), ("900000KB", 900), ("1TB", 1_000_000)],
)
def test_an_amount_of_memory_is_read_in_any_unit(memory: str, megabytes: int) -> None:
    assert in_megabytes(memory) == megabytes
