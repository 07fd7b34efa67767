from pathlib import Path

from reports.center.evidence import Grid, Quality, read_card, read_cards, read_quality, read_run
from reports.center.shelf import Month, Shelf
from tests.reports.center.published import publish_month

CARD = """# Azure & more

Says who will buy.

- State: Scored
- Why this one: <b>first</b>

| measure | value |
|---|---|
| auc | 0.8189 |
"""


def published(home: Path, evidence: dict[str, str]) -> Month:
    publish_month(home, "2026-10", {}, evidence=evidence)
    month = Shelf(published=home / "published", copies=home / "copies").latest()
    assert month is not None
    return month


def test_a_card_is_taken_apart_into_plain_texts() -> None:
    card = read_card("Azure", CARD)
    assert card.title == "Azure & more"
    assert card.paragraphs == ("Says who will buy.",)
    assert card.facts == ("State: Scored", "Why this one: <b>first</b>")
    assert card.grid == Grid(heads=("measure", "value"), rows=(("auc", "0.8189"),))


def test_a_card_without_anything_has_its_products_name() -> None:
    card = read_card("Azure", "\n")
    assert (card.title, card.paragraphs, card.facts, card.grid) == ("Azure", (), (), None)


def test_the_share_that_kept_the_contract_leaves_rows_of_later_out(tmp_path: Path) -> None:
    text = "table,rows,accepted,rejected,known_later\norders,100,45,5,50\ncalls,0,0,0,0\n"
    quality = read_quality(published(tmp_path, {"evidence/data_quality.csv": text}))
    assert quality[0] == Quality(table="orders", rows=100, accepted=45, rejected=5, later=50)
    assert [one.kept for one in quality] == [0.9, None]


def test_a_month_without_evidence_has_none(tmp_path: Path) -> None:
    month = published(tmp_path, {"evidence/note.txt": "nothing else"})
    assert read_quality(month) == ()
    assert read_cards(month) == ()
    assert read_run(month) is None


def test_a_file_that_no_manifest_names_is_not_read(tmp_path: Path) -> None:
    month = published(tmp_path, {"evidence/model_cards/Azure.md": CARD})
    (month.folder / "evidence" / "model_cards" / "Planted.md").write_text("# Planted")
    assert [card.product for card in read_cards(month)] == ["Azure"]


def test_the_run_tells_its_warnings_and_moves(tmp_path: Path) -> None:
    text = '{"warnings": ["slow"], "moved": ["a to b"], "breaches": [], "missing": [], "no_data": []}'
    run = read_run(published(tmp_path, {"evidence/run_report.json": text}))
    assert run is not None
    assert (run.warnings, run.moved, run.breaches) == (("slow",), ("a to b",), ())
