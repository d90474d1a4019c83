/** Progress of an import: a bar redrawn in place on a terminal, a line every ten seconds in a pipe or a file. */
import type { Terminal } from '../command.ts';
import { formatDuration } from '../input/duration.ts';

export interface ProgressSample {
  /** The current phase, such as `posting`. */
  readonly phase: string;
  /** 0 … 1. */
  readonly fraction: number;
  /** Items done in this run; undefined in a phase that counts none. */
  readonly count?: number | undefined;
  /** Plural name of the items, such as `receipts`. */
  readonly unit: string;
}

export interface ProgressBar {
  /** Redraws the bar, at most once per interval. */
  update(sample: ProgressSample): void;
  /** Prints a line above the bar. */
  print(text: string): void;
  /** Ends the bar's line. */
  end(): void;
}

const BAR_CELLS = 24;
const REDRAW_EVERY_MS = 200;
const LINE_EVERY_MS = 10_000;
/** Below this fraction of the work, an estimate of the time left is too inaccurate to show. */
const FRACTION_MIN = 0.01;

/** Creates a progress bar on standard error of a terminal. */
export function createProgressBar({
  err,
  columns,
  nowMs,
}: Pick<Terminal, 'err' | 'columns' | 'nowMs'>): ProgressBar {
  const isBar = columns !== undefined;
  const everyMs = isBar ? REDRAW_EVERY_MS : LINE_EVERY_MS;
  let drawnAtMs = nowMs();
  let phaseStart: { phase: string; atMs: number; fraction: number } | undefined;
  let isLineOpen = false;

  function textOf({ phase, fraction, count, unit }: ProgressSample): string {
    if (phaseStart?.phase !== phase) phaseStart = { phase, atMs: nowMs(), fraction };
    const passedMs = nowMs() - phaseStart.atMs;
    const done = fraction - phaseStart.fraction;
    const left = done < FRACTION_MIN ? '' : `, ${formatDuration((passedMs * (1 - fraction)) / done)} left`;
    const rate = count === undefined || passedMs === 0 ? '' : `, ${Math.round((count * 1_000) / passedMs)}/s`;
    const items = count === undefined ? '' : `  ${count.toLocaleString('en')} ${unit}`;
    return `${phase}  ${(fraction * 100).toFixed(1)} %${items}${rate}${left}`;
  }

  return {
    update(sample) {
      if (nowMs() - drawnAtMs < everyMs) return;
      drawnAtMs = nowMs();
      const text = textOf(sample);
      if (!isBar) return err(`${text}\n`);
      const full = Math.round(sample.fraction * BAR_CELLS);
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
      err(`\r\u001B[K${`${bar} ${text}`.slice(0, columns - 1)}`);
      isLineOpen = true;
    },
    print(text) {
      err(`${isLineOpen ? '\r\u001B[K' : ''}${text}\n`);
      isLineOpen = false;
    },
    end() {
      if (isLineOpen) err('\n');
      isLineOpen = false;
    },
  };
}
