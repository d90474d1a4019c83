/**
 * Sorts test files by what they need, as far as their imports show it, so that each runs in the cheapest way that is safe.
 * The kinds are computed: a file that moves, or starts a server from one day on, changes its kind without a list to edit.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf } from './imports.ts';

/**
 * - `quick`: decides only. No server, process, browser or build; many files share one process.
 * - `shared`: runs servers in its own process, and leaves no trace there; many files share one process.
 * - `isolated`: changes the environment of its process, or loads a handler that reads it; a process per file.
 * - `waiting`: starts a whole cloud or a browser, and waits for it most of its time; a process per file.
 */
export const TEST_KINDS = ['quick', 'shared', 'isolated', 'waiting'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

const ROOT = join(import.meta.dirname, '..', '..');

const WAITED_FOR = new Set([
  'local/cloud.ts',
  'test/support/cloud-process.ts',
  'test/support/processes.ts',
  'playwright-core',
]);
/** The built web app, which only the kinds with a process per file have built before them. */
const BUILDS = new Set(['test/web/support/build.ts']);
/** Packages and modules of Node that reach beyond a decision. */
const HEAVY =
  /^(?:node:(?:child_process|http2?|https|net|worker_threads)|aws-cdk-lib.*|constructs|playwright-core|onnxruntime-node|sharp|esbuild|vite|knip)$/;
/** Native code that keeps threads or memory of its own, and children that belong to a process. */
const NOT_SHARED = /^(?:onnxruntime-node|sharp)$/;
/** What a test does to the process that it runs in. */
const CHANGES_PROCESS =
  /\bprocess\.env\[?[^\]\n]*\]? = |Object\.assign\(\s*process\.env|\bdelete process\.env|\bvi\.(?:stub|mock|useFake)|process\.chdir|\bawait import\(\s*['"`][#.]/;
const TYPE_IMPORT = /^\s*(?:import|export) type [^;]*;/gm;

const imports = new Map<string, readonly string[]>();

/** The modules that a file loads: paths from the root for ours, specifiers for all others. */
function loadedBy(file: string): readonly string[] {
  const known = imports.get(file);
  if (known !== undefined) return known;
  const source = readFileSync(join(ROOT, file), 'utf8').replace(TYPE_IMPORT, '');
  const loaded = importsOf(source).map((specifier) => {
    if (specifier.startsWith('#')) return specifier.slice(1);
    return specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
  });
  imports.set(file, loaded);
  return loaded;
}

function everythingLoadedBy(file: string): Set<string> {
  const all = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    if (/\.[mc]?[jt]sx?$/.test(next) && existsSync(join(ROOT, next))) waiting.push(...loadedBy(next));
  }
  return all;
}

/** Returns the kind of a test file, given by its path from the root. */
export function kindOf(file: string): TestKind {
  const loaded = [...everythingLoadedBy(file)];
  if (loaded.some((one) => WAITED_FOR.has(one))) return 'waiting';
  const source = readFileSync(join(ROOT, file), 'utf8');
  if (loaded.some((one) => BUILDS.has(one))) return 'isolated';
  if (CHANGES_PROCESS.test(source) || loaded.some((one) => NOT_SHARED.test(one))) return 'isolated';
  return loaded.some((one) => HEAVY.test(one)) ? 'shared' : 'quick';
}

/** Returns all test files below a folder, as paths from the root. */
export function testFiles(folder = 'test'): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(path);
      return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

if (import.meta.main) for (const file of testFiles()) console.log(kindOf(file).padEnd(10), file);
