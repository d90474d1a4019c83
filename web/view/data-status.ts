/**
 * The status of the data: connection, age of the figures, reporting tills, missing data. A figure that silently lacks a till
 * does more harm than no figure.
 */
import type { Completeness, FiguresResponse } from '#contracts/http/figures.ts';
import { type ScopeDay, storeLabel } from './scopes.ts';
import { formatAge, type Language, type Words } from './words.ts';

/** Tills send within seconds; beyond this age the store is quiet or its connection is down. */
export const FRESH_MS_MAX = 60_000;

/** More till names do not fit beside the count on a phone; the details list all. */
const SILENT_NAMED_MAX = 3;

/** The app's connection to the service. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'retrying'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly detail: string }
  | { readonly kind: 'signed out' };

type Tone = 'good' | 'warn' | 'bad' | 'calm';

export interface DataStatusView {
  readonly connection: { readonly tone: Tone; readonly text: string; readonly detail?: string };
  readonly age: { readonly tone: Tone; readonly text: string; readonly detail?: string };
  readonly tills: { readonly tone: Tone; readonly text: string; readonly silent?: string };
  readonly missing: readonly string[];
  readonly excluded: readonly string[];
  readonly formulas: ReadonlyArray<{
    readonly name: string;
    readonly formula: string;
    readonly version: string;
  }>;
}

export interface DataStatusInput {
  readonly response: FiguresResponse | undefined;
  readonly connection: Connection;
  /** When the last figures arrived, by the same clock as `nowMs`. */
  readonly updatedAtMs: number | undefined;
  /** The service's clock, estimated. */
  readonly nowMs: number;
  readonly day: ScopeDay | undefined;
}

/** Returns the texts and tones of the status bar and its details. */
export function dataStatus(input: DataStatusInput, language: Language, words: Words): DataStatusView {
  const { response, day } = input;
  return {
    connection: connectionView(input, words),
    age: ageView(input, words),
    tills: tillsView(response, words),
    missing: missingData(response, day, language, words),
    excluded: [words.excludedGifts, words.excludedLate],
    formulas: Object.values(response?.kpis ?? {}).map(({ en, zh, formula, formulaZh, formulaVersion }) => ({
      name: language === 'zh' ? `${zh} ${en}` : `${en} ${zh}`,
      formula: language === 'zh' ? formulaZh : formula,
      version: words.version(formulaVersion),
    })),
  };
}

/** Returns whether the figures on the screen are no longer updated. */
export const isStale = ({ kind }: Connection): boolean => kind !== 'live' && kind !== 'connecting';

function connectionView(input: DataStatusInput, words: Words): DataStatusView['connection'] {
  const { connection, updatedAtMs, nowMs } = input;
  const updated =
    updatedAtMs === undefined ? undefined : words.lastUpdate(formatAge(nowMs - updatedAtMs, words));
  const detail = (text: string | undefined) => (text === undefined ? {} : { detail: text });
  switch (connection.kind) {
    case 'live':
      return { tone: 'good', text: words.live };
    case 'connecting':
      return { tone: 'calm', text: words.connecting };
    case 'paused':
      return { tone: 'calm', text: words.paused, ...detail(updated) };
    case 'offline':
      return { tone: 'bad', text: words.offline, ...detail(updated) };
    case 'retrying':
      return { tone: 'bad', text: words.retrying, ...detail(updated ?? connection.detail) };
    case 'signed out':
      return { tone: 'bad', text: words.signedOut, ...detail(updated) };
    case 'rejected':
      return { tone: 'bad', text: words.rejected, detail: connection.detail };
  }
}

function ageView({ response, nowMs }: DataStatusInput, words: Words): DataStatusView['age'] {
  if (response === undefined) return { tone: 'calm', text: words.loading };
  const asOfMs = response.total.asOf === null ? Number.NaN : Date.parse(response.total.asOf);
  if (Number.isNaN(asOfMs)) return { tone: 'calm', text: words.noReceipt };
  const ageMs = nowMs - asOfMs;
  const text = words.latestReceipt(formatAge(ageMs, words));
  return ageMs > FRESH_MS_MAX
    ? { tone: 'warn', text, detail: words.noRecentReceipt }
    : { tone: 'good', text };
}

function tillsView(response: FiguresResponse | undefined, words: Words): DataStatusView['tills'] {
  if (response === undefined) return { tone: 'calm', text: TILLS_UNKNOWN };
  const { expected, reported, silent } = response.total.completeness;
  if (expected === 0) return { tone: 'calm', text: words.noTills };
  const text = words.tills(reported, expected);
  const { stores } = response.total.completeness;
  if (reported >= expected) return { tone: stores.summed < stores.expected ? 'warn' : 'good', text };
  if (silent === undefined || silent.length === 0)
    return { tone: 'warn', text, silent: words.silentCount(expected - reported) };
  const named = silent.slice(0, SILENT_NAMED_MAX).join(words.listComma);
  const left = silent.length - SILENT_NAMED_MAX;
  const names = left > 0 ? `${named} ${words.more(left)}` : named;
  return { tone: 'warn', text, silent: words.silent(names) };
}

/** Returns what is missing or contradictory beyond the tills: late sums, and sensors. */
function gapsOf(completeness: Completeness, words: Words): string[] {
  const { stores, disagreement, countingSensors, conflictingCounts, unmoving, buyers } = completeness;
  const gaps: string[] = [];
  if (stores.summed < stores.expected) gaps.push(words.storesNotSummed(stores.summed, stores.expected));
  if (disagreement !== undefined) {
    const { doorEntries, visits, transactions } = disagreement;
    gaps.push(words.disagreement(doorEntries, visits, transactions));
  }
  if (countingSensors !== undefined) gaps.push(words.countingTwice(countingSensors.join(words.listComma)));
  if (conflictingCounts !== undefined) gaps.push(words.conflictingCounts(conflictingCounts));
  if (unmoving !== undefined) gaps.push(words.unmoving(unmoving));
  if (buyers !== undefined && buyers.hoursNotCovered + buyers.aboveOne > 0)
    gaps.push(words.buyersLeftOut(buyers.hoursNotCovered, buyers.aboveOne));
  return gaps;
}

const TILLS_UNKNOWN = '–/–';

function missingData(
  response: FiguresResponse | undefined,
  day: ScopeDay | undefined,
  language: Language,
  words: Words,
): string[] {
  const missing: string[] = [];
  if (response !== undefined) {
    const { expected, reported, silent } = response.total.completeness;
    if (silent !== undefined && silent.length > 0) {
      missing.push(words.silentTillSales(silent.join(words.listComma)));
    } else if (expected > reported) {
      missing.push(words.silentTillCountSales(expected - reported));
    }
    missing.push(...gapsOf(response.total.completeness, words));
  }
  if (day !== undefined && day.onOtherDay.length > 0) {
    const stores = day.onOtherDay.map((store) => storeLabel(store, language));
    missing.push(words.otherDay(stores.join(words.listComma)));
  }
  return missing.length > 0 ? missing : [words.noMissingData];
}
