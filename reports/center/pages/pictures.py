"""How each licence chart is told on a page: the one thing it says, and how its table is laid out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.center.pages.numbers import Formats
from reports.center.pages.words import translations
from reports.center.words import N_
from reports.licenses.charts import FREE, IDLE, USED, Values

ENOUGH_CALLS = 20
"""Calls with media below which an endpoint's share of poor ones is not called the highest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of the catalogue and what is put into it, written for the reader's language."""

    text: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """How a licence chart is told on a page: what it shows, the one thing it says, the table behind it.

    The table has a row for each value of `rows` and a column for each value of `columns`.
    """

    name: str
    about: str
    say: Callable[[Values, Formats], Said]
    rows: str
    head: str
    columns: str
    counted: str


def _of(found: Values, key: str, value: str) -> Mapping[str, Any]:
    """Return the counts of one week, section or endpoint by what they count."""
    kind = next(name for name in ("level", "band", "grade") if name in found[0])
    counted = next(name for name in ("licences", "users", "calls") if name in found[0])
    return {row[kind]: row[counted] for row in found if row[key] == value}


def _weeks(found: Values) -> Sequence[str]:
    return sorted({row["week"] for row in found})


def _say_trend(found: Values, formats: Formats) -> Said:
    weeks = _weeks(found)
    now, before = _of(found, "week", weeks[-1]), _of(found, "week", weeks[0])
    if None in now.values():
        return Said(text=N_("How many licences are used in the last week is not known."), values={})
    told = {
        "used": formats.number(now[USED]),
        "total": formats.number(sum(now.values())),
        "idle": formats.number(now[IDLE]),
        "free": formats.number(now[FREE]),
    }
    if before[USED] is None or len(weeks) == 1:
        return Said(
            text=N_(
                "%(used)s of %(total)s licences are used, %(idle)s are assigned and not used,"
                " %(free)s are available."
            ),
            values=told,
        )
    return Said(
        text=N_(
            "%(used)s of %(total)s licences are used, %(idle)s are assigned and not used, %(free)s are"
            " available. In the week from %(first)s, %(before)s were used."
        ),
        values={**told, "first": formats.date(weeks[0]), "before": formats.number(before[USED])},
    )


def _say_bar(found: Values, formats: Formats) -> Said:
    sections = tuple(dict.fromkeys(row["section"] for row in found))
    counts = {section: _of(found, "section", section) for section in sections}
    unused = {section: sum(of.values()) - of.get(USED, 0) for section, of in counts.items()}
    most = max(sections, key=lambda section: unused[section])
    return Said(
        text=N_("Most licences that nobody uses are in “%(section)s”: %(unused)s of %(total)s."),
        values={
            "section": translations(formats.language).gettext(most),
            "unused": formats.number(unused[most]),
            "total": formats.number(sum(counts[most].values())),
        },
    )


def _say_users(found: Values, formats: Formats) -> Said:
    last = {band: users or 0 for band, users in _of(found, "week", _weeks(found)[-1]).items()}
    total = sum(last.values())
    return Said(
        text=N_(
            "%(callers)s of %(users)s users made or took a call in the last week,"
            " %(often)s of them 20 or more."
        ),
        values={
            "callers": formats.number(total - last.get("0", 0)),
            "users": formats.number(total),
            "often": formats.number(last.get("20+", 0)),
        },
    )


def _say_quality(found: Values, formats: Formats) -> Said:
    poor = sorted((row for row in found if row["grade"] == "poor"), key=lambda row: str(row["week"]))
    before = poor[:-1]
    calls = sum(row["total"] or 0 for row in before)
    share = sum(row["calls"] or 0 for row in before) / calls if calls else None
    now = poor[-1]["percent"]
    return Said(
        text=N_(
            "%(now)s of the calls with media were poor in the last week, %(before)s in the weeks before."
        ),
        values={
            "now": formats.percent(None if now is None else now / 100, 1),
            "before": formats.percent(share, 1),
        },
    )


def _say_endpoints(found: Values, formats: Formats) -> Said:
    poor = [row for row in found if row["grade"] == "poor"]
    enough = [row for row in poor if row["total"] >= ENOUGH_CALLS] or poor
    worst = max(enough, key=lambda row: float(row["percent"] or 0))
    return Said(
        text=N_("Calls are poor most often on %(endpoint)s: %(percent)s of %(calls)s."),
        values={
            "endpoint": str(worst["endpoint"]),
            "percent": formats.percent(float(worst["percent"] or 0) / 100, 1),
            "calls": formats.number(worst["total"]),
        },
    )


def _say_features(found: Values, formats: Formats) -> Said:
    return Said(
        text=N_("%(feature)s is used most, in %(calls)s calls of the last week."),
        values={"feature": str(found[0]["feature"]), "calls": formats.number(found[0]["calls"])},
    )


WEEK = N_("Week from")
TREND = Picture(
    name="license_distribution_trend",
    about=N_("Licences purchased, by what becomes of them, at the end of each week."),
    say=_say_trend,
    rows="week",
    head=WEEK,
    columns="level",
    counted="licences",
)
BAR = Picture(
    name="used_assigned_available",
    about=N_("Licences of the subscriptions listed below; used in the last completed week."),
    say=_say_bar,
    rows="section",
    head=N_("Section"),
    columns="level",
    counted="licences",
)
USERS = Picture(
    name="calling_users_by_usage",
    about=N_("Users with a Webex Calling licence or a call, by their calls in the week."),
    say=_say_users,
    rows="week",
    head=WEEK,
    columns="band",
    counted="users",
)
QUALITY = Picture(
    name="call_quality_trend",
    about=N_("Calls by the week in which they ended, and the share of poor ones below."),
    say=_say_quality,
    rows="week",
    head=WEEK,
    columns="grade",
    counted="calls",
)
ENDPOINTS = Picture(
    name="call_quality_by_endpoint",
    about=N_("Calls of the last week; a call counts for each endpoint type that took part."),
    say=_say_endpoints,
    rows="endpoint",
    head=N_("Endpoint"),
    columns="grade",
    counted="calls",
)
FEATURES = Picture(
    name="calling_feature_use",
    about=N_("Calls of the last week; one call may use several features."),
    say=_say_features,
    rows="feature",
    head=N_("Feature"),
    columns="",
    counted="calls",
)
PICTURES = (TREND, BAR, USERS, QUALITY, ENDPOINTS, FEATURES)
