"""The six charts of the licence contract as Vega-Lite specs.

Beside published CSVs a spec holds its own values, so that it opens alone; they are summed over the partners
of the CSVs. The download centre draws the same charts over the rows that a person may read.
What is no data is left out: a bar of zero would say that something was counted.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import altair as alt
import duckdb

from features.sources.world import connect
from reports import dialect

USED, IDLE, FREE = "used", "assigned, not used", "available"
LEVELS = alt.Scale(domain=[USED, IDLE, FREE], range=["#1b6ca8", "#8fc1e3", "#d9d9d9"])
GOOD, POOR = "#4d9a6a", "#c8553d"
GRADES = alt.Scale(domain=["good", "poor"], range=[GOOD, POOR])
BANDS = ("0", "1-4", "5-19", "20+")
BAND_COLOURS = alt.Scale(domain=list(BANDS), range=["#d9d9d9", "#bcd7ec", "#5b9bd0", "#124b7c"])
Values: TypeAlias = list[dict[str, Any]]
"""The values of a Vega-Lite spec: a row is an object."""
Drawing: TypeAlias = "alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """The room for a chart, in pixels without its axes; without a width it is as wide as what holds it.

    Charts per product family share it in columns; in one column there is one family, and nothing to share.
    """

    width: int | None = 520
    height: int = 240
    columns: int = 2

    @property
    def across(self) -> int | str:
        """The width of one of the columns."""
        return "container" if self.width is None else self.width // self.columns

    @property
    def whole(self) -> int | str:
        """The width of all columns together."""
        return "container" if self.width is None else self.width


PUBLISHED = Canvas()


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseChart:
    """A chart: its name, what it says, and how it is drawn.

    `values` is SQL over relations that are named like the reports in `reads`, every cell a text.
    """

    name: str
    title: str
    subtitle: str
    reads: tuple[str, ...]
    values: str
    draw: Callable[[Values, Canvas], Drawing]


def write_charts(folder: Path) -> tuple[Path, ...]:
    """Write each chart of the licence CSVs in `folder` as `<folder>/charts/<name>.vl.json`.

    With the CSVs of one partner they are that partner's charts. A CSV without rows makes an empty chart.
    """
    place = folder / "charts"
    place.mkdir(exist_ok=True)
    written = []
    with connect(memory="500MB") as engine:
        for path in sorted(folder.glob("*.csv")):
            _view(engine, path)
        partners = len(_values(engine, PARTNERS))
        for chart in CHARTS:
            spec = _spec(chart, _values(engine, chart.values), partners=partners)
            target = place / f"{chart.name}.vl.json"
            target.write_text(json.dumps(spec, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            written.append(target)
    return tuple(written)


def _view(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Name the rows of a CSV after its file; all of them text, empty cells null."""
    engine.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM {dialect.published(path)}")


def _values(engine: duckdb.DuckDBPyConnection, query: str) -> Values:
    found = engine.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _spec(chart: LicenseChart, values: Values, *, partners: int) -> dict[str, Any]:
    told = [chart.subtitle] if values else ["No data"]
    if values and partners > 1:
        told.append(f"{partners} partners together: a customer of several counts for each")
    title = alt.TitleParams(chart.title, subtitle=told, anchor="start", offset=12)
    spec: dict[str, Any] = chart.draw(values, PUBLISHED).properties(title=title).to_dict()
    return spec


def _week(values: Values) -> alt.X:
    """Draw weeks as a row of all of them, oldest first, so that one without data leaves a gap."""
    weeks = sorted({row["week"] for row in values})
    return alt.X(
        "week:O",
        title="Week from Sunday",
        scale=alt.Scale(domain=weeks),
        axis=alt.Axis(labelAngle=-45, labelExpr="utcFormat(toDate(datum.value), '%d %b')"),
    )


