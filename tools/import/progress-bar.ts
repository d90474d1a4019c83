/** How far an import is, for who watches: a bar that is redrawn on a terminal, a line now and then anywhere else. */
import type { Terminal } from '../command.ts';
import { formatDuration } from '../input/duration.ts';

export interface Reading {
  /** What is being done. */
  readonly doing: string;
  /** 0 … 1. */
  readonly fraction: number;
  /** How many things were settled in this run; undefined while none are. */
  readonly count?: number | undefined;
  /** What they are. */
  readonly things: string;
}

export interface Meter {
  /** Draws, if it is time to. */
  tick(reading: Reading): void;
  /** Says something between two drawings. */
  say(text: string): void;
  /** Ends the bar's line. */
  end(): void;
}

const BAR_CELLS = 24;
const DRAWN_EVERY_MS = 200;
const TOLD_EVERY_MS = 10_000;
/** Before this much is done, time left is a guess that helps nobody. */
const FRACTION_MIN = 0.01;

export function createMeter({ err, columns, nowMs }: Pick<Terminal, 'err' | 'columns' | 'nowMs'>): Meter {
  const isDrawn = columns !== undefined;
  const everyMs = isDrawn ? DRAWN_EVERY_MS : TOLD_EVERY_MS;
  let drawnAtMs = nowMs();
  let begun: { doing: string; atMs: number; fraction: number } | undefined;
  let hasLine = false;

  function textOf({ doing, fraction, count, things }: Reading): string {
    if (begun?.doing !== doing) begun = { doing, atMs: nowMs(), fraction };
    const passedMs = nowMs() - begun.atMs;
    const done = fraction - begun.fraction;
    const left = done < FRACTION_MIN ? '' : `, ${formatDuration((passedMs * (1 - fraction)) / done)} left`;
    const rate = count === undefined || passedMs === 0 ? '' : `, ${Math.round((count * 1_000) / passedMs)}/s`;
    const settled = count === undefined ? '' : `  ${count.toLocaleString('en')} ${things}`;
    return `${doing}  ${(fraction * 100).toFixed(1)} %${settled}${rate}${left}`;
  }

  return {
    tick(reading) {
      if (nowMs() - drawnAtMs < everyMs) return;
      drawnAtMs = nowMs();
      const text = textOf(reading);
      if (!isDrawn) return err(`${text}\n`);
      const full = Math.round(reading.fraction * BAR_CELLS);
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
      err(`\r\u001B[K${`${bar} ${text}`.slice(0, columns - 1)}`);
      hasLine = true;
    },
    say(text) {
      err(`${hasLine ? '\r\u001B[K' : ''}${text}\n`);
      hasLine = false;
    },
    end() {
      if (hasLine) err('\n');
      hasLine = false;
    },
  };
}
