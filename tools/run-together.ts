/**
 * `node tools/run-together.ts check:types check:lint … [-- arguments]`: runs scripts of package.json at the same time. Their
 * output appears one after the other, in the order in which they are given: live for the first that has not ended. What
 * follows `--` goes to the last script. Exits with 1 where one of them fails.
 */
import { spawn } from 'node:child_process';

const argv = process.argv.slice(2);
const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
const scripts = argv.slice(0, end);
const lastArguments = argv.slice(end + 1);

interface Running {
  /** Prints what was held back, and everything that follows as it comes. */
  show(): void;
  /** Resolves with the line about its end. */
  readonly ended: Promise<{ readonly isFailed: boolean; readonly headline: string }>;
}

/** Starts a script; its standard output and its errors are one text. */
function run(script: string, index: number): Running {
  const startedAtMs = performance.now();
  const rest = index === scripts.length - 1 && lastArguments.length > 0 ? ['--', ...lastArguments] : [];
  const child = spawn(process.execPath, ['--run', script, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env,
  });
  const held: Buffer[] = [];
  let print = (chunk: Buffer): unknown => held.push(chunk);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => print(chunk));
  return {
    show() {
      process.stdout.write(Buffer.concat(held));
      print = (chunk) => process.stdout.write(chunk);
    },
    ended: new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code) => {
        const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
        const isFailed = code !== 0;
        resolve({ isFailed, headline: `${isFailed ? '✗' : '✓'} ${script} (${seconds} s)\n` });
      });
    }),
  };
}

for (const { show, ended } of scripts.map(run)) {
  show();
  const { isFailed, headline } = await ended;
  process.stdout.write(headline);
  if (isFailed) process.exitCode = 1;
}
