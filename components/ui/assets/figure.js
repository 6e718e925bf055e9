// @ts-check
// A chart that the page sends whole: drawn when plotly.js is there, in the page's colours, as wide as its place.

/** @import { Component, FigureData, Theme } from "./types.d.ts" */

import { element, plotElement, readTheme, resizePlot, withPlotly } from "./dom.js";

/**
 * One figure in one place of a page.
 *
 * A kind of figure overrides `plotFigure`, which puts it on the plot. What the page only says again is not
 * plotted anew.
 *
 * @template {FigureData} D
 */
export class Figure {
  #figureJson = ""; // that is on the plot
  #themeJson = ""; // in which it is there

  /**
   * @param {Component<D>} component
   * @param {string} className
   */
  constructor({ data, parentElement, setTriggerValue }, className) {
    this.data = data;
    this.notify = setTriggerValue;
    this.plot = plotElement({ className: "unroll-figure-plot" });
    this.figure = element("figure", { className: `unroll-figure ${className}` }, this.plot);
    parentElement.append(this.figure);
    this.resizeObserver = new ResizeObserver(() => this.isDrawn && this.fit());
    this.resizeObserver.observe(this.plot);
  }

  get isDrawn() {
    return this.#figureJson !== "";
  }

  /** @param {Component<D>} component */
  show({ data, setTriggerValue }) {
    this.data = data;
    this.notify = setTriggerValue;
    withPlotly(data.plotly, this.figure, () => this.draw(), () => this.showFailure());
  }

  /** Say that plotly.js can't be had for now. */
  showFailure() {}

  hide() {
    this.resizeObserver.disconnect();
    if (this.isDrawn) Plotly.purge(this.plot);
    this.figure.remove();
  }

  draw() {
    const theme = readTheme(this.figure);
    const themeJson = JSON.stringify(theme);
    const isNew = this.data.figure !== this.#figureJson;
    if (!isNew && themeJson === this.#themeJson) return;
    const { data, layout } = JSON.parse(this.data.figure);
    applyTheme(layout, theme);
    this.plotFigure(data, layout, isNew);
    [this.#figureJson, this.#themeJson] = [this.data.figure, themeJson];
  }

  /**
   * @param {PlotlyTrace[]} traces
   * @param {PlotlyLayout} layout
   * @param {boolean} isNew whether more than the colours has changed
   */
  plotFigure(traces, layout, isNew) {}

  fit() {
    resizePlot(this.plot);
  }
}

/**
 * Give a figure the page's colours and fonts, as Streamlit gives them to charts that stand still.
 *
 * @param {any} layout as `plotly.graph_objects` writes it
 * @param {Theme} theme
 */
function applyTheme(layout, { text, grey, faint, page, font, heading }) {
  const template = layout.template.layout;
  layout.autosize = true;
  delete layout.height; // the place has it
  Object.assign(template, {
    paper_bgcolor: page, // named, since plotly draws its pointer's halo in the colour of the ground
    plot_bgcolor: page,
    font: { family: font, size: 12, color: grey },
    title: { ...template.title, font: { ...heading, size: 16, weight: 700 }, pad: { l: 4 } },
    hoverlabel: { ...template.hoverlabel, bgcolor: page, bordercolor: faint, font: { color: text } },
    modebar: { bgcolor: page, color: grey, activecolor: text },
  });
  template.xaxis.zeroline = false;
  for (const axis of [template.xaxis, template.yaxis]) {
    Object.assign(axis, { gridcolor: faint, zerolinecolor: faint, title: { font: { size: 14 } } });
  }
}
