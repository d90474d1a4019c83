/** Builds the web app as for deployment, into a temporary folder. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

export interface BuiltWeb {
  readonly dir: string;
  remove(): void;
}

/** Builds in a process of its own, because Vite reads from the environment whether it builds for production. */
export async function builtWeb(): Promise<BuiltWeb> {
  const dir = mkdtempSync(join(tmpdir(), 'aisle-web-'));
  const args = ['build', join(ROOT, 'web'), '--outDir', dir, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [VITE, ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { dir, remove: () => rmSync(dir, { recursive: true }) };
}
