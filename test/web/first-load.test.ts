/** Budget of the first load: the bytes that a phone must fetch before it shows a figure. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtWebDir } from './support/build.ts';

const FIRST_LOAD_BYTES_MAX = 100_000;

/** Budget of the whole app, including the lazily loaded curve. */
const WHOLE_APP_BYTES_MAX = 130_000;

const dir = builtWebDir();

const read = (path: string): string => readFileSync(join(dir, path), 'utf8');
const gzipped = (path: string): number => gzipSync(readFileSync(join(dir, path))).byteLength;

/** Returns a script and all its static imports, transitively. */
function withImports(script: string, seen = new Set<string>()): Set<string> {
  if (seen.has(script)) return seen;
  seen.add(script);
  const imports = read(script).matchAll(/\b(?:import|from)\s*["']\.\/([^"']+)["']/g);
  for (const [, name] of imports) withImports(`assets/${name}`, seen);
  return seen;
}

/** Returns the files referenced by the page, with the static imports of its scripts. */
function firstLoad(): string[] {
  const named = [...read('index.html').matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path ?? '');
  const scripts = named.filter((path) => path.endsWith('.js')).flatMap((path) => [...withImports(path)]);
  const others = named.filter((path) => !path.endsWith('.js') && path !== 'icon-maskable.svg');
  return ['index.html', ...new Set([...scripts, ...others])];
}

describe('the first load of the app', () => {
  it(`is at most ${FIRST_LOAD_BYTES_MAX} bytes, gzipped`, () => {
    const files = firstLoad();
    expect(files.filter((path) => /\.(?:js|css)$/.test(path)).length).toBeGreaterThanOrEqual(2);
    const sizes = files.map((path) => [path, gzipped(path)] as const);
    const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
  });

  it('excludes the plot of the curve', () => {
    const plot = readdirSync(join(dir, 'assets')).find((name) => name.startsWith('curve-plot'));
    expect(plot).toBeDefined();
    expect(firstLoad()).not.toContain(`assets/${plot}`);
  });
});

describe('the whole app', () => {
  it(`is at most ${WHOLE_APP_BYTES_MAX} bytes, gzipped`, () => {
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
    expect(files.reduce((sum, path) => sum + gzipped(path), 0)).toBeLessThanOrEqual(WHOLE_APP_BYTES_MAX);
  });

  it('loads nothing from another origin', () => {
    const page = read('index.html');
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const styles = readdirSync(join(dir, 'assets')).filter((name) => name.endsWith('.css'));
    for (const name of styles) expect(read(`assets/${name}`)).not.toMatch(/@import|url\((?!["']?data:)/);
  });

  it('has no inline script, which its content security policy would block', () => {
    for (const [, attributes = ''] of read('index.html').matchAll(/<script([^>]*)>/g)) {
      expect(attributes).toContain('src=');
    }
  });

  it('is cached file by file by its service worker, which caches nothing else', () => {
    const [, list = '[]'] =
      /(\[[^\]]*"\/icon\.svg"[^\]]*\]|\[`\/`[^\]]*\])/.exec(read('service-worker.js')) ?? [];
    const files: string[] = [...list.matchAll(/["'`](\/[^"'`]*)["'`]/g)].map(([, path]) => path ?? '');
    const assets = readdirSync(join(dir, 'assets')).map((name) => `/assets/${name}`);
    expect(new Set(files)).toEqual(
      new Set(['/', '/icon.svg', '/icon-maskable.svg', '/manifest.webmanifest', ...assets]),
    );
  });

  it('can be installed: the icons of its manifest exist', () => {
    const manifest = JSON.parse(read('manifest.webmanifest'));
    expect(manifest).toMatchObject({ start_url: '/', display: 'standalone' });
    for (const { src } of manifest.icons) expect(read(src.slice(1))).toContain('<svg');
  });
});
