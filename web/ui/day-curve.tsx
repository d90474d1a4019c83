/** The day hour by hour, or added up against the target. The drawing itself is loaded after the figures are up. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FiguresAnswer } from '#contracts/figures.ts';
import { kpiNames } from '../view/cards.ts';
import { bestHour, type CurvePoint, curvePoints, curveRows } from '../view/curve.ts';
import { forGeometry, formatAxis, formatMoney } from '../view/decimal.ts';
import type { Language, Words } from '../view/words.ts';
import type { CurvePlot } from './curve-plot.ts';

interface DayCurveProps {
  readonly answer: FiguresAnswer | undefined;
  readonly timeZone: string;
  readonly language: Language;
  readonly words: Words;
}

type Way = 'hour' | 'running';

export function DayCurve({ answer, timeZone, language, words }: DayCurveProps) {
  const way = useSignal<Way>('hour');
  const pointed = useSignal<number | undefined>(undefined);
  const points = curvePoints(answer, timeZone);
  const currency = answer?.currency ?? '';
  const [, otherName] = kpiNames('netSales', language);
  const target = answer?.total.figures['attainment']?.denominator ?? undefined;
  const read = points[pointed.value ?? points.length - 1];
  return (
    <section class="panel curve" aria-labelledby="curve-title">
      <div class="panel-head">
        <h2 id="curve-title">
          {words.dayCurve} <span class="kpi-other">{otherName}</span>
        </h2>
        <fieldset class="ways" aria-labelledby="curve-title">
          {(['hour', 'running'] as const).map((choice) => (
            <button
              key={choice}
              type="button"
              class="way"
              aria-pressed={way.value === choice}
              onClick={() => {
                way.value = choice;
              }}
            >
              {choice === 'hour' ? words.byHour : words.runningTotal}
            </button>
          ))}
        </fieldset>
      </div>
      <p class="curve-read" aria-hidden="true">
        {read === undefined ? '\u00A0' : readOut(read, way.value, currency)}
        {way.value === 'running' && target !== undefined ? (
          <span class="curve-target">
            {words.target} {formatMoney(target, currency)}
          </span>
        ) : null}
      </p>
      {answer !== undefined && points.length === 0 ? (
        <p class="empty curve-plot">{words.noHours}</p>
      ) : (
        <Plot
          points={points}
          way={way.value}
          target={way.value === 'running' ? target : undefined}
          language={language}
          label={summaryOf(points, answer, words)}
          onPoint={(index) => {
            pointed.value = index;
          }}
        />
      )}
      <CurveTable points={points} currency={currency} words={words} />
    </section>
  );
}

const readOut = (point: CurvePoint, way: Way, currency: string): string =>
  `${point.hour} · ${formatMoney(way === 'hour' ? point.amount : point.running, currency)}`;

function summaryOf(points: readonly CurvePoint[], answer: FiguresAnswer | undefined, words: Words): string {
  const best = bestHour(points);
  const last = points.at(-1);
  if (best === undefined || last === undefined || answer === undefined) return words.noHours;
  const money = (amount: string) => formatMoney(amount, answer.currency);
  return words.curveSummary(money(last.running), money(best.amount), best.hour);
}

interface PlotProps {
  readonly points: readonly CurvePoint[];
  readonly way: Way;
  readonly target: string | undefined;
  readonly language: Language;
  readonly label: string;
  readonly onPoint: (index: number | undefined) => void;
}

function Plot({ points, way, target, language, label, onPoint }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<CurvePlot | undefined>(undefined);
  const wanted = {
    way,
    hours: points.map(({ hour }) => hour),
    values: points.map(({ amount, running }) => forGeometry(way === 'hour' ? amount : running)),
    target: target === undefined ? undefined : forGeometry(target),
    axis: (value: number) => formatAxis(value, language),
  };
  const latest = useRef(wanted);
  latest.current = wanted;
  // What is drawn is told apart by its data: the page renders every two seconds and the curve changes less often.
  const drawn = JSON.stringify([wanted.way, wanted.hours, wanted.values, wanted.target, language]);

  useEffect(() => {
    let isGone = false;
    void import('./curve-plot.ts').then(({ plotInto }) => {
      if (isGone || place.current === null) return;
      plot.current = plotInto(place.current, onPoint);
      plot.current.draw(latest.current);
    });
    return () => {
      isGone = true;
      plot.current?.remove();
      plot.current = undefined;
    };
  }, []);

  useEffect(() => plot.current?.draw(latest.current), [drawn]);

  return <div class="curve-plot" ref={place} role="img" aria-label={label} />;
}

/** The curve for whoever does not see it. */
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
    <table class="said">
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
