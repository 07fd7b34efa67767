// Small conveniences; every page works without them.
"use strict";

// Requests of htmx carry the token that forms carry in a field.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.body.dataset.csrf;
  const headers = event.detail?.ctx?.request?.headers;
  if (token && headers) headers["X-CSRF-Token"] = token;
});

// Forms that send themselves when something is chosen say so in `data-send`.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send]");
  if (form) form.requestSubmit();
});

// The address of a report in the making holds what is chosen, so that it can be shared.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form#definition");
  if (!form) return;
  const chosen = new URLSearchParams(new FormData(form));
  for (const name of ["start", "interval", "times"]) chosen.delete(name);
  window.history.replaceState(null, "", `/downloads/new?${chosen}`);
});

// Buttons that tick or clear boxes: data-tick="all|none|<class of boxes>" and data-of="<id of a group>".
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick]");
  if (!button) return;
  event.preventDefault();
  const group = document.getElementById(button.dataset.of);
  for (const box of group.querySelectorAll('input[type="checkbox"]')) {
    const wanted = button.dataset.tick;
    box.checked = wanted === "all" || (wanted !== "none" && box.dataset.presets?.split(" ").includes(wanted));
  }
  group.dispatchEvent(new Event("change", { bubbles: true }));
});

// A click that cannot be taken back is asked about first.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Charts: the libraries are fetched from our own files when a page has one.
const VENDOR = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"];
const fetchScript = (name) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `/static/vendor/${name}`;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const chartConfig = () => {
  const ink = colour("--muted");
  const text = { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500 };
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: { ...text, gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line") },
    legend: { ...text, orient: "top", title: null },
    header: text,
    title: { color: colour("--ink"), fontSize: 14, anchor: "start" },
    range: { category: ["--a", "--accent", "--warning", "--bad", "--b", "--muted"].map(colour) },
    mark: { color: colour("--accent") },
    text: { color: ink },
  };
};

// Only a single view can ask for the width of what holds it; views below each other are told theirs.
const BESIDE_PLOT = 72;
const NARROW = 360;
const fit = (spec, width) => {
  if (width < NARROW) spec.config = { ...spec.config, legend: { columns: 2 } };
  if (spec.vconcat) {
    for (const view of spec.vconcat) view.width = Math.max(width - BESIDE_PLOT, 120);
    return;
  }
  spec.width ??= "container";
  spec.autosize ??= { type: "fit-x", contains: "padding" };
};

async function drawCharts(root) {
  const places = [...root.querySelectorAll("[data-chart]:not([data-drawn])")];
  if (!places.length) return;
  for (const place of places) place.dataset.drawn = "";
  if (!window.vegaEmbed) for (const name of VENDOR) await fetchScript(name);
  for (const place of places) {
    const answer = await fetch(place.dataset.chart);
    if (!answer.ok) {
      place.hidden = true;
      continue;
    }
    const spec = await answer.json();
    fit(spec, place.clientWidth);
    // `ast` interprets expressions instead of compiling them: nothing is evaluated under our policy.
    await window.vegaEmbed(place, spec, {
      ast: true, actions: false, logLevel: window.vega.Error, renderer: "canvas", tooltip: false, defaultStyle: false, config: chartConfig(),
    });
  }
}
document.addEventListener("DOMContentLoaded", () => drawCharts(document));
document.addEventListener("htmx:after:swap", () => drawCharts(document));
