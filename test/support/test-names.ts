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

/** A name may open with the value of a row: `%s keeps its order`. */
const VALUE = /^(?:%[a-z]|\$[\w.]+),? /;

/** Words with which no predicate begins: articles, pronouns, prepositions, conjunctions, numbers, participles. */
const NO_VERB =
  /^(?:an?|the|its?|their|this|that|these|those|of|by|from|with|without|within|in|into|on|onto|at|to|for|as|like|than|and|or|but|if|unless|when|where|while|until|after|before|who|whose|what|which|how|why|no|none|not|every|each|all|any|some|one|two|three|many|more|most|such|nothing|something|anything|everything|\d+|[a-z]+ing|[a-z]+ed)\b/i;

/** Returns why a name is no such sentence; undefined where it is one. */
export function whyNoSentence(name: string): string | undefined {
  const predicate = name
    .replace(VALUE, '')
    .replace(/^(?:(?:never|always|also|still|only|neither|either|both) )+/, '');
  if (/^[A-Z]/.test(predicate)) return 'begins with a capital';
  if (name.endsWith('.')) return 'ends with a full stop';
  return NO_VERB.test(predicate) ? 'does not begin with a verb' : undefined;
}
