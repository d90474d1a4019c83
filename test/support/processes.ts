/** Processes as the operating system lists them, for tests that check what a killed process leaves behind. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, vi } from 'vitest';

/** The guard of a child process ends shortly after the child. */
const GONE_MS_MAX = 5_000;

/** Returns the ids of all processes started below a process, directly or not. */
export function descendants(pid: number | undefined): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid ?? 0);
}

/** Rejects where one of the processes is still alive after five seconds. */
export const allGone = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), GONE_MS_MAX);
