// A line whose points can be moved, by mouse, finger or keyboard; the page hears where each was put.

import { Drawing } from "./drawing.js";
import { element, hide, stand } from "./page.js";

export { hide };

const PAUSE = 400; // milliseconds after the last key before the page hears of a move
const STEP = 0.01; // of what is in view, that an arrow key moves by; Page Up and Page Down move ten times as far

class Draggable extends Drawing {
  constructor(root) {
    super(root, "unroll-draggable");
    this.layer = element("div", { className: "unroll-draggable-layer", role: "group" });
    this.figure.append(this.layer);
  }

  show(component) {
    this.layer.ariaLabel = component.data.alt;
    super.show(component);
  }

  hide() {
    clearTimeout(this.timer);
    super.hide();
  }

  lay(traces, layout) {
    layout.dragmode = false;
    Plotly.react(this.plot, traces, layout, OPTIONS);
    if (!this.drawn) this.plot.on("plotly_afterplot", () => this.place());
    this.equip();
  }

  fit() {
    super.fit();
    this.place();
  }

  /** Give every point that can be moved a handle. */
  equip() {
    const { trace, movable } = this.data;
    const { x, y } = this.plot._fullData[trace];
    this.x = Array.from(x);
    this.y = Array.from(y);
    const held = this.handles?.indexOf(document.activeElement) ?? -1;
    if (this.handles?.length !== movable.length) {
      this.handles = movable.map((_, at) => this.handle(at));
      this.layer.replaceChildren(...this.handles);
    }
    this.current = Math.min(held >= 0 ? held : (this.current ?? Infinity), movable.length - 1);
    this.handles.forEach((handle, at) => {
      handle.tabIndex = at === this.current ? 0 : -1;
      handle.style.setProperty("--colour", this.data.colour);
      handle.ariaLabel = this.data.names[at];
    });
    this.place();
  }

  handle(at) {
    const look = { className: "unroll-draggable-handle", role: "slider", ariaOrientation: "vertical" };
    const handle = element("div", look);
    handle.addEventListener("pointerdown", (event) => this.grasp(event, at));
    handle.addEventListener("keydown", (event) => this.press(event, at));
    handle.addEventListener("focus", () => this.choose(at));
    return handle;
  }

  /** Lay the handles over their points. */
  place() {
    if (!this.handles || !this.plot._fullLayout?.xaxis) return;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const [low, high] = yaxis.range;
    this.handles.forEach((handle, at) => {
      const row = this.data.movable[at];
      handle.style.left = `${xaxis._offset + xaxis.d2p(this.x[row])}px`;
      handle.style.top = `${yaxis._offset + yaxis.d2p(this.y[row])}px`;
      handle.ariaValueMin = low;
      handle.ariaValueMax = high;
      handle.ariaValueNow = this.y[row];
      handle.ariaValueText = written(this.y[row], high - low);
      handle.dataset.value = handle.ariaValueText;
    });
  }

  choose(at) {
    this.handles[this.current].tabIndex = -1;
    this.handles[at].tabIndex = 0;
    this.current = at;
  }

  grasp(event, at) {
    if (event.button) return;
    event.preventDefault();
    const handle = this.handles[at];
    const { yaxis } = this.plot._fullLayout;
    const start = this.y[this.data.movable[at]];
    const away = event.clientY - yaxis.d2p(start);
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("held");
    handle.focus({ preventScroll: true });
    const move = ({ clientY }) => this.put(at, clamp(yaxis.p2d(clientY - away), yaxis.range));
    const end = (dropped) => {
      handle.removeEventListener("pointermove", move);
      handle.classList.remove("held");
      if (dropped.type === "pointercancel") this.put(at, start);
      else if (this.y[this.data.movable[at]] !== start) this.say(at);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end, { once: true });
    handle.addEventListener("pointercancel", end, { once: true });
  }

  press(event, at) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { yaxis } = this.plot._fullLayout;
    const [low, high] = yaxis.range;
    const along = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.handles.length - 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (along === undefined && up === undefined) return;
    event.preventDefault();
    if (along !== undefined) return this.handles[along]?.focus();
    this.put(at, clamp(this.y[this.data.movable[at]] + up * STEP * (high - low), [low, high]));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(at), PAUSE);
  }

  put(at, value) {
    const { yaxis } = this.plot._fullLayout;
    // The axis stays while a point is held, or the point would run away from the pointer.
    const range = [...yaxis.range];
    this.y[this.data.movable[at]] = value;
    Plotly.update(this.plot, { y: [this.y] }, { "yaxis.range": range }, [this.data.trace]);
    this.place();
  }

  say(at) {
    const row = this.data.movable[at];
    this.tell("moved", { place: row, value: this.y[row] });
  }
}

const OPTIONS = { displayModeBar: false, displaylogo: false, doubleClick: false };

const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

const written = (value, range) =>
  value.toLocaleString("en", { maximumFractionDigits: Math.max(0, 3 - Math.floor(Math.log10(range))) });

/** Draw what can be moved where a component stands, or bring what is drawn there up to date. */
export function show(component) {
  stand(component, (root) => new Draggable(root));
}
