/**
 * The drawing of the day's curve, over uPlot. It lives in a file of its own because it is loaded on its own: the
 * figures are on the screen before the first line of it has come over a shop's line.
 */
import uPlot from 'uplot';

interface CurveData {
  readonly way: 'hour' | 'running';
  readonly hours: readonly string[];
  readonly values: readonly number[];
  readonly target: number | undefined;
  readonly axis: (value: number) => string;
}

export interface CurvePlot {
  draw(data: CurveData): void;
  remove(): void;
}

/** A morning's two bars shall not fill the width of the whole day. */
const SLOTS_MIN = 10;

const BAR_WIDTH_PX_MAX = 44;
const AXIS_WIDTH_PX = 46;
const AXIS_HEIGHT_PX = 26;
const TICK_SPACE_PX = 52;

export function plotInto(place: HTMLElement, onPoint: (index: number | undefined) => void): CurvePlot {
  let plot: uPlot | undefined;
  let data: CurveData | undefined;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const sizeOf = () => ({ width: place.clientWidth, height: place.clientHeight });
  const redraw = () => {
    plot?.destroy();
    plot =
      data === undefined || data.values.length === 0 ? undefined : plotOf(place, data, sizeOf(), onPoint);
  };
  const resized = new ResizeObserver(() => plot?.setSize(sizeOf()));
  resized.observe(place);
  dark.addEventListener('change', redraw);

  return {
    draw(next) {
      const isSameKind =
        plot !== undefined && data?.way === next.way && data.hours.length === next.hours.length;
      const axis = data?.axis;
      data = next;
      // The axis speaks the language it was made with.
      if (isSameKind && axis?.(1e5) === next.axis(1e5) && plot !== undefined) plot.setData(columnsOf(next));
      else redraw();
    },
    remove() {
      resized.disconnect();
      dark.removeEventListener('change', redraw);
      plot?.destroy();
      plot = undefined;
    },
  };
}

const slotsOf = ({ values }: CurveData): number => Math.max(SLOTS_MIN, values.length);

/** The target reaches over the hours to come as well, in which there is nothing else yet. */
function columnsOf(data: CurveData): uPlot.AlignedData {
  const places = Array.from({ length: slotsOf(data) }, (_, index) => index);
  return [places, places.map((index) => data.values[index] ?? null), places.map(() => data.target ?? null)];
}

function plotOf(
  place: HTMLElement,
  data: CurveData,
  size: { readonly width: number; readonly height: number },
  onPoint: (index: number | undefined) => void,
): uPlot {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  // uPlot scales whole pixels only.
  const font = `12px ${style.fontFamily}`;
  const isBars = data.way === 'hour';
  const axis = { stroke: colour('--quiet'), font, ticks: { show: false } };
  const slots = slotsOf(data);
  const bars = uPlot.paths.bars?.({ size: [0.62, BAR_WIDTH_PX_MAX], radius: 0.18 });
  const options: uPlot.Options = {
    ...size,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { x: !isBars, y: false, drag: { x: false, y: false }, points: { show: !isBars } },
    scales: {
      x: { time: false, range: () => (isBars ? [-0.5, slots - 0.5] : [0, Math.max(1, slots - 1)]) },
      y: { range: (_, low, high) => yRange(low, high, data.target) },
    },
    axes: [
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
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        fill: isBars ? colour('--accent') : colour('--accent-wash'),
        width: isBars ? 0 : 2,
        points: { show: !isBars && data.values.length < 3 },
        ...(isBars && bars !== undefined ? { paths: bars } : {}),
      },
      {
        stroke: colour('--quiet'),
        width: 1.5,
        dash: [5, 4],
        points: { show: false },
        show: data.target !== undefined,
      },
    ],
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
  return new uPlot(options, columnsOf(data), place);
}

/** Zero is always in sight: bars that begin elsewhere lie. A day of returns goes below it. */
function yRange(low: number | null, high: number | null, target: number | undefined): [number, number] {
  const top = Math.max(0, high ?? 0, target ?? 0);
  const bottom = Math.min(0, low ?? 0);
  const room = (top - bottom) * 0.08;
  return top === 0 && bottom === 0 ? [0, 1] : [bottom === 0 ? 0 : bottom - room, top + room];
}

/** Which hours are named: as many as fit, evenly. */
function hourMarks(count: number, widthPx: number, slots: number): number[] {
  const step = Math.max(1, Math.ceil(TICK_SPACE_PX / (widthPx / slots)));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}
