// A chart that the page sends whole: drawn when plotly.js is there, in the page's colours, as wide as its place.

import { element, resize, themeOf, withPlotly } from "./page.js";

/**
 * One chart in one place of a page.
 *
 * A kind of chart gives `lay`, which puts it on the plot. What the page only says again is not laid anew.
 */
export class Drawing {
  constructor(root, kind) {
    this.plot = element("div", { className: "unroll-drawing-plot" });
    this.figure = element("figure", { className: `unroll-drawing ${kind}` }, this.plot);
    root.append(this.figure);
    this.sizer = new ResizeObserver(() => this.drawn && this.fit());
    this.sizer.observe(this.plot);
  }

  show({ data, setTriggerValue }) {
    this.data = data;
    this.tell = setTriggerValue;
    withPlotly(data.plotly, this.figure, () => this.draw(), () => this.lost());
  }

  /** Say that plotly.js can't be had for now. */
  lost() {}

  hide() {
    this.sizer.disconnect();
    if (this.drawn) Plotly.purge(this.plot);
    this.figure.remove();
  }

  draw() {
    const theme = themeOf(this.figure);
    const look = JSON.stringify(theme);
    const other = this.data.figure !== this.drawn;
    if (!other && look === this.look) return;
    const { data, layout } = JSON.parse(this.data.figure);
    dress(layout, theme);
    this.lay(data, layout, other);
    [this.drawn, this.look] = [this.data.figure, look];
  }

  fit() {
    resize(this.plot);
  }
}

/** Give a figure the page's colours and letters, as Streamlit gives them to charts that stand still. */
function dress(layout, { text, grey, faint, page, font, heading }) {
  const look = layout.template.layout;
  layout.autosize = true;
  delete layout.height; // the place has it
  Object.assign(look, {
    paper_bgcolor: page, // named, since plotly draws its pointer's halo in the colour of the ground
    plot_bgcolor: page,
    font: { family: font, size: 12, color: grey },
    title: { ...look.title, font: { ...heading, size: 16, weight: 700 }, pad: { l: 4 } },
    hoverlabel: { ...look.hoverlabel, bgcolor: page, bordercolor: faint, font: { color: text } },
    modebar: { bgcolor: page, color: grey, activecolor: text },
  });
  look.xaxis.zeroline = false;
  for (const axis of [look.xaxis, look.yaxis]) {
    Object.assign(axis, { gridcolor: faint, zerolinecolor: faint, title: { font: { size: 14 } } });
  }
}
