/** A terminal whose words a test can read. */
import type { Terminal } from '#tools/command.ts';

export interface ReadableTerminal extends Terminal {
  readonly said: { out: string; err: string };
}

export function readableTerminal(
  cwd: string,
  more: Partial<Pick<Terminal, 'env' | 'nowMs' | 'stop'>> = {},
): ReadableTerminal {
  const said = { out: '', err: '' };
  return {
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env: {},
    cwd,
    nowMs: Date.now,
    columns: undefined,
    stop: new AbortController().signal,
    ...more,
  };
}
