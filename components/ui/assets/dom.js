// @ts-check
// What all scripts share of the page: where they draw, its elements, its colours, and plotly.js.

/** @import { Component, Drawing, Theme } from "./types.d.ts" */

const RETRY_INTERVAL = 2_500; // milliseconds until another try to load plotly.js

/** @type {WeakMap<HTMLElement, { key: string, drawing: Drawing<any> }>} what is drawn where a component stands */
const drawings = new WeakMap();

/**
 * Bring what is drawn where a component stands up to date; draw it first where nothing is, or something else.
 *
 * @template D
 * @param {Component<D>} component
 * @param {(component: Component<D>) => Drawing<D>} create
 * @param {string} key of what is drawn: another key needs another drawing
 */
export function mount(component, create, key = "") {
  const { parentElement } = component;
  let current = drawings.get(parentElement);
  if (current?.key !== key) {
    hide(parentElement);
    current = { key, drawing: create(component) };
    drawings.set(parentElement, current);
  }
  current.drawing.show(component);
}

/**
 * Take away what is drawn where a component stands.
 *
 * @param {HTMLElement} parentElement
 */
export function hide(parentElement) {
  drawings.get(parentElement)?.drawing.hide();
  drawings.delete(parentElement);
}

/** @type {Promise<unknown> | undefined} */
let plotlyScript;

/**
 * Load plotly.js, once for the page.
 *
 * @param {string} address below the app's own
 */
export function loadPlotly(address) {
  plotlyScript ??= new Promise((onload, onerror) => {
    const src = new URL(`../../${address}`, import.meta.url).href;
    document.head.append(element("script", { src, onload, onerror }));
  });
  plotlyScript.catch(() => (plotlyScript = undefined)); // the next chart tries again
  return plotlyScript;
}

/**
 * Draw once plotly.js is there, if the place still is; tell of every failure until then.
 *
 * @param {string} address
 * @param {HTMLElement} place
 * @param {() => void} draw
 * @param {() => void} onFailure
 */
export function withPlotly(address, place, draw, onFailure = () => {}) {
  loadPlotly(address).then(
    () => place.isConnected && draw(),
    () => {
      if (!place.isConnected) return;
      onFailure();
      setTimeout(() => withPlotly(address, place, draw, onFailure), RETRY_INTERVAL);
    },
  );
}

/**
 * An element that plotly.js will draw into, and then gives methods of its own.
 *
 * @param {Partial<HTMLDivElement>} properties
 */
export const plotElement = (properties) =>
  /** @type {PlotlyElement} */ (/** @type {HTMLElement} */ (element("div", properties)));

/**
 * Make a plot as large as its place is now; one that isn't displayed has no place.
 *
 * @param {PlotlyElement} plot
 */
export function resizePlot(plot) {
  if (plot.clientWidth) Plotly.Plots.resize(plot);
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} properties
 * @param {(Node | string)[]} children
 */
export function element(tag, properties, ...children) {
  const created = document.createElement(tag);
  Object.assign(created, properties);
  created.append(...children);
  return created;
}

/**
 * A table's row.
 *
 * @param {"th" | "td"} tag of its cells
 * @param {readonly string[]} cells
 */
export const tableRow = (tag, cells) =>
  element("tr", {}, ...cells.map((textContent) => element(tag, { textContent })));

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
export function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * The colours and fonts of the page, as Streamlit hands them to its components.
 *
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    grey: read("gray-color"),
    faint: read("border-color-light"),
    page: read("background-color"),
    font: read("font"),
    heading: { family: read("heading-font"), color: read("heading-color") },
  };
}
