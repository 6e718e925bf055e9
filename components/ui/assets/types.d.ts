// What the scripts are given by the pages, and what they give each other.

import type { RunHistory } from "./run_history.js";

/** A component of Streamlit's where it stands on a page. */
export interface Component<D> {
  data: D;
  parentElement: HTMLElement;
  setTriggerValue(name: string, value: unknown): void;
}

/** What is drawn where a component stands. */
export interface Drawing<D> {
  show(component: Component<D>): void;
  hide(): void;
}

/** The colours and fonts of a page. */
export interface Theme {
  text: string;
  grey: string;
  faint: string;
  page: string;
  font: string;
  heading: { family: string; color: string };
}

// --- What `components.ui.widgets.live_charts` says --------------------------------------------------------------------

export interface Colours {
  training: string;
  validation: string;
  before: string;
  after: string;
  truth: string;
  model: string;
  series: string[];
  scale: [string, string];
}

export interface RunData {
  plotly: string;
  run: string;
  status: string;
  clipping: number | null;
  preview: Preview | null;
  /** what the titles of charts mean */
  terms: Record<string, string>;
  colours: Colours;
  inside?: boolean;
}

export interface ComparedRun {
  id: string;
  name: string;
  note: string;
  status: string;
  clips: boolean;
  colour: string;
  dash: string;
}

/** How the curves of runs are drawn. */
export interface CurveSettings {
  axis: "step" | "epoch" | "seconds";
  /** what an older value keeps counting, from 0 to below 1 */
  smoothing: number;
  /** whether runs of a group are drawn as one band */
  bands: boolean;
  /** whether runs are drawn as their difference to the base */
  difference: boolean;
  /** the place of the run that the others are held against */
  base: number;
  /** whether their losses can be ranked */
  comparable: boolean;
  /** runs that differ in the seed only, by their places */
  groups: { name: string; runs: number[] }[];
}

export interface ComparisonData {
  plotly: string;
  run: string;
  runs: ComparedRun[];
  kind: "race" | "runs" | "twins";
  /** of the kind "runs" */
  curves: CurveSettings | null;
  loss: string;
  score: string;
  colours: Colours;
}

/** Without a run, the scripts are fetched ahead. */
export interface PreloadData {
  plotly: string;
  run?: undefined;
}

export interface ForecastPreview {
  kind: "forecast";
  loss?: string;
  along: string;
  measures: string;
  unit: string;
  times: (string | number)[];
  truth: (number | null)[];
}

export interface RegressionPreview {
  kind: "guesses";
  loss?: string;
  truth: number[];
}

export interface ConfusionPreview {
  kind: "confusion";
  loss?: string;
  names: string[];
}

export interface TextPreview {
  kind: "writing";
  loss?: string;
  /** the least probability, its colour and what it means, the most likely first */
  shades: [number, string, string][];
}

export interface AnswersPreview {
  kind: "answers";
  loss?: string;
  names: string[];
  level: string;
  sources: string[];
  truths: string[];
}

export type Preview = ForecastPreview | RegressionPreview | ConfusionPreview | TextPreview | AnswersPreview;

// --- The live charts -----------------------------------------------------------------------------------

/** What a feed brings up to date. */
export interface FeedView {
  update(replaces: boolean): void;
}

/** What every live chart draws from. */
export interface View {
  history: RunHistory;
  theme: Theme;
  data: { run: string; colours: Colours; terms?: Record<string, string> };
}

export interface RunView extends View {
  data: RunData;
}

export interface ComparisonView extends View {
  data: ComparisonData;
  histories: RunHistory[];
}

/** A live chart, or what stands in the place of one. */
export interface Panel {
  figure: HTMLElement;
  /** what is on the page doesn't belong to the present numbers */
  stale: boolean;
  draw(): void;
  remove(): void;
}

/**
 * A line of a chart: `x` and `y` only ever grow within a generation, save where it carries a `version`:
 * then it is replaced whenever that changes.
 */
export interface Line {
  x: (number | string)[];
  y: (number | string | null)[];
  name?: string;
  version?: number | string;
  /** has no entry in the legend */
  silent?: boolean;
  mode?: string;
  line?: { color: string; width: number; dash?: string };
  marker?: { size: number; line?: { color: string; width: number } } & Record<string, unknown>;
  opacity?: number;
  z?: (number | null)[][];
  text?: number[][];
  customdata?: (string | number)[][];
  [property: string]: unknown;
}

/** What the range of an axis is made from. */
export interface RangeData {
  /** of each list the lowest and the highest hundredth may stay outside, and at least one number at each end */
  samples: readonly (readonly (number | null)[])[];
  /** always inside */
  included?: readonly (number | null)[];
  /** inside if it isn't a power of ten away */
  reference?: number | null;
  /** by how many times its size `samples` may widen the range of `included` at each end */
  extension?: number | null;
}

/** What is drawn over the lines. */
export interface Overlays {
  shapes: object[];
  annotations: object[];
}

/** What of the layout follows the numbers: the vertical range, and the marks of what was changed by hand. */
export interface DynamicLayout extends Overlays {
  range?: [number, number];
  dtick?: string | number | null;
}

export interface TableData {
  head: string[];
  rows: (number | string | null | undefined)[][];
}

// --- Charts that a page sends whole --------------------------------------------------------------------

export interface FigureData {
  plotly: string;
  /** as JSON */
  figure: string;
  alt: string;
}

export interface DraggableData extends FigureData {
  trace: number;
  movable: number[];
  names: string[];
  colour: string;
}

export interface ZoomableData extends FigureData {
  rows: number;
  drawn: number;
  token: string;
}

/** What the route of a series answers. */
export interface SeriesDetail {
  rows: number;
  exact: boolean;
  lines: { x: (string | number)[]; y: (number | null)[] }[];
}
