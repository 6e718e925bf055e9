// What all scripts share of the page: where they draw, its elements, its colours, and plotly.js.

const AGAIN = 2_500; // milliseconds until another try to load plotly.js

const standing = new WeakMap(); // what is drawn where a component stands

/** Draw a component by what `make` gives for its place, or bring what is drawn there up to date. */
export function stand(component, make) {
  const { parentElement: root } = component;
  if (!standing.has(root)) standing.set(root, make(root));
  standing.get(root).show(component);
}

/** Take away what is drawn where a component stands. */
export function hide(root) {
  standing.get(root)?.hide();
  standing.delete(root);
}

let plotlyComes;

/** Load plotly.js, once for the page. */
export function plotly(address) {
  plotlyComes ??= new Promise((done, fail) => {
    const src = new URL(`../../${address}`, import.meta.url);
    document.head.append(element("script", { src, onload: done, onerror: fail }));
  });
  plotlyComes.catch(() => (plotlyComes = undefined)); // the next chart tries again
  return plotlyComes;
}

/** Draw once plotly.js is there, if the place still is; tell of every failure until then. */
export function withPlotly(address, place, draw, lost = () => {}) {
  plotly(address).then(
    () => place.isConnected && draw(),
    () => {
      if (!place.isConnected) return;
      lost();
      setTimeout(() => withPlotly(address, place, draw, lost), AGAIN);
    },
  );
}

/** Make a plot as large as its place is now; one that isn't displayed has no place. */
export function resize(plot) {
  if (plot.clientWidth) Plotly.Plots.resize(plot);
}

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function set(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** The colours and letters of the page, as Streamlit hands them to its components. */
export function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    grey: read("gray-color"),
    faint: read("border-color-light"),
    page: read("background-color"),
    font: read("font"),
    heading: { family: read("heading-font"), color: read("heading-color") },
  };
}
