// @ts-check
// What every page needs of a script: a finger that moves over a chart scrolls the page.

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
