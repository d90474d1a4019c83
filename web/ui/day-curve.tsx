/** Net sales of the day by hour, or as a running total against the target. The plot is loaded after the figures are shown. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FiguresResponse } from '#contracts/http/figures.ts';
import { kpiNames } from '../view/cards.ts';
import { bestHour, type CurvePoint, curvePoints, curveRows } from '../view/curve.ts';
import { forGeometry, formatAxis, formatMoney } from '../view/decimal.ts';
import type { Language, Words } from '../view/words.ts';
import type { CurvePlot } from './curve-plot.ts';

interface DayCurveProps {
  readonly response: FiguresResponse | undefined;
  readonly timeZone: string;
  readonly language: Language;
  readonly words: Words;
}

type CurveMode = 'hour' | 'running';

export function DayCurve({ response, timeZone, language, words }: DayCurveProps) {
  const mode = useSignal<CurveMode>('hour');
  const pointedIndex = useSignal<number | undefined>(undefined);
  const points = curvePoints(response, timeZone);
  const currency = response?.currency ?? '';
  const [, otherName] = kpiNames('netSales', language);
  const target = response?.total.figures['attainment']?.denominator ?? undefined;
  const shown = points[pointedIndex.value ?? points.length - 1];
  return (
    <section class="panel curve" aria-labelledby="curve-title">
      <div class="panel-head">
        <h2 id="curve-title">
          {words.dayCurve} <span class="kpi-other">{otherName}</span>
        </h2>
        <fieldset class="modes" aria-labelledby="curve-title">
          {(['hour', 'running'] as const).map((choice) => (
            <button
              key={choice}
              type="button"
              class="mode"
              aria-pressed={mode.value === choice}
              onClick={() => {
                mode.value = choice;
              }}
            >
              {choice === 'hour' ? words.byHour : words.runningTotal}
            </button>
          ))}
        </fieldset>
      </div>
      <p class="curve-value" aria-hidden="true">
        {shown === undefined ? '\u00A0' : valueText(shown, mode.value, currency)}
        {mode.value === 'running' && target !== undefined ? (
          <span class="curve-target">
            {words.target} {formatMoney(target, currency)}
          </span>
        ) : null}
      </p>
      {response !== undefined && points.length === 0 ? (
        <p class="empty curve-plot">{words.noHours}</p>
      ) : (
        <Plot
          points={points}
          mode={mode.value}
          target={mode.value === 'running' ? target : undefined}
          language={language}
          label={summaryOf(points, response, words)}
          onPoint={(index) => {
            pointedIndex.value = index;
          }}
        />
      )}
      <CurveTable points={points} currency={currency} words={words} />
    </section>
  );
}

const valueText = (point: CurvePoint, mode: CurveMode, currency: string): string =>
  `${point.hour} · ${formatMoney(mode === 'hour' ? point.amount : point.running, currency)}`;

function summaryOf(
  points: readonly CurvePoint[],
  response: FiguresResponse | undefined,
  words: Words,
): string {
  const best = bestHour(points);
  const last = points.at(-1);
  if (best === undefined || last === undefined || response === undefined) return words.noHours;
  const money = (amount: string) => formatMoney(amount, response.currency);
  return words.curveSummary(money(last.running), money(best.amount), best.hour);
}

interface PlotProps {
  readonly points: readonly CurvePoint[];
  readonly mode: CurveMode;
  readonly target: string | undefined;
  readonly language: Language;
  readonly label: string;
  readonly onPoint: (index: number | undefined) => void;
}

function Plot({ points, mode, target, language, label, onPoint }: PlotProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<CurvePlot | undefined>(undefined);
  const data = {
    mode,
    hours: points.map(({ hour }) => hour),
    values: points.map(({ amount, running }) => forGeometry(mode === 'hour' ? amount : running)),
    target: target === undefined ? undefined : forGeometry(target),
    axis: (value: number) => formatAxis(value, language),
  };
  const latest = useRef(data);
  latest.current = data;
  // Redraws only when the data changes: the page renders every two seconds, and the curve changes less often.
  const drawnKey = JSON.stringify([data.mode, data.hours, data.values, data.target, language]);

  useEffect(() => {
    let isUnmounted = false;
    void import('./curve-plot.ts').then(({ createCurvePlot }) => {
      if (isUnmounted || container.current === null) return;
      plot.current = createCurvePlot(container.current, onPoint);
      plot.current.draw(latest.current);
    });
    return () => {
      isUnmounted = true;
      plot.current?.remove();
      plot.current = undefined;
    };
  }, []);

  useEffect(() => plot.current?.draw(latest.current), [drawnKey]);

  return <div class="curve-plot" ref={container} role="img" aria-label={label} />;
}

/** The curve as a table, for screen readers. */
function CurveTable({
  points,
  currency,
  words,
}: {
  readonly points: readonly CurvePoint[];
  readonly currency: string;
  readonly words: Words;
}) {
  return (
    <table class="visually-hidden">
      <caption>{words.dayCurve}</caption>
      <thead>
        <tr>
          <th scope="col">{words.hour}</th>
          <th scope="col">{words.byHour}</th>
          <th scope="col">{words.runningTotal}</th>
        </tr>
      </thead>
      <tbody>
        {curveRows(points, currency).map(({ hour, amount, running }) => (
          <tr key={hour}>
            <th scope="row">{hour}</th>
            <td>{amount}</td>
            <td>{running}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
