/**
 * The trust strip: how old the figures are, who has not reported, what is not in them. A figure that looks
 * exact and is silently short of a till does more harm than none.
 */
import type { FiguresAnswer } from '#contracts/figures.ts';
import { type ScopeDay, storeLabel } from './scopes.ts';
import { formatAge, type Language, type Words } from './words.ts';

/** Tills send within seconds; what is older than this may still be a quiet store, and may be a dead line. */
export const FRESH_MS_MAX = 60_000;

/** More names than this do not fit beside the count on a phone; the rest are in the details. */
const SILENT_NAMED_MAX = 3;

/** How the app stands with the service. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'retrying'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'signed out' };

type Tone = 'good' | 'warn' | 'bad' | 'calm';

export interface TrustView {
  readonly connection: { readonly tone: Tone; readonly text: string; readonly detail?: string };
  readonly age: { readonly tone: Tone; readonly text: string; readonly detail?: string };
  readonly tills: { readonly tone: Tone; readonly text: string; readonly silent?: string };
  readonly unknown: readonly string[];
  readonly excluded: readonly string[];
  readonly formulas: ReadonlyArray<{
    readonly name: string;
    readonly formula: string;
    readonly version: string;
  }>;
}

export interface TrustFacts {
  readonly answer: FiguresAnswer | undefined;
  readonly connection: Connection;
  /** When the last answer came, by the same clock as `nowMs`. */
  readonly heardAtMs: number | undefined;
  /** The service's clock, as far as the app knows it. */
  readonly nowMs: number;
  readonly day: ScopeDay | undefined;
}

export function trust(facts: TrustFacts, language: Language, words: Words): TrustView {
  const { answer, day } = facts;
  return {
    connection: connectionView(facts, words),
    age: ageView(facts, words),
    tills: tillsView(answer, words),
    unknown: unknownList(answer, day, language, words),
    excluded: [words.excludedGifts, words.excludedLate],
    formulas: Object.values(answer?.kpis ?? {}).map(({ en, zh, formula, formulaVersion }) => ({
      name: language === 'zh' ? `${zh} ${en}` : `${en} ${zh}`,
      formula,
      version: words.version(formulaVersion),
    })),
  };
}

/** Whether what is on the screen is no longer being kept up. */
export const isStill = ({ kind }: Connection): boolean => kind !== 'live' && kind !== 'connecting';

function connectionView(facts: TrustFacts, words: Words): TrustView['connection'] {
  const { connection, heardAtMs, nowMs } = facts;
  const heard = heardAtMs === undefined ? undefined : words.lastHeard(formatAge(nowMs - heardAtMs, words));
  const detail = (text: string | undefined) => (text === undefined ? {} : { detail: text });
  switch (connection.kind) {
    case 'live':
      return { tone: 'good', text: words.live };
    case 'connecting':
      return { tone: 'calm', text: words.connecting };
    case 'paused':
      return { tone: 'calm', text: words.paused, ...detail(heard) };
    case 'offline':
      return { tone: 'bad', text: words.offline, ...detail(heard) };
    case 'retrying':
      return { tone: 'bad', text: words.retrying, ...detail(heard ?? connection.detail) };
    case 'signed out':
      return { tone: 'bad', text: words.signedOut, ...detail(heard) };
    case 'refused':
      return { tone: 'bad', text: words.refused, detail: connection.detail };
  }
}

function ageView({ answer, nowMs }: TrustFacts, words: Words): TrustView['age'] {
  if (answer === undefined) return { tone: 'calm', text: words.loading };
  const asOfMs = answer.total.asOf === null ? Number.NaN : Date.parse(answer.total.asOf);
  if (Number.isNaN(asOfMs)) return { tone: 'calm', text: words.noReceipt };
  const ageMs = nowMs - asOfMs;
  const text = words.newestReceipt(formatAge(ageMs, words));
  return ageMs > FRESH_MS_MAX ? { tone: 'warn', text, detail: words.oldReceipt } : { tone: 'good', text };
}

function tillsView(answer: FiguresAnswer | undefined, words: Words): TrustView['tills'] {
  if (answer === undefined) return { tone: 'calm', text: NOT_HEARD };
  const { expected, reported, silent } = answer.total.completeness;
  if (expected === 0) return { tone: 'calm', text: words.noTills };
  const text = words.tills(reported, expected);
  if (reported >= expected) return { tone: 'good', text };
  if (silent === undefined || silent.length === 0)
    return { tone: 'warn', text, silent: words.silentCount(expected - reported) };
  const named = silent.slice(0, SILENT_NAMED_MAX).join(words.listComma);
  const left = silent.length - SILENT_NAMED_MAX;
  const names = left > 0 ? `${named} ${words.more(left)}` : named;
  return { tone: 'warn', text, silent: words.silent(names) };
}

const NOT_HEARD = '–/–';

function unknownList(
  answer: FiguresAnswer | undefined,
  day: ScopeDay | undefined,
  language: Language,
  words: Words,
): string[] {
  const unknown: string[] = [];
  if (answer !== undefined) {
    const { expected, reported, silent } = answer.total.completeness;
    if (silent !== undefined && silent.length > 0) {
      unknown.push(words.unknownTills(silent.join(words.listComma)));
    } else if (expected > reported) {
      unknown.push(words.unknownTillCount(expected - reported));
    }
  }
  if (day !== undefined && day.elsewhere.length > 0) {
    const stores = day.elsewhere.map((store) => storeLabel(store, language));
    unknown.push(words.otherDay(stores.join(words.listComma)));
  }
  return unknown.length > 0 ? unknown : [words.unknownNothing];
}
