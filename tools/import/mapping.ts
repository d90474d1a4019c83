/**
 * The mapping file: how a till's CSV becomes receipts, as JSON that an operator writes once per kind of till. It is
 * validated as a whole when it is read, and its column names against the CSV's header before the first row is sent.
 */
import * as v from 'valibot';
import { UserError } from '../command.ts';

/** One value of a row: a column's name, or a specification. */
export type Source = string | SourceSpec;

export interface SourceSpec {
  /** The same text for all rows. */
  readonly constant?: string | undefined;
  readonly column?: string | undefined;
  /** Several columns, concatenated. */
  readonly columns?: string[] | undefined;
  /** Separates the columns; a space by default. */
  readonly separator?: string | undefined;
  /** Name of the joined table that the columns belong to. */
  readonly join?: string | undefined;
  /** A regular expression: its first group (or the whole match) is the value, empty where it does not match. */
  readonly extract?: string | undefined;
  /** Converts the value to the id of a place: `United Kingdom` → `united-kingdom`. */
  readonly slug?: boolean | undefined;
  /** Translates values. */
  readonly values?: Record<string, string> | undefined;
  /** Replaces an empty value, or one that `values` or the joined table does not contain. */
  readonly otherwise?: string | undefined;
}

export type Condition =
  | { readonly all: Condition[] }
  | { readonly any: Condition[] }
  | { readonly not: Condition }
  | {
      readonly of: Source;
      readonly matches?: string | undefined;
      readonly equals?: string | undefined;
      readonly below?: number | undefined;
      readonly above?: number | undefined;
      readonly empty?: boolean | undefined;
    };

const regularExpression = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      new RegExp(text, 'u');
      return true;
    } catch {
      return false;
    }
  }, 'is not a regular expression'),
);

const Source: v.GenericSchema<Source> = v.union(
  [
    v.pipe(v.string(), v.minLength(1, 'must name a column')),
    v.pipe(
      v.strictObject({
        constant: v.optional(v.string()),
        column: v.optional(v.string()),
        columns: v.optional(v.array(v.string())),
        separator: v.optional(v.string()),
        join: v.optional(v.string()),
        extract: v.optional(regularExpression),
        slug: v.optional(v.boolean()),
        values: v.optional(v.record(v.string(), v.string())),
        otherwise: v.optional(v.string()),
      }),
      v.check(
        ({ constant, column, columns }) =>
          [constant, column, columns].filter((one) => one !== undefined).length === 1,
        'must have exactly one of constant, column and columns',
      ),
    ),
  ],
  'must be a column, or an object with constant, column or columns (and separator, join, extract, slug, values, otherwise)',
);

const Condition: v.GenericSchema<Condition> = v.lazy(() =>
  v.union(
    [
      v.strictObject({ all: v.array(Condition) }),
      v.strictObject({ any: v.array(Condition) }),
      v.strictObject({ not: Condition }),
      v.pipe(
        v.strictObject({
          of: Source,
          matches: v.optional(regularExpression),
          equals: v.optional(v.string()),
          below: v.optional(v.number()),
          above: v.optional(v.number()),
          empty: v.optional(v.boolean()),
        }),
        v.check(
          ({ of: _, ...tests }) => Object.values(tests).some((test) => test !== undefined),
          'must have at least one of matches, equals, below, above and empty',
        ),
      ),
    ],
    'must be { "of": source, "matches" | "equals" | "below" | "above" | "empty": … }, or all, any or not of conditions',
  ),
);

const csv = v.strictObject({
  delimiter: v.optional(v.string(), ','),
  quote: v.optional(v.nullable(v.pipe(v.string(), v.length(1))), '"'),
  encoding: v.optional(
    v.pipe(
      v.string(),
      v.check((name) => {
        try {
          new TextDecoder(name);
          return true;
        } catch {
          return false;
        }
      }, 'is not a supported encoding, such as utf-8, latin1, gbk, gb18030, big5 or shift_jis'),
    ),
    'utf-8',
  ),
  /** `true`, or the column names of a file without a header. */
  header: v.optional(v.union([v.literal(true), v.array(v.string())]), true),
});

