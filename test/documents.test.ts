import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DECISIONS = 'docs/decisions';

const documents = globSync(['*.md', 'docs/**/*.md', 'vision/*.md', '.github/*.md'], { cwd: ROOT }).sort();
const records = documents.filter((path) => path.startsWith(`${DECISIONS}/0`));

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Returns the prose of a document: a link or a heading inside a code block is neither. */
const proseOf = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Returns the anchors that GitHub gives to the headings of a document. */
function anchorsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Returns the relative links of a document that lead to no file or to no heading. */
function brokenLinksOf(path: string): string[] {
  const links = [...proseOf(textOf(path)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  // `../../security/…` is a page of the repository on GitHub.
  const relative = links.filter((link) => !/^[a-z]+:/.test(link) && !link.startsWith('../../security/'));
  return relative.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
  });
}

/** Returns the paths of the project, named in backquotes, that do not exist. A path with a placeholder is not checked. */
function missingPathsOf(path: string): string[] {
  const floors =
    'domain|contracts|application|adapters|functions|lib|bin|local|vision|sim|web|tools|test|bench|docs';
  const named = [...proseOf(textOf(path)).matchAll(new RegExp(`\`((?:${floors})/[\\w./-]*)\``, 'g'))];
  return named.map(([, name = '']) => name).filter((name) => !existsSync(join(ROOT, name)));
}

describe('a document', () => {
  it.each(documents)('links to files and headings that exist: %s', (path) => {
    expect(brokenLinksOf(path)).toEqual([]);
  });

  // The changelog names the files of its time.
  it.each(documents.filter((path) => path !== 'CHANGELOG.md'))('names paths that exist: %s', (path) => {
    expect(missingPathsOf(path)).toEqual([]);
  });
});

describe('the index of the documents', () => {
  it('lists every page', () => {
    const index = textOf('docs/README.md');
    const pages = globSync('docs/*.md', { cwd: ROOT }).map((path) => path.slice('docs/'.length));
    expect(pages.filter((page) => page !== 'README.md' && !index.includes(`(${page})`))).toEqual([]);
  });
});

describe('a picture', () => {
  it('is small enough for a slow connection', () => {
    for (const picture of globSync('docs/images/*', { cwd: ROOT })) {
      expect(statSync(join(ROOT, picture)).size, picture).toBeLessThan(300_000);
    }
  });
});

describe('a decision record', () => {
  it.each(records)('has a status, a date, a context, a decision and consequences: %s', (path) => {
    const text = textOf(path);
    expect(text).toMatch(/^# \d+\. .+\n\n- Status: (accepted|superseded).*\n- Date: \d{4}-\d{2}-\d{2}/);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences']);
  });

  it.each(records)('is a row of the index with its title, status and date: %s', (path) => {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(textOf(path)) ?? [];
    const [, status] = /^- Status: (.+)$/m.exec(textOf(path)) ?? [];
    const [, date] = /^- Date: (\d{4}-\d{2}-\d{2})/m.exec(textOf(path)) ?? [];
    const file = path.slice(`${DECISIONS}/`.length);
    expect(textOf(`${DECISIONS}/README.md`)).toContain(
      `| ${number?.padStart(4, '0')} | [${title}](${file}) | ${status} | ${date} |`,
    );
  });
});
