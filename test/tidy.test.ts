import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialectInDocument, dialectInPath, dialectInSource } from './support/dialect.ts';
import { docFault, exportedFunctions } from './support/docstrings.ts';
import { LINES_MAX, longFunctions } from './support/long-functions.ts';
import { testNames, whyNoSentence } from './support/test-names.ts';

const ROOT = join(import.meta.dirname, '..');

/** The one file that lists the words. */
const WORD_LIST = 'test/support/dialect.ts';

/** Files of the project, tracked or about to be; a released changelog quotes history. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && file !== WORD_LIST);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const sources = files.filter((file) => /\.(?:ts|tsx|mjs)$/.test(file) && file !== 'test/tidy.test.ts');
const documents = files.filter((file) => file.endsWith('.md'));
const DOCUMENTED = /^(?:domain|application|contracts|vision)\//;

describe('the language of the project', () => {
  it('keeps to the words of the field in comments, texts and exported names', () => {
    expect(sources.flatMap((file) => dialectInSource(file, read(file)))).toEqual([]);
  });

  it('keeps to the words of the field in documents', () => {
    expect(documents.flatMap((file) => dialectInDocument(file, read(file)))).toEqual([]);
  });

  it('keeps to the words of the field in names of files', () => {
    expect(files.flatMap(dialectInPath)).toEqual([]);
  });

  it.each([
    ['a comment', '/** A module. */\n// Whoever reads this.\n', 1],
    ['a text', "const text = 'nobody came';", 1],
    ['a template', 'const text = `told`;', 1],
    ['an exported name', 'export const tellAll = 1;', 1],
    ['an exported name of an instant', 'export type VisitMoment = number;', 1],
    ['two lines', '// let go of it\n// anew\n', 2],
    ['a local name', 'const told = 1;', 0],
    ['a longer word', '// the background, around, a foundation, extoll, commend', 0],
  ])('reports a planted word in %s', (_, source, count) => {
    expect(dialectInSource('planted.ts', source)).toHaveLength(count);
  });

  it('reports a planted word in a document and in the name of a file', () => {
    expect(dialectInDocument('planted.md', 'It is told in turn.')).toHaveLength(2);
    expect(dialectInPath('functions/heed-phone/handler.ts')).toHaveLength(1);
    expect(dialectInPath('domain/moments/campaign.ts')).toHaveLength(1);
  });
});

describe('an exported function of domain, application, contracts or vision', () => {
  it('says in its docstring what it returns and whether it throws', () => {
    const faults = sources
      .filter((file) => DOCUMENTED.test(file))
      .flatMap((file) =>
        exportedFunctions(read(file)).flatMap((one) => {
          const fault = docFault(one);
          return fault === undefined ? [] : [`${file}:${one.line} ${one.name} ${fault}`];
        }),
      );
    expect(faults).toEqual([]);
  });

  it.each([
    ['export function f(): void {\n}\n', 'has no docstring'],
    ['/** What it is. */\nexport function f(): void {\n}\n', 'third person'],
    ['/** Returns 1. */\nexport function f(): number {\n  throw new Error();\n}\n', 'throws'],
    ['export const f = (a: number): number => a;\n', 'has no docstring'],
    ['export const f = async <T,>(a: T): Promise<T> => a;\n', 'has no docstring'],
  ])('is reported where %j', (source, fault) => {
    expect(exportedFunctions(source).map(docFault)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    '/** Returns 1. */\nexport function f(): number {\n  return 1;\n}\n',
    '/** Rejects 0. @throws RangeError */\nexport function f(): number {\n  throw new RangeError();\n}\n',
    'export const LIMIT = 3;\n',
    'export const NAMES = [1, 2].map((one) => one);\n',
  ])('is not reported where %j', (source) => {
    expect(exportedFunctions(source).flatMap((one) => docFault(one) ?? [])).toEqual([]);
  });
});

describe('the name of a test', () => {
  it('is a sentence in the third person', () => {
    const faults = sources
      .filter((file) => /\.test\.tsx?$/.test(file) || /^test\/support\/describe-/.test(file))
      .flatMap((file) =>
        testNames(read(file)).flatMap(({ name, line }) => {
          const why = whyNoSentence(name);
          return why === undefined ? [] : [`${file}:${line} ${why}: ${name}`];
        }),
      );
    expect(faults).toEqual([]);
  });

  it.each([
    ["it('by a rehearsal', () => {});", 1],
    ["it('the answer', () => {});", 1],
    ["it('Rejects it.', () => {});", 1],
    ["it.each([1])('of %s', () => {});", 1],
    ["it('rejects a receipt whose payments do not fit', () => {});", 0],
    ["it.each([\n  ['it (1)', 2],\n])('never counts %s twice', () => {});", 0],
    ["const it = 'fine';", 0],
  ])('is reported for %j', (source, count) => {
    expect(testNames(source).flatMap(({ name }) => whyNoSentence(name) ?? [])).toHaveLength(count);
  });
});

describe('a function', () => {
  it('fits on a screen, or says in its docstring why it does not', () => {
    const long = sources
      .filter((file) => !file.startsWith('test/'))
      .flatMap((file) =>
        longFunctions(read(file)).map(
          ({ name, line, lines }) => `${file}:${line} ${name} has ${lines} lines`,
        ),
      );
    expect(long).toEqual([]);
  });

  it.each([
    ['', LINES_MAX, 0],
    ['', LINES_MAX + 1, 1],
    ['/** Returns a store: a list of short methods. */\n', LINES_MAX + 1, 0],
  ])('is reported by its length and not where it says why: %j, %i lines', (doc, lines, count) => {
    const body = '  call();\n'.repeat(lines - 2);
    expect(longFunctions(`${doc}export function planted() {\n${body}}\n`)).toHaveLength(count);
  });
});
