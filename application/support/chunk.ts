/** Splits the changed buckets of a store into notices: an SQS message is bounded, and an import touches a year of hours. */

/** A bucket takes about sixty characters; a thousand stay far below the 256 kB of a message. */
const PER_NOTICE_MAX = 1_000;

/** Returns a list in parts of at most a thousand items, the size that fits one notice. */
export const chunk = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / PER_NOTICE_MAX) }, (_, index) =>
    items.slice(index * PER_NOTICE_MAX, (index + 1) * PER_NOTICE_MAX),
  );
