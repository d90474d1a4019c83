#!/usr/bin/env node
/**
 * The executable that npm links as `aisle`. It runs aisle.ts on the Node version the project pins, because older versions
 * cannot run TypeScript directly.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = dirname(fileURLToPath(import.meta.url));
const pinned = join(
  tools,
  '..',
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
if (!existsSync(pinned)) {
  console.error('aisle: dependencies are not installed; run "npm ci" in the project folder.');
  process.exit(1);
}

const child = spawn(pinned, [join(tools, 'aisle.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl+C also reaches the child; this process ignores it, waits for the child and returns its exit code.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) =>
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
);
