/**
 * Forgetting a person: everything by which they can be known again, gathered before any of it is deleted, because after
 * that nothing is left to say what to search for.
 *
 * What is known only ever grows while somebody is being forgotten. A phone may be bound and a push decided in the very
 * minute in which they ask; whoever forgets gathers again, and goes on only once there is nothing new.
 */

/**
 * What a trace may be: of the table of people (`person`, `phone`, `member`, `device`), of the phone (`key` of its credential,
 * `endpoint` at the push service, `token` of a push's link), and of faces (`user` of the collection, `visitor`, `face`).
 */
export const TRACE_KINDS = [
  'person',
  'phone',
  'member',
  'device',
  'key',
  'endpoint',
  'token',
  'user',
  'visitor',
  'face',
] as const;
export type TraceKind = (typeof TRACE_KINDS)[number];

/** All that is known of one person, by kind; each list sorted and without repeats. Phones are in E.164. */
export type PersonalIdentifiers = Readonly<Record<TraceKind, readonly string[]>>;

export type SomeIdentifiers = { readonly [kind in TraceKind]?: readonly string[] };

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** What several sources know together. */
export const mergeIdentifiers = (...sources: readonly SomeIdentifiers[]): PersonalIdentifiers =>
  Object.fromEntries(
    TRACE_KINDS.map((kind) => [kind, sorted(sources.flatMap((traces) => traces[kind] ?? []))]),
  ) as Record<TraceKind, string[]>;

/** What is known but for some of it. */
export const withoutIdentifiers = (known: PersonalIdentifiers, less: SomeIdentifiers): PersonalIdentifiers =>
  Object.fromEntries(
    TRACE_KINDS.map((kind) => [kind, known[kind].filter((value) => !less[kind]?.includes(value))]),
  ) as Record<TraceKind, string[]>;

/** Whether the first says anything that the second does not. */
export const hasMore = (known: PersonalIdentifiers, than: SomeIdentifiers): boolean =>
  TRACE_KINDS.some((kind) => {
    const before = new Set(than[kind]);
    return known[kind].some((value) => !before.has(value));
  });

/** `asked`: nothing is deleted yet. `incomplete`: everything was deleted and something was found all the same; it is tried again. */
export const ERASURE_STATES = ['asked', 'erasing', 'incomplete', 'done'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

const ERASURE_ID = /^e\.[0-9a-z]{26}$/;
export const isErasureId = (text: string): boolean => ERASURE_ID.test(text);

/** One place that was searched, and what was found there by the last search. */
export interface SearchedPlace {
  /** `table Facts`, `faces of the collection` … */
  readonly place: string;
  /** Rows, faces, phones. */
  readonly lookedAt: number;
  readonly found: number;
  /** What earlier searches found behind the first deletion, and removed. */
  readonly sweptUp: number;
  /** Kinds of rows that were found and could not be removed. Never an identifier. */
  readonly kinds: readonly string[];
}
