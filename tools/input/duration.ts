/** Durations as operators type them: 24h, 30m, 45s, 7d, 0s. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import { usageError } from '../command.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const DURATION = /^(\d{1,6})([smhd])$/;

/**
 * Returns the milliseconds of a duration.
 *
 * @param option name of the command line option, for the message
 * @throws UserError (usage) where the text is not a duration
 */
export function readDurationMs(text: string, option: string): number {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const unitMs = UNITS_MS[unit ?? ''];
  if (count === undefined || unitMs === undefined) {
    throw usageError(`${option} must be a number followed by s, m, h or d, such as 24h; not "${text}"`);
  }
  return Number(count) * unitMs;
}

/** Returns a duration in its two largest units: 1h 02m, 3m 07s, 12s. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  const two = (number: number) => String(number).padStart(2, '0');
  if (seconds >= 3_600) return `${Math.floor(seconds / 3_600)}h ${two(Math.floor((seconds % 3_600) / 60))}m`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s` : `${seconds}s`;
}
