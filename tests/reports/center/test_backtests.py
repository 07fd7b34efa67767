from pathlib import Path

import pytest

from reports.center.backtests import MEASURES, BacktestUnreadable, Estimate, read_backtest
from tests.reports.center.judged import RATES, write_backtest


def test_without_a_backtest_there_is_none(tmp_path: Path) -> None:
    assert read_backtest(tmp_path / "nowhere") is None


def test_all_dates_are_read_together_and_told_apart_by_name(tmp_path: Path) -> None:
    found = read_backtest(write_backtest(tmp_path))
    assert found is not None
    assert found.as_ofs == ("2026-04-25", "2026-06-25")
    assert [judged.product for judged in found.judged] == ["Azure", "M365", "all"]
    assert [(worth.cluster, worth.wins) for worth in found.of("all")] == [
        ("Act Now", 38),
        ("Evaluate", 18),
        ("Nurture", 8),
        ("Educate", 2),
    ]


def test_a_figure_keeps_its_interval_and_an_empty_cell_is_no_zero(tmp_path: Path) -> None:
    found = read_backtest(write_backtest(tmp_path))
    assert found is not None
    azure, m365, _ = found.judged
    assert azure.auc == Estimate(value=0.82, low=0.8, high=0.85)
    assert azure.oracle == Estimate(value=0.84, low=None, high=None)
    assert m365.oracle is None
    assert found.of("Azure")[0].lift == Estimate(value=3.5, low=3.1, high=None)


def test_a_product_with_too_few_outcomes_says_so(tmp_path: Path) -> None:
    found = read_backtest(write_backtest(tmp_path))
    assert found is not None
    assert {judged.product: judged.has_enough for judged in found.judged} == {
        "Azure": True,
        "M365": False,
        "all": True,
    }


def test_win_rates_fall_for_every_product_or_not(tmp_path: Path) -> None:
    falling = read_backtest(write_backtest(tmp_path / "falling"))
    rising = read_backtest(write_backtest(tmp_path / "rising", rates={**RATES, "M365": (0.1, 0.2, 0.0, 0.0)}))
    assert falling is not None
    assert rising is not None
    assert falling.is_falling
    assert not rising.is_falling


def test_files_of_another_version_are_refused_with_what_they_lack(tmp_path: Path) -> None:
    path = write_backtest(tmp_path) / MEASURES
    path.write_text(path.read_text().replace("recency_auc_low", "elsewhere"))
    with pytest.raises(BacktestUnreadable, match="no column 'recency_auc_low': run `ascent backtest` again"):
        read_backtest(tmp_path)
