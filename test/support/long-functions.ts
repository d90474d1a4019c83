/**
 * Functions that do not fit on a screen. One of more than 70 lines says why in its docstring, such as a factory that is a
 * list of short methods.
 */

export const LINES_MAX = 70;

const START =
  /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? (\w+)|const (\w+) = (?:async )?\([^\n]*=> \{$|(constructor)\()/;
const REASON = /list of (?:short )?(?:methods|rows|statements)|more than 70 lines/i;

export interface LongFunction {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly lines: number;
}

/** Returns the functions of a formatted source that are too long and do not say why. */
export function longFunctions(source: string): LongFunction[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) => {
    const [, indent = '', named, constant, ctor] = START.exec(line) ?? [];
    const name = named ?? constant ?? ctor;
    if (name === undefined) return [];
    const isEnd = (other: string) =>
      other.startsWith(`${indent}}`) && /^\}\)?[;,)]*$/.test(other.slice(indent.length));
    const end = lines.findIndex((other, at) => at > index && isEnd(other));
    const length = end - index + 1;
    return length <= LINES_MAX || REASON.test(docBefore(lines, index))
      ? []
      : [{ name, line: index + 1, lines: length }];
  });
}

/** The comment that ends on the line before. */
function docBefore(lines: readonly string[], index: number): string {
  let start = index;
  while (/^\s*(?:\/\*\*|\*|\/\/)/.test(lines[start - 1] ?? '')) start--;
  return lines
    .slice(start, index)
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join(' ');
}
