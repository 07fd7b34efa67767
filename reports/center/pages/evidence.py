"""The page of evidence: what the scores were worth, how clean the inputs were, what each model is."""

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse

from reports.center.access.visitor import Visiting, Visitor
from reports.center.backtests import ALL, Backtest, BacktestUnreadable, Judged, Worth, read_backtest
from reports.center.evidence import Card, Quality, Run, read_cards, read_quality, read_run
from reports.center.pages.chart_language import in_language
from reports.center.pages.render import render
from reports.center.words import N_
from reports.licenses.charts import Drawing
from scoring.cells import CLUSTERS

router = APIRouter()
COLOURS = ("#0a5a4b", "#2b7f6e", "#6fb5a3", "#97a5ad")
SHAPES = ("circle", "square", "diamond", "triangle-up")
"""Clusters are told apart by shape too, the strongest first."""
CRITERIA = (
    N_("odds in intent class High at least 3 times the base odds"),
    N_("win rate of Act Now above that of Evaluate"),
    N_("win rate of Evaluate above that of Educate"),
    N_("every fit class populated (least share)"),
    N_("every intent class populated (least share)"),
    N_("every cluster populated (least share)"),
    N_("expected over observed within 0.9-1.1"),
    N_("calibration slope within 0.8-1.25"),
    N_("at least 8 of 10 bins hold the diagonal"),
    N_("AUC within 0.03 of the oracle"),
    N_("AUC at least 0.05 above recency alone"),
    N_("AUC at least 0.05 above popularity alone"),
)
"""Words of the backtest's files; they are translated where they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows; the run and row counts only where the visitor may see all partners' together."""

    month: str
    backtest: Backtest | None
    unreadable: str
    product: str
    clusters: tuple[Worth, ...]
    overall: Judged | None
    names: Mapping[str, str]
    """Products by their prefix, as the model cards call them."""
    cards: tuple[Card, ...]
    quality: tuple[Quality, ...]
    run: Run | None


@router.get("/evidence")
def show(request: Request, visitor: Visiting, product: str = ALL) -> HTMLResponse:
    """Show the evidence of the latest month, and the last backtest for a product or all of them."""
    if not visitor.scope.datasets:
        raise HTTPException(404)
    month = visitor.center.shelf.latest()
    if month is None:
        return render(request, visitor, "nothing_yet.html", has_month=False)
    backtest, unreadable = _backtest(visitor)
    overall = _judged(backtest, product)
    if backtest is not None and overall is None:
        raise HTTPException(404)
    cards = read_cards(month)
    page = Page(
        month=month.name,
        backtest=backtest,
        unreadable=unreadable,
        product=product,
        clusters=backtest.of(product) if backtest else (),
        overall=overall,
        names={card.product: card.title for card in cards},
        cards=cards,
        quality=read_quality(month),
        run=read_run(month) if sees_all_inputs(visitor) else None,
    )
    return render(request, visitor, "evidence.html", page=page)


@router.get("/evidence/win-rates.json")
def show_win_rates(visitor: Visiting) -> JSONResponse:
    """Answer the specification of the chart of win rates."""
    backtest = _backtest(visitor)[0] if visitor.scope.datasets else None
    if backtest is None:
        raise HTTPException(404)
    month = visitor.center.shelf.latest()
    names = {card.product: card.title for card in read_cards(month)} if month is not None else {}
    spec = in_language(draw(backtest, names).to_dict(), visitor.language)
    return JSONResponse(spec, headers={"Cache-Control": "no-store"})


def sees_all_inputs(visitor: Visitor) -> bool:
    """Tell whether somebody may see how many rows all partners have, and what the run says of them.

    A run names rows of any partner as examples, so an administrator of one partner may not.
    """
    return visitor.person.reach.everything


def draw(backtest: Backtest, names: Mapping[str, str]) -> Drawing:
    """Draw the win rate of each cluster with its interval, a row a product, by its name where it has one."""
    values = [
        {
            "product": names.get(worth.product, worth.product),
            "cluster": worth.cluster,
            "rate": 100 * worth.win_rate.value,
            "low": 100 * (worth.win_rate.low or 0),
            "high": 100 * (worth.win_rate.high or 0),
        }
        for worth in backtest.worth
        if worth.win_rate is not None
    ]
    clusters = list(CLUSTERS)
    products = [names.get(judged.product, judged.product) for judged in backtest.judged]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("product:N", title=None, sort=products, axis=alt.Axis(labelLimit=200)),
        yOffset=alt.YOffset("cluster:N", sort=clusters),
        color=alt.Color("cluster:N", title=None, scale=alt.Scale(domain=clusters, range=list(COLOURS))),
    )
    rules = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="Bought within 90 days, of 100"), x2="high:Q"
    )
    shape = alt.Shape("cluster:N", title=None, scale=alt.Scale(domain=clusters, range=list(SHAPES)))
    points = base.mark_point(filled=True, size=60, opacity=1).encode(x="rate:Q", shape=shape)
    drawn: Drawing = alt.layer(rules, points).properties(height=alt.Step(11))
    return drawn


def _backtest(visitor: Visitor) -> tuple[Backtest | None, str]:
    """Return the last backtest, or why it cannot be read."""
    try:
        return read_backtest(visitor.center.backtests), ""
    except BacktestUnreadable as refused:
        return None, str(refused)


def _judged(backtest: Backtest | None, product: str) -> Judged | None:
    return next((one for one in backtest.judged if one.product == product), None) if backtest else None
