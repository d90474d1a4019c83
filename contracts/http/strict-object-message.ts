/** How a strict object tells what is wrong with it as a whole. */
import type * as v from 'valibot';

/** A device's maker has to be able to tell a missing field from a misspelt one. */
export const strictObjectMessage =
  (what: string) =>
  ({ expected }: v.StrictObjectIssue): string =>
    expected === 'never'
      ? `is not a field of ${what}`
      : expected === 'Object'
        ? `${what} must be an object`
        : 'is missing';
