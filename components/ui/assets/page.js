// What all scripts share of the page: its elements, its colours, and plotly.js.

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
