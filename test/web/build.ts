/** The web app, built as it is deployed, into a folder of the test's own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

export interface BuiltWeb {
  readonly dir: string;
  remove(): void;
}

/** Built by a process of its own: vite takes from the environment whether this is production, and a test run is not. */
export async function builtWeb(): Promise<BuiltWeb> {
  const dir = mkdtempSync(join(tmpdir(), 'aisle-web-'));
  const asked = ['build', join(ROOT, 'web'), '--outDir', dir, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [VITE, ...asked], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { dir, remove: () => rmSync(dir, { recursive: true }) };
}
