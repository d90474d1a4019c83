/**
 * A child process that cannot outlive this one, not even when this one is killed outright.
 *
 * A killed process runs no exit handler, but the kernel closes its pipes. So a shell keeps one end of a
 * pipe in a background process that waits for the other end to close and then kills the child, and
 * replaces itself with the child: the process id this side knows is the child's own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface TetheredProcess {
  readonly stderr: Readable;
  /** Resolves when the child has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Lets the child end in good order, and resolves when it has. */
  end(): Promise<void>;
}

/** Descriptor 3 is the tether. A background process gets no standard input in sh, hence the redirection. */
const SCRIPT = '(cat <&3; kill -KILL $$) >/dev/null 2>&1 & exec "$@" 3<&-';

export function spawnTethered(command: string, args: readonly string[]): TetheredProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches the whole group, and the child must outlive what still writes to it.
    detached: true,
  });
  const [, , stderr, tether] = child.stdio;
  if (stderr === null || tether === null || tether === undefined) throw new Error('the child has no pipes');
  const ended = once(child, 'exit').then(() => {
    tether.destroy();
    stderr.destroy();
  });
  return {
    stderr: child.stderr as Readable,
    ended,
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
