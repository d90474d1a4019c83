/**
 * Schemas of the values that many contracts share: ids, instants, business days, amounts, counts and scopes.
 *
 * The converter to JSON Schema cannot see a check in code; `jsonSchema` says the same in keywords, never more strictly.
 */
import * as v from 'valibot';
import {
  type BusinessDay,
  type LocalTime,
  parseBusinessDay,
  parseLocalTime,
} from '#domain/chain/business-day.ts';
import { isForeignId, isPlaceId } from '#domain/chain/ids.ts';
import { parseAmount } from '#domain/chain/money.ts';
import { parseScope } from '#domain/chain/staff-scope.ts';

const NOT_A_TEXT = 'must be a text';

/** Returns metadata with keywords of JSON Schema; they replace what the converter derives. */
export const jsonSchema = <Input>(
  keywords: Readonly<Record<string, unknown>>,
): v.MetadataAction<Input, Readonly<Record<string, unknown>>> => v.metadata(keywords);

/** Returns metadata with examples as a sender writes them, before any transformation. */
export const examples = <Input>(
  ...values: readonly unknown[]
): v.MetadataAction<Input, { examples: readonly unknown[] }> => v.metadata({ examples: values });

/** Returns the schema of a non-empty id of a message between functions. */
export const idText = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.transform((id) => id as Id),
  );

/** The pattern of an id that the chain gives: a store, a sensor, a zone, a campaign. */
export const PLACE_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';

/** Returns the schema of an id that the chain gives: a store, a sensor, a zone. `missing` is the message for no text. */
export const placeId = <Id extends string>(
  message = 'must be 1 to 64 letters, digits, dots, dashes or underscores',
  missing = NOT_A_TEXT,
) =>
  v.pipe(
    v.string(missing),
    v.check(isPlaceId, message),
    v.transform((id) => id as Id),
    jsonSchema({ pattern: PLACE_ID_PATTERN }),
  );

/** Returns the schema of an id that another system gives: a till, a product, a member. */
export const foreignId = <Id extends string = string>(
  message = 'must be 1 to 64 characters without control characters, # or outer spaces',
) =>
  v.pipe(
    v.string(NOT_A_TEXT),
    v.check(isForeignId, message),
    v.transform((id) => id as Id),
    jsonSchema({ minLength: 1, maxLength: 64, pattern: '^[^#\\s](?:[^#]*[^#\\s])?$' }),
  );

/** Returns the schema of a day of the calendar. `missing` is the message for no text. */
export const businessDay = (missing = NOT_A_TEXT) =>
  v.pipe(
    v.string(missing),
    v.rawTransform(({ dataset, addIssue, NEVER }): BusinessDay => {
      const day = parseBusinessDay(dataset.value);
      if (day !== undefined) return day;
      addIssue({ message: 'must be a business day: YYYY-MM-DD' });
      return NEVER;
    }),
    jsonSchema({ format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  );

/** Returns the schema of an RFC 3339 text with a zone and at most `digitsMax` digits of a second. */
export const zonedTime = (digitsMax: number) => {
  const pattern = `^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,${digitsMax}})?(?:Z|[+-]\\d{2}:\\d{2})$`;
  const withZone = new RegExp(pattern);
  return v.pipe(
    v.string(NOT_A_TEXT),
    v.check(
      // Date.parse reads the 30th of February as the 2nd of March.
      (text) => withZone.test(text) && parseLocalTime(text, 'UTC') !== undefined,
      'must be a time with its zone: 2026-11-22T10:03:12+08:00',
    ),
    jsonSchema({ format: 'date-time', pattern, examples: ['2026-11-22T10:03:12+08:00'] }),
  );
};

/** Returns the schema of an RFC 3339 text with a zone, parsed to milliseconds since 1970. */
export const instantMs = () => v.pipe(zonedTime(9), v.transform(Date.parse));

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?([+-])(\d{2}):(\d{2})$/;

/** Returns the schema of a local time with the offset of its store, as `formatLocalTime` prints it. */
export const localTime = () =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): LocalTime => {
      const match = WITH_OFFSET.exec(dataset.value);
      const instantMs = Date.parse(dataset.value);
      if (match !== null && !Number.isNaN(instantMs)) {
        const size = Number(match[2]) * 60 + Number(match[3]);
        return { instantMs, offsetMinutes: match[1] === '-' && size !== 0 ? -size : size };
      }
      addIssue({ message: 'must be a local time with its offset' });
      return NEVER;
    }),
  );

/** Returns the schema of an exact amount, written as a text: "12.3456". */
export const amountText = () =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const parsed = parseAmount(dataset.value);
      if (parsed !== undefined) return parsed;
      addIssue({ message: 'must be an amount' });
      return NEVER;
    }),
  );

/** Whole milliseconds since 1970. */
export const wholeMs = v.pipe(v.number(), v.safeInteger());

/** A whole number from 0. */
export const count = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value), 'must be a whole number'),
  v.minValue(0),
  jsonSchema({ type: 'integer' }),
);

/** Returns the schema of an optional page size of a query, from 1 to `max`. */
export const pageSize = (max: number, fallback: number, description: string) =>
  v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.check((text) => /^\d{1,4}$/.test(text), 'must be a whole number'),
        v.transform(Number),
        v.minValue(1, 'must be at least 1'),
        v.maxValue(max, `must be at most ${max}`),
      ),
      String(fallback),
    ),
    v.description(description),
    // In a URL everything is a text; this one is a whole number.
    jsonSchema({
      type: 'integer',
      minimum: 1,
      maximum: max,
      default: fallback,
      examples: [Math.min(20, max)],
    }),
  );

/** The pattern of a scope: the chain, a region, a city or a store. */
export const SCOPE_PATTERN = '^(?:chain|(?:store|city|region):[A-Za-z0-9][A-Za-z0-9._-]{0,63})$';

/** Returns the schema of a scope that stays a text. `missing` is the message for no text. */
export const scopeText = (missing = NOT_A_TEXT) =>
  v.pipe(
    v.string(missing),
    v.check((text) => parseScope(text) !== undefined, 'must be store:<id>, city:<id>, region:<id> or chain'),
    jsonSchema({ pattern: SCOPE_PATTERN }),
  );

/** A text without control characters and broken UTF-8. */
export const WELL_FORMED = /^[^\p{Cc}\p{Cs}\uFFFD]*$/u;