def _trend(values: Values, canvas: Canvas) -> Drawing:
    bars = (
        alt.Chart(alt.InlineData(values=[row for row in values if row["licences"] is not None]))
        .mark_bar()
        .encode(
            x=_week(values),
            y=alt.Y("licences:Q", title="Licences", stack="zero"),
            color=alt.Color("level:N", title=None, scale=LEVELS, legend=alt.Legend(orient="top")),
            order=alt.Order("place:Q"),
            tooltip=["family:N", "week:O", "level:N", "licences:Q"],
        )
        .properties(width=canvas.across, height=canvas.height // canvas.columns)
    )
    return _by_family(bars, canvas, axis="y")


def _users(values: Values, canvas: Canvas) -> Drawing:
    drawn: Drawing = (
        alt.Chart(alt.InlineData(values=[row for row in values if row["users"] is not None]))
        .mark_bar()
        .encode(
            x=_week(values),
            y=alt.Y("users:Q", title="Users", stack="zero"),
            color=alt.Color("band:N", title="Calls of a user in the week", scale=BAND_COLOURS),
            order=alt.Order("place:Q"),
            tooltip=["week:O", "band:N", "users:Q"],
        )
        .properties(width=canvas.whole, height=canvas.height)
    )
    return drawn


def _quality(values: Values, canvas: Canvas) -> Drawing:
    bars = (
        alt.Chart(alt.InlineData(values=[row for row in values if row["calls"] is not None]))
        .mark_bar()
        .encode(
            x=_week(values),
            y=alt.Y("calls:Q", title="Calls with media", stack="zero"),
            color=alt.Color("grade:N", title=None, scale=GRADES, legend=alt.Legend(orient="top")),
            order=alt.Order("grade:N"),
            tooltip=["week:O", "grade:N", "calls:Q"],
        )
        .properties(width=canvas.whole, height=canvas.height)
    )
    line = (
        alt.Chart(alt.InlineData(values=[row for row in values if row["grade"] == "poor"]))
        .mark_line(color=POOR, point=alt.OverlayMarkDef(color=POOR))
        .encode(x=_week(values), y=alt.Y("percent:Q", title="Poor, %"), tooltip=["week:O", "percent:Q"])
        .properties(width=canvas.whole, height=canvas.height // 3)
    )
    return alt.vconcat(bars, line)


def _endpoints(values: Values, canvas: Canvas) -> Drawing:
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("endpoint:N", title=None, sort=_once(values, "endpoint"))
    )
    bars = base.mark_bar().encode(
        x=alt.X("calls:Q", title="Calls with media", stack="zero"),
        color=alt.Color("grade:N", title=None, scale=GRADES, legend=alt.Legend(orient="top")),
        order=alt.Order("grade:N"),
        tooltip=["endpoint:N", "grade:N", "calls:Q"],
    )
    labels = (
        base.transform_filter("datum.grade == 'poor'")
        .mark_text(align="left", dx=4)
        .encode(x="total:Q", text="label:N")
    )
    return alt.layer(bars, labels).properties(width=canvas.whole, height=alt.Step(32))


def _features(values: Values, canvas: Canvas) -> Drawing:
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("feature:N", title=None, sort=_once(values, "feature")), x=alt.X("calls:Q", title="Calls")
    )
    bars = base.mark_bar(color="#1b6ca8").encode(tooltip=["feature:N", "calls:Q"])
    return alt.layer(bars, base.mark_text(align="left", dx=4).encode(text="label:N")).properties(
        width=canvas.whole, height=alt.Step(28)
    )


def _bar(values: Values, canvas: Canvas) -> Drawing:
    bars = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            y=alt.Y("section:N", title=None, sort=[name for name, _ in SECTIONS]),
            x=alt.X("licences:Q", title="Licences", stack="zero"),
            color=alt.Color("level:N", title=None, scale=LEVELS, legend=alt.Legend(orient="top")),
            order=alt.Order("place:Q"),
            tooltip=["section:N", "family:N", "level:N", "licences:Q"],
        )
        .properties(width=canvas.across, height=alt.Step(32))
    )
    return _by_family(bars, canvas, axis="x")


def _by_family(chart: alt.Chart, canvas: Canvas, *, axis: Literal["x", "y"]) -> Drawing:
    """Repeat a chart for each product family, each with a scale of its own on one axis."""
    if canvas.columns == 1:
        return chart
    faceted = chart.facet(facet=alt.Facet("family:N", title=None), columns=canvas.columns)
    drawn: Drawing = (
        faceted.resolve_scale(x="independent") if axis == "x" else faceted.resolve_scale(y="independent")
    )
    return drawn


def _once(values: Values, name: str) -> list[Any]:
    """Return the different values of a column in the order of the rows."""
    return list(dict.fromkeys(row[name] for row in values))


SECTIONS = (
    ("recently added", "recently_added_subscriptions"),
    ("expiring", "expiring_subscriptions"),
    ("renewing", "renewing_subscriptions"),
    ("low assignment", "low_assignment_subscriptions"),
)


