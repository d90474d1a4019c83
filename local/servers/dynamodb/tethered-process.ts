/**
 * A child process that cannot outlive this one, not even when this one is killed.
 *
 * A killed process runs no exit handler, but the kernel closes its pipes. So a shell holds one end of a pipe in a
 * background process, which waits for the other end to close and then kills the child, and replaces itself with
 * the child: the process id on this side is the child's own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** Disposing of it ends the child in good order. */
export interface TetheredProcess extends AsyncDisposable {
  readonly stderr: Readable;
  /** Resolves when the child has ended, for any reason. */
  readonly ended: Promise<void>;
}

/** Descriptor 3 is the tether. A background process gets no standard input in sh, hence the redirection. */
const SCRIPT = '(cat <&3; kill -KILL $$) >/dev/null 2>&1 & exec "$@" 3<&-';

/** Starts a program whose standard error the caller must read. @throws where it has no pipes */
export function spawnTethered(command: string, args: readonly string[]): TetheredProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C reaches this process's group, and the child must outlive the writers in it.
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
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
