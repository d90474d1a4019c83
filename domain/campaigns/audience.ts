/**
 * The customers that a campaign is for, as a CEL expression over the profile:
 * `buys >= 2 && lastBuyDays <= 60 && !("A1" in products)`.
 *
 * Staff write it, and it is evaluated for every customer near a store, so as much as possible is checked when it is saved:
 * an unknown field, a text compared with a number, a result that is not boolean. Only what CEL itself leaves to run time
 * remains: division by 0, whole numbers beyond 64 bits, an index outside a list.
 *
 * Every audience terminates quickly. CEL has neither recursion nor loops except over a list, and `audience-analysis.ts`
 * accepts only the part of the language whose steps it can bound. `matches` is left out: a JavaScript regular expression
 * may backtrack for ever over forty letters.
 */
import { Environment } from '@marcbachmann/cel-js';
import { type FieldType, PROFILE_FIELDS, type Profile } from '../people/customers/profile.ts';
import { type AudienceFault, analyseAudience, NO_LOOP_VARIABLE } from './audience-analysis.ts';

/** Characters of an audience's expression. */
export const AUDIENCE_LENGTH_MAX = 2_000;
/** At most a millisecond: a step takes 2 to 50 ns (`npm run bench:cel`). */
export const AUDIENCE_STEPS_MAX = 20_000;
const NODES_MAX = 500;
const DEPTH_MAX = 40;
const LIST_LENGTH_MAX = 200;

export interface Audience {
  readonly text: string;
  /** The profile fields that it reads. */
  readonly fields: ReadonlyArray<keyof Profile>;
  /** Steps that it takes at most, for any profile. */
  readonly stepsMax: number;
  /** Whether a profile is in it; unreadable where the evaluation fails for this profile. */
  readonly isIn: (profile: Profile) => boolean | UnreadableAudience;
}

export type CompiledAudience =
  | { readonly kind: 'compiled'; readonly audience: Audience }
  | { readonly kind: 'faulty'; readonly faults: readonly AudienceFault[] };

export interface UnreadableAudience {
  readonly kind: 'unreadable';
  readonly why: string;
}

const environment = Object.entries(PROFILE_FIELDS).reduce(
  (declared, [name, { type }]) => declared.registerVariable(name, type),
  new Environment({
    limits: {
      maxAstNodes: NODES_MAX,
      maxDepth: DEPTH_MAX,
      maxListElements: LIST_LENGTH_MAX,
      maxCallArguments: 3,
    },
  }),
);

/** Compiles an expression into an audience that can be evaluated for any profile, or returns its faults. */
export function compileAudience(text: string): CompiledAudience {
  if (text.length > AUDIENCE_LENGTH_MAX)
    return faulty({
      start: AUDIENCE_LENGTH_MAX,
      end: text.length,
      message: `must not be longer than ${AUDIENCE_LENGTH_MAX} characters`,
    });
  if (text.trim() === '')
    return faulty({ start: 0, end: 0, message: 'is empty; write true to include all customers' });
  let parsed: ReturnType<typeof environment.parse>;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return faulty(faultOf(error, text));
  }
  const { faults, fields, stepsMax } = analyseAudience(parsed.ast);
  if (faults.length > 0) return faulty(...faults);
  if (stepsMax > AUDIENCE_STEPS_MAX)
    return faulty({
      start: 0,
      end: text.length,
      message: `may take ${stepsMax} steps for one customer, more than the limit of ${AUDIENCE_STEPS_MAX}: do less for each item of a list`,
    });
  const checked = parsed.check();
  if (!checked.valid) return faulty(faultOf(checked.error, text));
  if (checked.type !== 'bool')
    return faulty({
      start: 0,
      end: text.length,
      message: `must evaluate to true or false, but evaluates to ${checked.type ?? 'something else'}`,
    });
  return {
    kind: 'compiled',
    audience: {
      text,
      fields,
      stepsMax,
      isIn: (profile) => evaluate(parsed, fields, profile),
    },
  };
}

function evaluate(
  parsed: (fields: Readonly<Record<string, unknown>>) => unknown,
  names: ReadonlyArray<keyof Profile>,
  profile: Profile,
): boolean | UnreadableAudience {
  const fields: Record<string, unknown> = {};
  for (const name of names) fields[name] = celOf(PROFILE_FIELDS[name].type, profile[name]);
  let result: unknown;
  try {
    result = parsed(fields);
  } catch (error) {
    return { kind: 'unreadable', why: summaryOf(error) };
  }
  return typeof result === 'boolean'
    ? result
    : { kind: 'unreadable', why: 'evaluates to neither true nor false' };
}

/** CEL's integers have 64 bits, which in JavaScript only a bigint holds. */
const celOf = (type: FieldType, value: Profile[keyof Profile]): unknown =>
  type === 'int' ? BigInt(Math.trunc(Number(value))) : value;

const faulty = (...faults: readonly AudienceFault[]): CompiledAudience => ({ kind: 'faulty', faults });

/** The evaluator's errors have a range; any other error concerns the whole text. */
function faultOf(error: unknown, text: string): AudienceFault {
  const start = rangeOf(error)?.start ?? 0;
  return {
    start,
    end: Math.max(start, rangeOf(error)?.end ?? text.length),
    message: explained(summaryOf(error)),
  };
}

/** Explains the most frequent errors so that staff can correct them. */
function explained(error: string): string {
  if (/^no such overload: (?:int \S+ double|double \S+ int)$/.test(error))
    return `${error}: integers and decimals can only be compared with <, <=, > and >=; write 500.0 for 500, or double(buys)`;
  if (/^Exceeded max(?:AstNodes|ListElements)/.test(error)) return `is too long: ${error}`;
  if (/^Exceeded maxDepth/.test(error)) return `has too many brackets or dots within each other: ${error}`;
  if (/invalid predicate iteration variable$/.test(error)) return NO_LOOP_VARIABLE;
  return error === 'Unexpected token: EOF' ? 'ends too early' : error;
}

function rangeOf(error: unknown): { readonly start: number; readonly end: number } | undefined {
  if (!(error instanceof Error) || !('range' in error)) return undefined;
  const { range } = error;
  return typeof range === 'object' && range !== null && 'start' in range && 'end' in range
    ? { start: Number(range.start), end: Number(range.end) }
    : undefined;
}

const summaryOf = (error: unknown): string =>
  error instanceof Error ? ('summary' in error ? String(error.summary) : error.message) : String(error);
