/**
 * Runs before `npm start` and `npm test`, on whatever Node the machine has: installs the locked
 * dependencies when they are missing or older than the lock file. Plain JavaScript, no imports from
 * packages, because on a fresh clone there are none yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.log('Installing the locked dependencies (once; from the npm registry only) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  // The runtime of the face models would fetch libraries for graphics cards from outside the registry; the one for
  // the processor, which is all that is used, is in its package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error('npm ci failed; its messages are above. Nothing was started.');
    process.exit(status ?? 1);
  }
}
