/**
 * What is said when something is wrong: RFC 9457 problem details, the same on every route, with every
 * fault at once, because whoever mends a till's export wants the whole list and not the first line of it.
 */
import * as v from 'valibot';

export const FieldError = v.pipe(
  v.object({
    pointer: v.pipe(
      v.string(),
      v.description('Where, as a JSON pointer fragment into the request body: #/receipts/3/lines/0/quantity'),
    ),
    detail: v.pipe(v.string(), v.description('What is wrong there.')),
  }),
  v.metadata({ title: 'Fault' }),
);

export type FieldError = v.InferOutput<typeof FieldError>;

export const Problem = v.pipe(
  v.object({
    type: v.pipe(v.string(), v.description('A URN that names the kind of problem, or about:blank.')),
    title: v.string(),
    status: v.pipe(v.number(), v.integer()),
    detail: v.optional(v.string()),
    instance: v.optional(
      v.pipe(v.string(), v.description('The request id, to quote to whoever runs the service.')),
    ),
    errors: v.optional(v.array(FieldError)),
  }),
  v.metadata({ title: 'Problem', description: 'RFC 9457 problem details.' }),
);

export type Problem = v.InferOutput<typeof Problem>;

/** More faults than this in one answer help nobody; a last entry says that there are more. */
export const FIELD_ERRORS_MAX = 100;

const TITLES: Record<number, string> = {
  400: 'The request is not valid',
  401: 'No key that is known and good',
  403: 'Not yours to touch',
  404: 'No such thing',
  409: 'In conflict with what is kept',
  413: 'Too large',
  415: 'Not a kind of content that is read here',
  422: 'Read, and of no use',
  429: 'Too many requests for now',
  500: 'Our fault',
};

/** `faultsMax` of the errors are told, and how many more there are. */
export function problem(
  status: number,
  name: string,
  detail: string,
  errors?: readonly FieldError[],
  faultsMax = FIELD_ERRORS_MAX,
): Problem {
  return {
    type: `urn:aisle:problem:${name}`,
    title: TITLES[status] ?? 'Problem',
    status,
    detail,
    ...(errors === undefined ? {} : { errors: cutFaults(errors, faultsMax) }),
  };
}

function cutFaults(faults: readonly FieldError[], faultsMax: number): FieldError[] {
  if (faults.length <= faultsMax) return [...faults];
  return [
    ...faults.slice(0, faultsMax),
    { pointer: '#', detail: `and ${faults.length - faultsMax} more faults` },
  ];
}

/** No field of ours has a longer name; an unknown one may be a megabyte, and is told by its beginning. */
const POINTER_PART_LENGTH_MAX = 64;

/** A JSON pointer as a URI fragment (RFC 6901 §6). */
export function pointerOf(path: ReadonlyArray<string | number>): string {
  return `#${path.map((part) => `/${encodeURIComponent(escaped(String(part)))}`).join('')}`;
}

/** A lone surrogate, in a key or left by the cut, has no URI form; it becomes the replacement character. */
const escaped = (part: string): string =>
  part.slice(0, POINTER_PART_LENGTH_MAX).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

/** The issues of a schema as faults, with the path at which the value that was parsed itself stands. */
export function fieldErrorsOf(
  issues: ReadonlyArray<v.BaseIssue<unknown>>,
  at: ReadonlyArray<string | number> = [],
): FieldError[] {
  return issues.map((issue) => ({
    pointer: pointerOf([
      ...at,
      ...(issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
    ]),
    detail: issue.message,
  }));
}
