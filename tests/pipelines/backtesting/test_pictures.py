"""The backtest as a picture."""

from pathlib import Path

from pipelines.backtesting.groups import group_rows
from pipelines.backtesting.pictures import draw
from tests.pipelines.backtesting.judgement import judged


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = judged(customers=100)
    grouped = group_rows(rows, draws=10)
    for name in ("one.png", "other.png"):
        draw(rows, grouped, tmp_path / name)
    picture = (tmp_path / "one.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert picture == (tmp_path / "other.png").read_bytes()


def test_a_class_without_customers_can_be_drawn(tmp_path: Path) -> None:
    rows = judged(customers=100).assign(cluster="Nurture")
    draw(rows, group_rows(rows, draws=10), tmp_path / "one.png")
    assert (tmp_path / "one.png").is_file()
