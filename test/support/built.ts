/**
 * Builds the functions, the web app and the face nets once before the tests, if their sources have changed since. Tests that start
 * a cloud find them built: several clouds at once would otherwise write the same files under each other's eyes.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = [
  'domain',
  'contracts',
  'application',
  'adapters',
  'functions',
  'web',
  'lib',
  'package-lock.json',
];
const BUILT = [join(ROOT, 'dist', 'functions'), join(ROOT, 'dist', 'web', 'index.html')];

const run = promisify(execFile);

function newestMs(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0);
}

export default async function build(): Promise<void> {
  const sourceMs = Math.max(...SOURCES.map((name) => newestMs(join(ROOT, name))));
  if (BUILT.every((path) => existsSync(path) && newestMs(path) >= sourceMs)) return;
  const builds = [
    ['lib/bundle.ts'],
    ['node_modules/vite/bin/vite.js', 'build', 'web'],
    ['vision/nets/converted-nets.ts'],
  ];
  const env = { ...process.env, NODE_ENV: 'production' };
  await Promise.all(builds.map((args) => run(process.execPath, args, { cwd: ROOT, env })));
}