export type CsvFormat = v.InferOutput<typeof csv>;

export const Mapping = v.strictObject({
  $comment: v.optional(v.string()),
  csv: v.optional(csv, {}),
  joins: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        /** Path relative to the CSV's folder. */
        file: v.string(),
        /** The key column of the joined table. */
        key: v.string(),
        /** The value of a row that is looked up in the key column. */
        by: Source,
        csv: v.optional(csv, {}),
      }),
    ),
    {},
  ),
  numbers: v.optional(
    v.pipe(
      v.strictObject({
        decimal: v.optional(v.picklist(['.', ','])),
        thousands: v.optional(v.picklist([',', '.', ' ', "'"])),
      }),
      v.check(({ decimal = '.', thousands }) => decimal !== thousands, 'decimal and thousands must differ'),
    ),
    {},
  ),
  times: v.optional(
    v.strictObject({
      /** One format, or several, of which the first that matches a cell applies. */
      format: v.optional(
        v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
        'YYYY-MM-DD HH:mm:ss',
      ),
      /** Time of day for a format without one. */
      timeOfDay: v.optional(
        v.pipe(v.string(), v.regex(/^\d{2}:\d{2}:\d{2}$/, 'must be HH:mm:ss')),
        '12:00:00',
      ),
      /** Rows before this time of day belong to the receipts of the day before. */
      dayCut: v.optional(v.pipe(v.string(), v.regex(/^\d{2}:\d{2}$/, 'must be HH:mm')), '04:00'),
    }),
    {},
  ),
  /** Merged cells: blank cells of a receipt's columns take the value of the row above. */
  fillDown: v.optional(v.boolean(), false),
  /** Rows with equal values here, of one store, till and business day, are one receipt; without it, every row is a receipt. */
  receiptBy: v.optional(v.pipe(v.array(Source), v.minLength(1))),
  /** Which row's time is the closing time: the receipt's first row in the file, or its last. */
  closesWith: v.optional(v.picklist(['first', 'last']), 'last'),
  skip: v.optional(v.array(v.strictObject({ reason: v.string(), when: Condition })), []),
  /** Matches return rows, whatever sign the till gives them. */
  isReturn: v.optional(Condition),
  receipt: v.strictObject({
    store: Source,
    till: Source,
    receiptNo: Source,
    closedAt: Source,
    businessDay: v.optional(Source),
    currency: v.optional(Source),
    cashier: v.optional(Source),
    phone: v.optional(Source),
    memberNo: v.optional(Source),
    voids: v.optional(Source),
    discount: v.optional(Source),
    payments: v.optional(v.array(v.strictObject({ method: Source, amount: Source }))),
  }),
  line: v.pipe(
    v.strictObject({
      product: Source,
      name: v.optional(Source),
      kind: v.optional(Source),
      quantity: Source,
      unit: v.optional(Source),
      unitPrice: v.optional(Source),
      amount: v.optional(Source),
      discount: v.optional(Source),
      scannedAt: v.optional(Source),
    }),
    v.check(
      ({ unitPrice, amount }) => unitPrice !== undefined || amount !== undefined,
      'must have a unitPrice or an amount',
    ),
  ),
});

export type Mapping = v.InferOutput<typeof Mapping>;

/**
 * Validates a mapping that was read as JSON.
 *
 * @param name of the file, for the message
 * @throws UserError that lists every error with its path
 */
export function parseMapping(json: unknown, name: string): Mapping {
  const parsed = v.safeParse(Mapping, json);
  if (parsed.success) return parsed.output;
  const errors = parsed.issues.map((issue) => {
    const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
    return `  ${v.getDotPath(issue) ?? '(the file)'}: ${isUnknown ? 'unknown field' : issue.message}`;
  });
  throw new UserError(`${name} is not a valid mapping:\n${errors.join('\n')}`);
}
