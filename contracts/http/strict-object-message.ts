/** The message of a strict object that does not match as a whole. */
import type * as v from 'valibot';

/** Returns a message per issue: an unknown field of `what`, a missing field, or no object at all. */
export const strictObjectMessage =
  (what: string) =>
  ({ expected }: v.StrictObjectIssue): string =>
    expected === 'never'
      ? `is not a field of ${what}`
      : expected === 'Object'
        ? `${what} must be an object`
        : 'is missing';
