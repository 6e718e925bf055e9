// @ts-check
// A line whose points can be moved, by mouse, finger or keyboard; the page hears where each was put.

/** @import { Component, DraggableData } from "./types.d.ts" */

import { clamp } from "./axis_range.js";
import { element, hide, mount } from "./dom.js";
import { Figure } from "./figure.js";
import { formatDecimals } from "./formatting.js";

export { hide };

const KEY_PAUSE = 400; // milliseconds after the last key before the page hears of a move
const KEY_STEP = 0.01; // of what is in view

/** @type {Record<string, number>} how many steps a key moves a point up */
const VERTICAL_KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

const OPTIONS = { displayModeBar: false, displaylogo: false, doubleClick: false };

/** @extends {Figure<DraggableData>} */
class DraggableChart extends Figure {
  /** @type {HTMLElement[]} one for every point that can be moved */
  #handles = [];
  /** @type {(number | string)[]} of all points of the line */
  #x = [];
  /** @type {(number | string | null)[]} */
  #y = [];
  #current = Infinity; // the handle that the tab key reaches: the last one at first
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Component<DraggableData>} component */
  constructor(component) {
    super(component, "unroll-draggable-chart");
    this.layer = element("div", { className: "unroll-handles", role: "group" });
    this.figure.append(this.layer);
  }

  /** @param {Component<DraggableData>} component */
  show(component) {
    this.layer.ariaLabel = component.data.alt;
    super.show(component);
  }

  hide() {
    clearTimeout(this.#timer);
    super.hide();
  }

  /**
   * @param {PlotlyTrace[]} traces
   * @param {PlotlyLayout} layout
   */
  plotFigure(traces, layout) {
    layout.dragmode = false;
    Plotly.react(this.plot, traces, layout, OPTIONS);
    if (!this.isDrawn) this.plot.on("plotly_afterplot", () => this.#placeHandles());
    this.#updateHandles();
  }

  fit() {
    super.fit();
    this.#placeHandles();
  }

  /** Give every point that can be moved a handle. */
  #updateHandles() {
    const { trace, movable } = this.data;
    const { x, y } = this.plot._fullData[trace];
    this.#x = Array.from(x);
    this.#y = Array.from(y);
    const focused = this.#handles.findIndex((handle) => handle === document.activeElement);
    if (this.#handles.length !== movable.length) {
      this.#handles = movable.map((_, at) => this.#createHandle(at));
      this.layer.replaceChildren(...this.#handles);
    }
    this.#current = Math.min(focused >= 0 ? focused : this.#current, movable.length - 1);
    this.#handles.forEach((handle, at) => {
      handle.tabIndex = at === this.#current ? 0 : -1;
      handle.style.setProperty("--colour", this.data.colour);
      handle.ariaLabel = this.data.names[at];
    });
    this.#placeHandles();
  }

  /** @param {number} at */
  #createHandle(at) {
    const handle = element("div", { className: "unroll-handle", role: "slider", ariaOrientation: "vertical" });
    handle.addEventListener("pointerdown", (event) => this.#onPointerDown(event, at));
    handle.addEventListener("keydown", (event) => this.#onKey(event, at));
    handle.addEventListener("focus", () => this.#onFocus(at));
    return handle;
  }

  /** Lay the handles over their points. */
  #placeHandles() {
    if (!this.#handles.length || !this.plot._fullLayout?.xaxis) return;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const [low, high] = yaxis.range;
    this.#handles.forEach((handle, at) => {
      const row = this.data.movable[at];
      const value = this.#valueOf(at);
      const text = formatDecimals(value, high - low);
      handle.style.left = `${xaxis._offset + xaxis.d2p(this.#x[row])}px`;
      handle.style.top = `${yaxis._offset + yaxis.d2p(value)}px`;
      handle.ariaValueMin = String(low);
      handle.ariaValueMax = String(high);
      handle.ariaValueNow = String(value);
      handle.ariaValueText = text;
      handle.dataset.value = text;
    });
  }

  /** @param {number} at */
  #valueOf(at) {
    return Number(this.#y[this.data.movable[at]]);
  }

  /** @param {number} at */
  #onFocus(at) {
    this.#handles[this.#current].tabIndex = -1;
    this.#handles[at].tabIndex = 0;
    this.#current = at;
  }

  /**
   * @param {PointerEvent} event
   * @param {number} at
   */
  #onPointerDown(event, at) {
    if (event.button) return;
    event.preventDefault();
    const handle = this.#handles[at];
    const { yaxis } = this.plot._fullLayout;
    const start = this.#valueOf(at);
    const offset = event.clientY - yaxis.d2p(start);
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("active");
    handle.focus({ preventScroll: true });
    const onMove = (/** @type {PointerEvent} */ { clientY }) =>
      this.#movePoint(at, clamp(yaxis.p2d(clientY - offset), yaxis.range));
    const onEnd = (/** @type {PointerEvent} */ { type }) => {
      handle.removeEventListener("pointermove", onMove);
      handle.classList.remove("active");
      if (type === "pointercancel") this.#movePoint(at, start);
      else if (this.#valueOf(at) !== start) this.#report(at);
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("lostpointercapture", onEnd, { once: true });
    handle.addEventListener("pointercancel", onEnd, { once: true });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  #onKey(event, at) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const horizontalKeys = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#handles.length - 1 };
    if (event.key in horizontalKeys) {
      event.preventDefault();
      return this.#handles[horizontalKeys[event.key]]?.focus();
    }
    if (!(event.key in VERTICAL_KEYS)) return;
    event.preventDefault();
    const { range } = this.plot._fullLayout.yaxis;
    const step = VERTICAL_KEYS[event.key] * KEY_STEP * (range[1] - range[0]);
    this.#movePoint(at, clamp(this.#valueOf(at) + step, range));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#report(at), KEY_PAUSE);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  #movePoint(at, value) {
    const { yaxis } = this.plot._fullLayout;
    // The axis stays while a point is moved, or the point would run away from the pointer.
    const range = [...yaxis.range];
    this.#y[this.data.movable[at]] = value;
    Plotly.update(this.plot, { y: [this.#y] }, { "yaxis.range": range }, [this.data.trace]);
    this.#placeHandles();
  }

  /** @param {number} at */
  #report(at) {
    this.notify("moved", { place: this.data.movable[at], value: this.#valueOf(at) });
  }
}

/**
 * Draw what can be moved where a component stands, or bring what is drawn there up to date.
 *
 * @param {Component<DraggableData>} component
 */
export function show(component) {
  mount(component, (one) => new DraggableChart(one));
}
