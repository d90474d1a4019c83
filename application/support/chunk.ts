/** How much one notice of changed cells tells: a message of a queue has a bound, and an import touches a year of hours. */

/** A stretch of time is some sixty characters; a thousand stay far below a message's bound. */
const PER_NOTICE_MAX = 1_000;

/** A list in parts, each of a size that one notice holds. */
export const chunk = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / PER_NOTICE_MAX) }, (_, index) =>
    items.slice(index * PER_NOTICE_MAX, (index + 1) * PER_NOTICE_MAX),
  );
