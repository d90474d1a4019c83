/**
 * `node tools/run-together.ts check:types check:lint …`: runs scripts of package.json at the same time and prints their output
 * one after the other, in the order in which they are given. Exits with 1 where one of them fails.
 */
import { spawn } from 'node:child_process';

interface Finished {
  readonly isFailed: boolean;
  readonly output: string;
}

/** Runs a script to its end; its standard output and its errors are one text. */
function run(script: string): Promise<Finished> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['--run', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env,
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
      const headline = `${code === 0 ? '✓' : '✗'} ${script} (${seconds} s)`;
      resolve({ isFailed: code !== 0, output: `${headline}\n${Buffer.concat(chunks)}` });
    });
  });
}

const running = process.argv.slice(2).map(run);
for (const one of running) {
  const { isFailed, output } = await one;
  process.stdout.write(output);
  if (isFailed) process.exitCode = 1;
}
