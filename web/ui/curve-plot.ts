/** Draws the day's curve with uPlot. A module of its own, because it is loaded lazily, after the figures are shown. */
import uPlot from 'uplot';

interface CurveData {
  readonly mode: 'hour' | 'running';
  readonly hours: readonly string[];
  readonly values: readonly number[];
  readonly target: number | undefined;
  readonly axis: (value: number) => string;
}

export interface CurvePlot {
  draw(data: CurveData): void;
  remove(): void;
}

/** Minimum number of hour slots, so that two bars in the morning do not fill the whole width. */
const SLOTS_MIN = 10;

const BAR_WIDTH_PX_MAX = 44;
const AXIS_WIDTH_PX = 46;
const AXIS_HEIGHT_PX = 26;
const TICK_SPACE_PX = 52;

/**
 * Creates a plot inside an element; it follows the element's size and the colour scheme.
 *
 * @param onPoint called with the index of the hour under the pointer, or undefined
 */
export function createCurvePlot(
  container: HTMLElement,
  onPoint: (index: number | undefined) => void,
): CurvePlot {
  let plot: uPlot | undefined;
  let data: CurveData | undefined;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const size = () => ({ width: container.clientWidth, height: container.clientHeight });
  const redraw = () => {
    plot?.destroy();
    plot =
      data === undefined || data.values.length === 0 ? undefined : plotOf(container, data, size(), onPoint);
  };
  const resizes = new ResizeObserver(() => plot?.setSize(size()));
  resizes.observe(container);
  dark.addEventListener('change', redraw);

  return {
    draw(next) {
      const isSameKind =
        plot !== undefined && data?.mode === next.mode && data.hours.length === next.hours.length;
      const axis = data?.axis;
      data = next;
      // The axis keeps the language it was created with, so a change of language needs a new plot.
      if (isSameKind && axis?.(1e5) === next.axis(1e5) && plot !== undefined) plot.setData(columnsOf(next));
      else redraw();
    },
    remove() {
      resizes.disconnect();
      dark.removeEventListener('change', redraw);
      plot?.destroy();
      plot = undefined;
    },
  };
}

const slotsOf = ({ values }: CurveData): number => Math.max(SLOTS_MIN, values.length);

/** Returns the series by hour slot; the target line also covers the hours to come. */
function columnsOf(data: CurveData): uPlot.AlignedData {
  const slots = Array.from({ length: slotsOf(data) }, (_, index) => index);
  return [slots, slots.map((index) => data.values[index] ?? null), slots.map(() => data.target ?? null)];
}

function plotOf(
  container: HTMLElement,
  data: CurveData,
  size: { readonly width: number; readonly height: number },
  onPoint: (index: number | undefined) => void,
): uPlot {
  const style = getComputedStyle(container);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const isBars = data.mode === 'hour';
  const slots = slotsOf(data);
  const options: uPlot.Options = {
    ...size,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { x: !isBars, y: false, drag: { x: false, y: false }, points: { show: !isBars } },
    scales: {
      x: { time: false, range: () => (isBars ? [-0.5, slots - 0.5] : [0, Math.max(1, slots - 1)]) },
      y: { range: (_, low, high) => yRange(low, high, data.target) },
    },
    axes: axesOf(data, slots, colour, style.fontFamily),
    series: seriesOf(data, isBars, colour),
    hooks: {
      setCursor: [
        (self) => {
          const index = self.cursor.idx;
          const isOnHour = typeof index === 'number' && index < data.hours.length;
          onPoint(isOnHour && (self.cursor.left ?? -1) >= 0 ? index : undefined);
        },
      ],
    },
  };
  return new uPlot(options, columnsOf(data), container);
}

type Colour = (name: string) => string;

function axesOf(data: CurveData, slots: number, colour: Colour, fontFamily: string): uPlot.Axis[] {
  // uPlot accepts whole pixels only.
  const axis = { stroke: colour('--muted'), font: `12px ${fontFamily}`, ticks: { show: false } };
  return [
    {
      ...axis,
      size: AXIS_HEIGHT_PX,
      space: TICK_SPACE_PX,
      grid: { show: false },
      splits: (self) => hourMarks(data.hours.length, self.width - AXIS_WIDTH_PX, slots),
      values: (_, marks) => marks.map((index) => data.hours[index] ?? ''),
    },
    {
      ...axis,
      size: AXIS_WIDTH_PX,
      space: 40,
      grid: { stroke: colour('--line'), width: 1 },
      values: (_, marks) => marks.map(data.axis),
    },
  ];
}

function seriesOf(data: CurveData, isBars: boolean, colour: Colour): uPlot.Series[] {
  const bars = uPlot.paths.bars?.({ size: [0.62, BAR_WIDTH_PX_MAX], radius: 0.18 });
  return [
    {},
    {
      stroke: colour('--accent'),
      fill: isBars ? colour('--accent') : colour('--accent-wash'),
      width: isBars ? 0 : 2,
      points: { show: !isBars && data.values.length < 3 },
      ...(isBars && bars !== undefined ? { paths: bars } : {}),
    },
    {
      stroke: colour('--muted'),
      width: 1.5,
      dash: [5, 4],
      points: { show: false },
      show: data.target !== undefined,
    },
  ];
}

/** Returns the range of the y axis. It always includes zero, without which bar lengths mislead; returns may go below it. */
function yRange(low: number | null, high: number | null, target: number | undefined): [number, number] {
  const top = Math.max(0, high ?? 0, target ?? 0);
  const bottom = Math.min(0, low ?? 0);
  const room = (top - bottom) * 0.08;
  return top === 0 && bottom === 0 ? [0, 1] : [bottom === 0 ? 0 : bottom - room, top + room];
}

/** Returns the indexes of the labelled hours: evenly spaced, as many as fit. */
function hourMarks(count: number, widthPx: number, slots: number): number[] {
  const step = Math.max(1, Math.ceil(TICK_SPACE_PX / (widthPx / slots)));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}
