/**
 * The words that this project does not use, each with what to write instead. The first version was written in a dialect of
 * its own; an outsider who searches for "publish" or "customer" has to find it.
 *
 * This file is the one place that may hold the words themselves.
 */
import { lineAt, type Token, tokensOf } from './tokens.ts';

export interface Rule {
  readonly word: RegExp;
  readonly instead: string;
}

/** For comments, texts, documents, names of files and of exports (split at their humps). */
export const RULES: readonly Rule[] = [
  { word: /\b(?:tells?|told|tellings?|retell|untold)\b/i, instead: 'publish, report, print, return' },
  { word: /\bwho(?:so)?ever\b/i, instead: 'the caller, the customer, …' },
  { word: /\b(?:some|no|any)body\b/i, instead: 'a customer, an engineer, no store, …' },
  { word: /\banew\b/i, instead: 'again' },
  { word: /\bheed(?:s|ed|ing)?\b/i, instead: 'record, follow' },
  { word: /\b(?:let|lets|letting) go(?: of)?\b/i, instead: 'discard, delete' },
  { word: /\bgrounds?\b/i, instead: 'location, evidence, legal basis' },
  { word: /\bwound\b/i, instead: 'winding' },
  { word: /\bfound(?:s|ed|ing)\b/i, instead: 'create, seed' },
  { word: /\bin turn\b/i, instead: 'concurrently, one after the other' },
  { word: /\bdoorm[ae]n\b/i, instead: 'authorizer' },
  { word: /\bmend(?:s|ed|ing)?\b/i, instead: 'fix, correct' },
];

/** For names of files and of exports alone. */
export const NAME_RULES: readonly Rule[] = [
  { word: /\bmoments?\b/i, instead: 'instant, campaign' },
  { word: /^found [a-z]/i, instead: 'create, seed' },
];

export interface Finding {
  readonly where: string;
  readonly word: string;
  readonly instead: string;
}

const match = (
  text: string,
  rules: readonly Rule[],
): Array<{ word: string; instead: string; index: number }> =>
  rules.flatMap(({ word, instead }) =>
    [...text.matchAll(new RegExp(word.source, `${word.flags}g`))].map((found) => ({
      word: found[0],
      instead,
      index: found.index,
    })),
  );

/** Splits `whyNotChanged`, `LETTERS_MAX` and `visit-row.ts` into words. */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-./]+/g, ' ')
    .toLowerCase();

const EXPORT =
  /^export (?:declare |async |abstract )*(?:interface|type|const|let|function\*?|class) +(\w+)/gm;

/** A template's expressions are code, in which a local name is its author's business. */
const proseOf = ({ kind, text }: Token): string =>
  kind === 'text' && text.startsWith('`')
    ? text.replace(/\$\{[^{}]*\}/g, (code) => ' '.repeat(code.length))
    : text;

/** Returns every use of the dialect in a source: comments, texts and exported names. */
export function dialectInSource(file: string, source: string): Finding[] {
  const prose = tokensOf(source)
    .filter(({ kind }) => kind === 'comment' || kind === 'text')
    .flatMap((token) =>
      match(proseOf(token), RULES).map(({ word, instead, index }) => ({
        where: `${file}:${lineAt(source, token.at + index)}`,
        word,
        instead,
      })),
    );
  const names = [...source.matchAll(EXPORT)].flatMap(({ 1: name = '', index }) =>
    match(wordsOf(name), [...RULES, ...NAME_RULES]).map(({ word, instead }) => ({
      where: `${file}:${lineAt(source, index)}`,
      word: `${name} (${word})`,
      instead,
    })),
  );
  return [...prose, ...names];
}

/** Returns every use of the dialect in a document, line by line. */
export const dialectInDocument = (file: string, text: string): Finding[] =>
  match(text, RULES).map(({ word, instead, index }) => ({
    where: `${file}:${lineAt(text, index)}`,
    word,
    instead,
  }));

/** Returns every use of the dialect in the path of a file. */
export const dialectInPath = (file: string): Finding[] =>
  match(wordsOf(file), [...RULES, ...NAME_RULES]).map(({ word, instead }) => ({
    where: file,
    word,
    instead,
  }));
