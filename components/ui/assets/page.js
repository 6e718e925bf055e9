// @ts-check
// What every page needs of a script: a finger that moves over a chart scrolls the page, the scripts of charts come
// while the server still makes the page that they stand on, and a run that is started is seen from its top.

import { element, loadPlotly } from "./dom.js";

const { plotly = "", streamlitPlotly = "" } =
  document.querySelector(/** @type {"script"} */ ("script[data-plotly]"))?.dataset ?? {};
const page = location.pathname.split("/").pop() ?? "";

// Whoever follows a link to a run will see charts: our own of its training, Streamlit's of its results.
if (/[?&]runs?=/.test(location.search)) {
  if (page === "results") {
    document.head.append(element("link", { rel: "modulepreload", href: streamlitPlotly }));
  } else if (["train", "compare", "gradients"].includes(page)) {
    loadPlotly(plotly).catch(() => {}); // the chart tries again, and says so
    import("./live_charts.js");
  }
}

// Plotly.js would take a finger's every move for a zoom. Without the touch, a browser makes a tap a click where the
// finger was, so that a value can still be read off. Who has chosen to pan by a chart's button means to pan.
addEventListener(
  "touchstart",
  (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".draglayer")) return;
    const plot = /** @type {PlotlyElement | null} */ (event.target.closest(".js-plotly-plot"));
    if (plot?._fullLayout?.dragmode !== "pan") event.stopPropagation();
  },
  { capture: true, passive: true },
);

// Train is pressed far down the settings, and the run opens on the same page, which Streamlit leaves where it was.
const pushState = history.pushState.bind(history);
history.pushState = (...entry) => {
  const before = shownRun();
  pushState(...entry);
  const now = shownRun();
  if (now && now !== before) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
};

/** @returns {string | null} the run in the address */
function shownRun() {
  return new URLSearchParams(location.search).get("run");
}
