/**
 * The tokens of a TypeScript source, from a scanner and not a parser: comments, texts, patterns and code. It is enough to
 * read imports and prose from files, and it has no opinion on syntax.
 */

export interface Token {
  readonly kind: 'comment' | 'text' | 'pattern' | 'code';
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
}

/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_A_PATTERN = /^(?:[([{,;:=!&|?+\-*%<>~^]|return|typeof|case|in|of|=>)?$/;
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|[\w$]+|=>|\S/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

/** Returns the tokens of a source in order, white space left out. A template literal is one text, its expressions included. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let last = '';
  let at = 0;
  while (at < source.length) {
    const token = tokenAt(source, at, last);
    if (token === undefined) {
      at += 1;
      continue;
    }
    tokens.push(token);
    if (token.kind !== 'comment') last = token.text;
    at += token.text.length;
  }
  return tokens;
}

/** Returns the 1-based line of an offset. */
export const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length;

function tokenAt(source: string, at: number, last: string): Token | undefined {
  const isComment = source.startsWith('//', at) || source.startsWith('/*', at);
  if (source[at] === '/' && !isComment && BEFORE_A_PATTERN.test(last)) {
    PATTERN.lastIndex = at;
    const text = PATTERN.exec(source)?.[0];
    if (text !== undefined) return { kind: 'pattern', text, at };
  }
  TOKEN.lastIndex = at;
  const text = TOKEN.exec(source)?.[0];
  if (text === undefined) return undefined;
  return { kind: isComment ? 'comment' : /^['"`]/.test(text) ? 'text' : 'code', text, at };
}