def _total(column: str) -> str:
    """SQL: the sum of a column; null where nothing is known."""
    return f"sum(CAST({column} AS BIGINT))::BIGINT"


def _levels(rows: str, keys: str, idle: str) -> str:
    """SQL: a row a level of the stacked bar, in the order in which they are stacked."""
    levels = ((USED, "used"), (IDLE, idle), (FREE, "available"))
    return " UNION ALL ".join(
        f"SELECT {keys}, '{name}' AS level, {place} AS place, {_total(column)} AS licences"
        f" FROM ({rows}) GROUP BY {keys}"
        for place, (name, column) in enumerate(levels)
    )


TREND_ROWS = """SELECT *, productFamily AS family, weekStart AS week FROM license_distribution_trend"""
SECTION_ROWS = " UNION ALL BY NAME ".join(
    f"SELECT '{name}' AS section, productFamily AS family, used, available,"
    f" greatest(0, CAST(consumedUnits AS BIGINT) - CAST(used AS BIGINT)) AS idle FROM {table}"
    for name, table in SECTIONS
)


def _graded(table: str, key: str, column: str) -> str:
    """SQL: a row a grade of the calls of each key, with all its calls and the percentage of poor ones."""
    return " UNION ALL ".join(
        f"""SELECT {column} AS {key}, '{grade}' AS grade, {_total(counted)} AS calls,
            {_total("totalCallsWithMedia")} AS total,
            round(100.0 * {_total("poorCalls")} / nullif({_total("totalCallsWithMedia")}, 0), 2) AS percent
            FROM {table} GROUP BY {column}"""
        for grade, counted in (("good", "totalGoodQualityCallsWithMedia"), ("poor", "poorCalls"))
    )


PARTNERS = (
    """SELECT partnerId FROM license_distribution_trend UNION SELECT partnerId FROM call_quality_trend"""
)

CHARTS = (
    LicenseChart(
        name="license_distribution_trend",
        title="License distribution trend",
        subtitle="Licences purchased, by what becomes of them, at the end of each week",
        reads=("license_distribution_trend",),
        values=f"SELECT * FROM ({_levels(TREND_ROWS, 'family, week', 'assignedUnused')})"
        " ORDER BY family, week, place",
        draw=_trend,
    ),
    LicenseChart(
        name="used_assigned_available",
        title="Used, assigned and available licences",
        subtitle="In the subscriptions that the tables of the same names list; used in the last week",
        reads=tuple(table for _, table in SECTIONS),
        values=f"SELECT * FROM ({_levels(SECTION_ROWS, 'section, family', 'idle')})"
        " WHERE licences IS NOT NULL ORDER BY family, section, place",
        draw=_bar,
    ),
    LicenseChart(
        name="calling_users_by_usage",
        title="Calling users by usage",
        subtitle="Users with a Webex Calling licence or a call, by their calls in the week",
        reads=("calling_users_by_usage",),
        values=f"""SELECT weekStart AS week, usageBand AS band, {_total("users")} AS users,
            list_position({list(BANDS)}, usageBand) AS place
            FROM calling_users_by_usage GROUP BY ALL ORDER BY week, place""",
        draw=_users,
    ),
    LicenseChart(
        name="call_quality_trend",
        title="Call quality and trend",
        subtitle="Calls by the week in which they ended",
        reads=("call_quality_trend",),
        values=f"SELECT * FROM ({_graded('call_quality_trend', 'week', 'weekStart')}) ORDER BY week, grade",
        draw=_quality,
    ),
    LicenseChart(
        name="call_quality_by_endpoint",
        title="Call quality by endpoint type",
        subtitle="Calls of the last week; a call counts for each endpoint type that took part",
        reads=("call_quality_by_endpoint",),
        values=f"""SELECT *, CASE WHEN percent IS NOT NULL THEN printf('%.1f %% poor', percent) END AS label
            FROM ({_graded("call_quality_by_endpoint", "endpoint", "clientType")})
            WHERE total > 0 ORDER BY total DESC, endpoint, grade""",
        draw=_endpoints,
    ),
    LicenseChart(
        name="calling_feature_use",
        title="Feature use by calls",
        subtitle="Calls of the last week; one call may use several features",
        reads=("calling_feature_use",),
        values=f"""SELECT feature, {_total("calls")} AS calls, format('{{:,}}', {_total("calls")}) AS label
            FROM calling_feature_use WHERE callQueueEnabledOnly = 'No' GROUP BY feature
            ORDER BY calls DESC, feature""",
        draw=_features,
    ),
)
