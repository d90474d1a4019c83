/**
 * The imports of a module, found by a scanner and not by a parser: strings that stand after `from` or `import`, or in
 * the brackets of a dynamic import, `require` or `import.meta.resolve`. Comments, other strings and regular expressions are stepped over, so
 * that what only speaks of an import is none.
 */

/** What a dynamic import names that is worked out as the program runs. */
export const COMPUTED = '(computed)';

/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_A_PATTERN = /^(?:[([{,;:=!&|?+\-*%<>~^]|return|typeof|case|in|of|=>)?$/;
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|[\w$]+|=>|\S/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

export function importsOf(source: string): string[] {
  const found: string[] = [];
  let before: string[] = ['', '', ''];
  let at = 0;
  while (at < source.length) {
    const token = tokenAt(source, at, before[0] ?? '');
    if (token === undefined) {
      at += 1;
      continue;
    }
    at += token.length;
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    const [last = '', second = '', third = ''] = before;
    const isText = /^['"]/.test(token);
    const isCall =
      last === '(' &&
      (second === 'import' || second === 'require' || (second === 'resolve' && third === '.'));
    if (isText && (last === 'from' || last === 'import' || isCall)) found.push(token.slice(1, -1));
    else if (isCall && second === 'import') found.push(COMPUTED);
    before = [token, last, second];
  }
  return found;
}

function tokenAt(source: string, at: number, last: string): string | undefined {
  const isComment = source.startsWith('//', at) || source.startsWith('/*', at);
  if (source[at] === '/' && !isComment && BEFORE_A_PATTERN.test(last)) {
    PATTERN.lastIndex = at;
    const pattern = PATTERN.exec(source)?.[0];
    if (pattern !== undefined) return pattern;
  }
  TOKEN.lastIndex = at;
  return TOKEN.exec(source)?.[0];
}
