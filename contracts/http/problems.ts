/**
 * Errors of the HTTP API: RFC 9457 problem details, the same on every route. A response lists every field error at once,
 * so that an export of a till can be corrected in one pass.
 */
import * as v from 'valibot';

export const FieldError = v.pipe(
  v.object({
    pointer: v.pipe(
      v.string(),
      v.description('JSON pointer fragment into the request body: #/receipts/3/lines/0/quantity'),
    ),
    detail: v.pipe(v.string(), v.description('The error at that pointer.')),
  }),
  v.metadata({ title: 'FieldError' }),
);

export type FieldError = v.InferOutput<typeof FieldError>;

export const Problem = v.pipe(
  v.object({
    type: v.pipe(v.string(), v.description('URN of the kind of problem, or about:blank.')),
    title: v.pipe(v.string(), v.description('The name of the HTTP status.')),
    status: v.pipe(v.number(), v.integer()),
    detail: v.optional(v.string()),
    instance: v.optional(
      v.pipe(v.string(), v.description('Id of the failed request, to quote to the operator.')),
    ),
    errors: v.optional(v.array(FieldError)),
  }),
  v.metadata({ title: 'Problem', description: 'RFC 9457 problem details.' }),
);

export type Problem = v.InferOutput<typeof Problem>;

/** Field errors in one response at most; the last entry counts the others. */
export const FIELD_ERRORS_MAX = 100;

/** The names of the statuses, as RFC 9110 has them. */
const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** Returns problem details with the title of their status and at most `errorsMax` field errors. */
export function problem(
  status: number,
  slug: string,
  detail: string,
  errors?: readonly FieldError[],
  errorsMax = FIELD_ERRORS_MAX,
): Problem {
  return {
    type: `urn:aisle:problem:${slug}`,
    title: TITLES[status] ?? 'Problem',
    status,
    detail,
    ...(errors === undefined ? {} : { errors: firstErrors(errors, errorsMax) }),
  };
}

function firstErrors(errors: readonly FieldError[], errorsMax: number): FieldError[] {
  if (errors.length <= errorsMax) return [...errors];
  return [
    ...errors.slice(0, errorsMax),
    { pointer: '#', detail: `and ${errors.length - errorsMax} more errors` },
  ];
}

/** No field has a longer name; an unknown one may be a megabyte and is cut. */
const POINTER_PART_LENGTH_MAX = 64;

/** Returns a JSON pointer as a URI fragment (RFC 6901 §6); each part is cut to 64 characters. */
export function pointerOf(path: ReadonlyArray<string | number>): string {
  return `#${path.map((part) => `/${encodeURIComponent(escaped(String(part)))}`).join('')}`;
}

/** A lone surrogate, in a key or left by the cut, has no URI form; it becomes the replacement character. */
const escaped = (part: string): string =>
  part.slice(0, POINTER_PART_LENGTH_MAX).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

/** Returns the issues of a schema as field errors; `at` is the path of the parsed value within the body. */
export function fieldErrorsOf(
  issues: ReadonlyArray<v.BaseIssue<unknown>>,
  at: ReadonlyArray<string | number> = [],
): FieldError[] {
  return issues.map((issue) => ({
    pointer: pointerOf([
      ...at,
      ...(issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
    ]),
    detail: isAbsent(issue) ? 'is missing' : issue.message,
  }));
}

/** Returns whether an issue is about a field that is not there, for which a schema of objects has words of its own. */
const isAbsent = ({ kind, type, received, message }: v.BaseIssue<unknown>): boolean =>
  kind === 'schema' && /object$/.test(type) && received === 'undefined' && message.startsWith('Invalid key');
