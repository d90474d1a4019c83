/**
 * The identifiers by which a customer can be recognised in any table, in the face collection or at the push service.
 *
 * The set only grows during an erasure. A phone may be linked and a push decided in the very minute of the request, so
 * identifiers are collected again until there is nothing new.
 */

/**
 * Kinds of identifiers: of the People table (`person`, `phone`, `member`, `device`), of the phone (`key` of its credential,
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

/** All identifiers of one customer, by kind; each list sorted and without repeats. Phones are in E.164. */
export type PersonalIdentifiers = Readonly<Record<TraceKind, readonly string[]>>;

export type PartialIdentifiers = { readonly [kind in TraceKind]?: readonly string[] };

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Returns the union of several sources. */
export const mergeIdentifiers = (...sources: readonly PartialIdentifiers[]): PersonalIdentifiers =>
  Object.fromEntries(
    TRACE_KINDS.map((kind) => [kind, sorted(sources.flatMap((traces) => traces[kind] ?? []))]),
  ) as Record<TraceKind, string[]>;

/** Returns the identifiers without those in `less`. */
export const withoutIdentifiers = (
  known: PersonalIdentifiers,
  less: PartialIdentifiers,
): PersonalIdentifiers =>
  Object.fromEntries(
    TRACE_KINDS.map((kind) => [kind, known[kind].filter((value) => !less[kind]?.includes(value))]),
  ) as Record<TraceKind, string[]>;

/** Reports whether the first has an identifier that the second has not. */
export const hasMore = (known: PersonalIdentifiers, than: PartialIdentifiers): boolean =>
  TRACE_KINDS.some((kind) => {
    const before = new Set(than[kind]);
    return known[kind].some((value) => !before.has(value));
  });
