"""The lock: one run per home, let go of however the run ends."""

from pathlib import Path

import pytest

from features.errors import PublicationRefused
from pipelines.lock import locked


def test_a_second_run_in_the_same_home_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "home"),
        pytest.raises(PublicationRefused, match="Another run is working"),
        locked(tmp_path / "home"),
    ):
        pass


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path):
        pass
