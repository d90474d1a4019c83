/** The names of tests, which are promises: a sentence without its subject, in the third person. */
import { lineAt, tokensOf } from './tokens.ts';

export interface TestName {
  readonly name: string;
  readonly line: number;
}

/** Returns the names given to `it` and `test`, also behind `.each(…)`, `.skipIf(…)` and the like. */
export function testNames(source: string): TestName[] {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment');
  const names: TestName[] = [];
  tokens.forEach((token, start) => {
    if (token.kind !== 'code' || !/^(?:it|test)$/.test(token.text) || tokens[start - 1]?.text === '.') return;
    let index = start + 1;
    while (tokens[index]?.text === '.') {
      index += 2;
      // Arguments of a modifier: `.each([…])`; its own call follows.
      if (tokens[index]?.text === '(' && /^(?:each|skipIf|runIf|for)$/.test(tokens[index - 1]?.text ?? ''))
        index = closing(tokens, index) + 1;
    }
    const name = tokens[index]?.text === '(' ? tokens[index + 1] : undefined;
    if (name?.kind === 'text') names.push({ name: name.text.slice(1, -1), line: lineAt(source, name.at) });
  });
  return names;
}

function closing(
  tokens: ReadonlyArray<{ readonly kind: string; readonly text: string }>,
  open: number,
): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: '', text: '' };
    if (kind !== 'code') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    if ((text === ')' || text === ']' || text === '}') && --depth === 0) return index;
  }
  return tokens.length;
}

const THIRD_PERSON =
  /^(?:(?:never|always|also|still|only|neither|either|both) )*(?:[a-z]+s|cannot|can|does|may)\b/;
const NO_VERBS =
  /^(?:its|this|us|as|always|others|numbers|names|stores|visits|receipts|sometimes|less|across|towards|unless|besides|perhaps|rows|tests|tills|pushes|fences|frames|faces|products|events|errors|answers)\b/;

/** Returns why a name is no such sentence; undefined where it is one. */
export function whyNoSentence(name: string): string | undefined {
  if (/^[A-Z]/.test(name)) return 'begins with a capital';
  if (name.endsWith('.')) return 'ends with a full stop';
  return THIRD_PERSON.test(name) && !NO_VERBS.test(name)
    ? undefined
    : 'does not begin with a verb in the third person';
}
