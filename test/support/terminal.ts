/** A terminal that records its output for a test. */
import type { Terminal } from '#tools/command.ts';

export interface RecordingTerminal extends Terminal {
  readonly printed: { out: string; err: string };
}

/** Creates a terminal in a folder, without environment variables and with the real clock unless overridden. */
export function recordingTerminal(
  cwd: string,
  more: Partial<Pick<Terminal, 'env' | 'nowMs' | 'stop'>> = {},
): RecordingTerminal {
  const printed = { out: '', err: '' };
  return {
    printed,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    env: {},
    cwd,
    nowMs: Date.now,
    columns: undefined,
    stop: new AbortController().signal,
    ...more,
  };
}
