from datetime import date, timedelta
from pathlib import Path

from features.renewals import FACTS, due, outcomes
from features.sources.world import World, connect
from tests.worlds import Row, world

AS_OF = date(2026, 3, 25)
EARLY = date(2024, 1, 1)


def ending(name: str, on: int, *, outcome: str | None = None, known: date = EARLY) -> Row:
    return {
        "agreement_id": name,
        "account_id": "a1",
        "started_on": date(2023, 3, 26),
        "ends_on": AS_OF + timedelta(days=on),
        "outcome": outcome,
        "known_on": known,
    }


def held(there: World) -> list[str]:
    with connect() as engine:
        return list(due(engine, there, [AS_OF])["agreement_id"])


def known(there: World, cut: date) -> dict[str, bool]:
    with connect() as engine:
        rows = outcomes(engine, there, cut=cut)
    return dict(zip(rows["agreement_id"], rows["is_renewed"], strict=True))


def test_an_agreement_comes_up_while_it_is_in_force_and_ends_within_a_year(tmp_path: Path) -> None:
    there = world(tmp_path, agreements=[ending(f"in{day}", day) for day in (-1, 0, 364, 365)])
    assert held(there) == ["in0", "in364"]


def test_an_agreement_with_a_known_outcome_no_longer_comes_up(tmp_path: Path) -> None:
    rows = [
        ending("open", 50),
        ending("early", 50),
        ending("early", 50, outcome="renewed", known=AS_OF - timedelta(days=1)),
        ending("later", 50),
        ending("later", 50, outcome="lost", known=AS_OF),
    ]
    assert held(world(tmp_path, agreements=rows)) == ["later", "open"]


def test_facts_are_told_as_of_the_date(tmp_path: Path) -> None:
    with connect() as engine:
        rows = due(engine, world(tmp_path, agreements=[ending("g1", 30)]), [AS_OF])
    told = rows[[fact.name for fact in FACTS]].iloc[0].tolist()
    assert told == [30, 1095, 1125, 100, "EA", "Microsoft 365", "Full"]


def test_an_outcome_counts_once_all_of_that_day_should_be_known(tmp_path: Path) -> None:
    rows = [
        ending("renewed", 0, outcome="renewed", known=AS_OF),
        ending("lost", 0, outcome="lost", known=AS_OF),
        ending("silent", 0),
    ]
    there = world(tmp_path, agreements=rows)
    assert known(there, AS_OF + timedelta(days=14)) == {}
    assert known(there, AS_OF + timedelta(days=15)) == {"lost": False, "renewed": True}
