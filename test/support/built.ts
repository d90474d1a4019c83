/**
 * Builds the functions, the web app and the face nets once before the tests, if their sources have changed since. Tests that start
 * a cloud find them built: several clouds at once would otherwise write the same files under each other's eyes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

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

function newestMs(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0);
}

export default function build(): void {
  const sourceMs = Math.max(...SOURCES.map((name) => newestMs(join(ROOT, name))));
  if (BUILT.every((path) => existsSync(path) && newestMs(path) >= sourceMs)) return;
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['lib/bundle.ts'], { cwd: ROOT, env });
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web'], { cwd: ROOT, env });
  execFileSync(process.execPath, ['vision/nets/converted-nets.ts'], { cwd: ROOT, env });
}
