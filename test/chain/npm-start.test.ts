/**
 * `npm start` as a process: it starts, prints its address, and stops on a signal without leaving anything running. What it
 * keeps when it is killed is in killed-import.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { allGone, descendants } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** It synthesises first, and two cores may be shared with every other test. */
const START_MS_MAX = 90_000;
const SIMULATED_MS_MAX = 30_000;
const TEST_MS_MAX = 150_000;
const dataDir = mkdtempSync(join(tmpdir(), 'aisle-start-'));
const noteFile = join(dataDir, 'cloud.json');

let npmStart: ChildProcess | undefined;
afterAll(() => {
  npmStart?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

describe('npm start', { timeout: TEST_MS_MAX }, () => {
  it('prints its address and the staff, and exits with 0 and no process left on SIGINT in the simulated day', async () => {
    const child = spawn(process.execPath, ['local/main.ts', '--port', '0', '--data', dataDir], { cwd: ROOT });
    npmStart = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    await vi.waitFor(
      () => {
        if (child.exitCode !== null) throw new Error(output);
        expect(existsSync(noteFile), output).toBe(true);
      },
      { timeout: START_MS_MAX, interval: 50 },
    );
    const { url } = JSON.parse(readFileSync(noteFile, 'utf8'));
    await vi.waitFor(() => expect(output).toMatch(/Sign in as {3}boss, /), SIMULATED_MS_MAX);
    expect(output).toContain(url);
    const helpers = descendants(child.pid);
    expect(helpers.length).toBeGreaterThan(0);
    await vi.waitFor(() => expect(output).toContain('simulation'), SIMULATED_MS_MAX);
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    expect((await exit)[0]).toBe(0);
    expect(output).toContain('Stopped.');
    await allGone(helpers);
    expect(existsSync(noteFile)).toBe(false);
  });
});
