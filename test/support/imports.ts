/**
 * The imports of a module: texts after `from` or `import`, or in the brackets of a dynamic import, `require` or
 * `import.meta.resolve`. Comments, other texts and regular expressions are skipped, so that a mere mention is not an import.
 */
import { tokensOf } from './tokens.ts';

/** The specifier of a dynamic import that is computed at run time. */
export const COMPUTED = '(computed)';

/** Returns the specifiers that a source imports, in the order of the source. */
export function importsOf(source: string): string[] {
  const found: string[] = [];
  let before: string[] = ['', '', ''];
  for (const { kind, text } of tokensOf(source)) {
    if (kind === 'comment') continue;
    const [last = '', second = '', third = ''] = before;
    const isText = /^['"]/.test(text);
    const isCall =
      last === '(' &&
      (second === 'import' || second === 'require' || (second === 'resolve' && third === '.'));
    if (isText && (last === 'from' || last === 'import' || isCall)) found.push(text.slice(1, -1));
    else if (isCall && second === 'import') found.push(COMPUTED);
    before = [text, last, second];
  }
  return found;
}
