/**
 * How a till's CSV becomes receipts, as a small JSON file that a person writes once per kind of till. Checked
 * whole when it is read, and every name in it against the CSV's own columns, before the first row is sent.
 */
import * as v from 'valibot';
import { UserError } from '../command.ts';

/** One value of a row: a column by its name, or more exactly told. */
export type Source = string | SourceSpec;

export interface SourceSpec {
  /** A text that is the same for all rows. */
  readonly constant?: string | undefined;
  readonly column?: string | undefined;
  /** Several columns, put together. */
  readonly columns?: string[] | undefined;
  /** What stands between them; a space where left out. */
  readonly separator?: string | undefined;
  /** The columns are those of this joined table. */
  readonly join?: string | undefined;
  /** A regular expression: its first group (or all it matches) is the value; nothing where it does not match. */
  readonly extract?: string | undefined;
  /** Made fit for an id of a place: `United Kingdom` → `united-kingdom`. */
  readonly slug?: boolean | undefined;
  /** Values and what they stand for. */
  readonly values?: Record<string, string> | undefined;
  /** For an empty value, or one that `values` or the joined table does not know. */
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
        'takes exactly one of constant, column and columns',
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
          'tests nothing: needs matches, equals, below, above or empty',
        ),
      ),
    ],
    'must be { "of": source, "matches" | "equals" | "below" | "above" | "empty": … }, or all, any or not of such',
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
      }, 'is not an encoding that is known here: utf-8, latin1, gbk, gb18030, big5, shift_jis …'),
    ),
    'utf-8',
  ),
  /** Columns' names where the file has no header. */
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
        /** Beside the mapping's CSV, unless --join says where. */
        file: v.string(),
        /** Its column that is looked up. */
        key: v.string(),
        /** What is looked up. */
        by: Source,
        csv: v.optional(csv, {}),
      }),
    ),
    {},
  ),
  numbers: v.optional(
    v.strictObject({
      decimal: v.optional(v.picklist(['.', ','])),
      thousands: v.optional(v.picklist([',', '.', ' ', "'"])),
    }),
    {},
  ),
  times: v.optional(
    v.strictObject({
      format: v.optional(v.string(), 'YYYY-MM-DD HH:mm:ss'),
      /** For a format without a time of day. */
      timeOfDay: v.optional(
        v.pipe(v.string(), v.regex(/^\d{2}:\d{2}:\d{2}$/, 'must be HH:mm:ss')),
        '12:00:00',
      ),
    }),
    {},
  ),
  /** Rows that agree in these (and in the store) are one receipt; where left out, every row is one. */
  receiptBy: v.optional(v.pipe(v.array(Source), v.minLength(1))),
  /** Whose time closes the receipt: its first row's or its last's, as they stand in the file. */
  closesWith: v.optional(v.picklist(['first', 'last']), 'last'),
  skip: v.optional(v.array(v.strictObject({ reason: v.string(), when: Condition })), []),
  /** Rows that bring pieces back, however the till writes their sign. */
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
    discount: v.optional(Source),
    payments: v.optional(v.array(v.strictObject({ method: Source, amount: Source }))),
  }),
  line: v.strictObject({
    product: Source,
    name: v.optional(Source),
    quantity: Source,
    unitPrice: Source,
    discount: v.optional(Source),
    scannedAt: v.optional(Source),
  }),
});

export type Mapping = v.InferOutput<typeof Mapping>;

/** Checks a mapping that was read as JSON; all faults at once, each with its place. */
export function parseMapping(json: unknown, name: string): Mapping {
  const parsed = v.safeParse(Mapping, json);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => {
    const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
    return `  ${v.getDotPath(issue) ?? '(the file)'}: ${isUnknown ? 'is not known here' : issue.message}`;
  });
  throw new UserError(`${name} is not a mapping:\n${faults.join('\n')}`);
}
