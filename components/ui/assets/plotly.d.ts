// As much of plotly.js as the scripts use; what begins with an underscore is not of its public interface.

interface PlotlyAxis {
  title: { text: string; standoff?: number };
  range?: (number | string)[];
  autorange?: boolean | string;
  [property: string]: unknown;
}

interface PlotlyFullAxis {
  range: [number, number];
  autorange: boolean;
  /** pixels from the edge of the plot */
  _offset: number;
  /** from data to pixels, and back */
  d2p(value: number | string): number;
  p2d(pixel: number): number;
  /** from the range's own numbers or dates to numbers, and back */
  r2l(value: number | string): number;
  l2r(value: number): number | string;
}

interface PlotlyTrace {
  type?: string;
  mode?: string;
  name?: string;
  visible?: boolean | string;
  x: (number | string)[];
  y: (number | string | null)[];
  [property: string]: unknown;
}

interface PlotlyLayout {
  xaxis: PlotlyAxis;
  yaxis: PlotlyAxis;
  [property: string]: unknown;
}

interface PlotlyElement extends HTMLElement {
  data: PlotlyTrace[];
  layout: PlotlyLayout;
  _fullData: PlotlyTrace[];
  _fullLayout: { xaxis: PlotlyFullAxis; yaxis: PlotlyFullAxis; dragmode: string | false };
  on(event: string, listener: (change: Record<string, unknown>) => void): void;
}

declare namespace Plotly {
  function react(plot: PlotlyElement, traces: object[], layout: object, options: object): Promise<void>;
  function redraw(plot: PlotlyElement): Promise<void>;
  function extendTraces(plot: PlotlyElement, news: { x: unknown[][]; y: unknown[][] }, traces: number[]): Promise<void>;
  function restyle(plot: PlotlyElement, changes: object, traces: number[]): Promise<void>;
  function relayout(plot: PlotlyElement, changes: object): Promise<void>;
  function update(plot: PlotlyElement, changes: object, layout: object, traces: number[]): Promise<void>;
  function purge(plot: PlotlyElement): void;
  namespace Plots {
    function resize(plot: PlotlyElement): Promise<void>;
  }
}

interface Window {
  /** once it is loaded */
  Plotly?: typeof Plotly;
}
