/** The glossary and the code it points into: a renamed export or a moved file makes its row stale. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KPIS, ZONE_KPIS } from '#domain/place/figures/kpis.ts';

const ROOT = join(import.meta.dirname, '..');
const GLOSSARY = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8');

interface Row {
  readonly table: string;
  readonly term: string;
  readonly chinese: string;
  readonly meaning: string;
  readonly place: string;
}

/** Returns the rows of all tables, without their heads. */
function rowsOf(page: string): Row[] {
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [table = '', ...lines] = section.split('\n');
      return lines
        .filter((line) => line.startsWith('| ') && !/^\| (?:term|---) /.test(line))
        .map((line) => {
          const [term = '', chinese = '', meaning = '', place = ''] = line
            .split('|')
            .slice(1, -1)
            .map((text) => text.trim());
          return { table, term, chinese, meaning, place };
        });
    });
}

const isKpi = ({ place }: Row): boolean => /^`\w+`$/.test(place);

const sources = ['domain', 'application', 'contracts', 'adapters', 'functions', 'local', 'tools']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts'));

function isExportedBy(file: string, name: string): boolean {
  const exported = new RegExp(
    `^export (?:async )?(?:function\\*?|interface|type|const|class) ${name}\\b`,
    'm',
  );
  return exported.test(readFileSync(join(ROOT, file), 'utf8'));
}

/** Returns why a row does not lead to an exported name, and where the name is now; undefined where it does. */
function whyStale(row: Row): string | undefined {
  if (isKpi(row)) return undefined;
  const { term, place } = row;
  const [, path = '', name = ''] = /^(\S+\.tsx?) `(\w+)`$/.exec(place) ?? [];
  if (path === '') return `${term}: no path and name`;
  if (existsSync(join(ROOT, path)) && isExportedBy(path, name)) return undefined;
  const now = sources.filter((file) => isExportedBy(file, name));
  return `${term}: ${path} does not export ${name}; exported by ${now.join(', ') || 'no file'}`;
}

/** Returns the terms of a table that do not follow the term before them. */
const outOfOrder = (terms: readonly string[]): string[] =>
  terms.filter((term, index) => (terms[index - 1] ?? '').toLowerCase() > term.toLowerCase());

const HAN = /\p{Script=Han}/u;

/** The folders whose subjects differ: those of `application`, and of `domain` where a folder has no folders of its own. */
function rooms(folder: string): string[] {
  const inside = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return inside.length === 0 ? [folder] : inside.flatMap(({ name }) => rooms(`${folder}/${name}`));
}

const rows = rowsOf(GLOSSARY);

describe('the glossary', () => {
  it('leads from every term to an exported name', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.flatMap((row) => whyStale(row) ?? [])).toEqual([]);
  });

  it('gives every term once, in English and in Chinese, with one sentence', () => {
    const terms = rows.map(({ term }) => term.toLowerCase());
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
    const chinese = /^(?:\p{Script=Han}|、|GCJ|[–（）])+$/u;
    expect(rows.filter((row) => !chinese.test(row.chinese) || !HAN.test(row.chinese))).toEqual([]);
    expect(rows.filter(({ meaning }) => !/^[A-Z`].*\.$/.test(meaning))).toEqual([]);
  });

  it('sorts the terms of each table', () => {
    for (const table of new Set(rows.map((row) => row.table)))
      expect(outOfOrder(rows.filter((row) => row.table === table).map(({ term }) => term))).toEqual([]);
  });

  it('lists every KPI under the names that figures are served with', () => {
    const listed = rows
      .filter(isKpi)
      .map(({ term, chinese, place }) => ({ id: place.slice(1, -1), en: term, zh: chinese }));
    const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
    expect(listed.sort(byId)).toEqual(
      [...KPIS, ...ZONE_KPIS].map(({ id, en, zh }) => ({ id, en, zh })).sort(byId),
    );
  });

  it('visits every folder of the domain and of the application', () => {
    const visited = rows.map(({ place }) => place.slice(0, place.lastIndexOf('/')));
    expect([...rooms('domain'), ...rooms('application')].filter((room) => !visited.includes(room))).toEqual(
      [],
    );
  });

  it('is stale when an export is renamed, a file is moved, or a row is out of order', () => {
    const planted = (place: string) =>
      rowsOf(`## Planted\n\n| term | 中文 |\n| --- | --- |\n| fold | 折叠 | Folds. | ${place} |`);
    const fold = 'domain/place/figures/fold.ts';
    expect(planted(`${fold} \`fold\``).map(whyStale)).toEqual([undefined]);
    expect(planted(`${fold} \`crease\``).map(whyStale)).toEqual([
      `fold: ${fold} does not export crease; exported by no file`,
    ]);
    expect(planted('domain/fold.ts `fold`').map(whyStale)).toEqual([
      `fold: domain/fold.ts does not export fold; exported by ${fold}`,
    ]);
    expect(planted(fold).map(whyStale)).toEqual(['fold: no path and name']);
    expect(outOfOrder(['cell', 'fold', 'claim'])).toEqual(['claim']);
  });
});
