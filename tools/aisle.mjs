#!/usr/bin/env node
/**
 * The `aisle` command as npm links it. It runs aisle.ts on the Node that the project pins, whatever Node
 * started this file: TypeScript is run as it is, which older ones cannot.
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
  console.error('aisle: the project is not installed yet; run "npm ci" in its folder once.');
  process.exit(1);
}

const child = spawn(pinned, [join(tools, 'aisle.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl+C reaches the child by itself; this process only has to outlive it and hand its answer on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) =>
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
);
