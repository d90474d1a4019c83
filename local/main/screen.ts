/**
 * The terminal's output: one line per relevant event. A function's INFO lines, its metrics and successful
 * requests are shown in verbose mode only.
 */
import type { CloudLog } from '../cloud.ts';

export interface Screen {
  /** Prints a line of the start-up summary: a label and its value. */
  fact(label: string, text: string): void;
  /** Prints an event with the time and its source. */
  event(source: string, text: string): void;
  /** Prints a line of the local cloud where it is relevant. */
  log(line: CloudLog): void;
}

const LABEL_COLUMNS = 13;
const SOURCE_COLUMNS = 18;
const LEVELS_SHOWN: ReadonlySet<unknown> = new Set(['WARN', 'ERROR', 'CRITICAL']);
/** Statuses from here on are failures of the server and not of the client. */
const STATUS_FAILED_MIN = 500;

/** Returns a screen that writes its lines with `write`. */
export function createScreen(write: (line: string) => void, isVerbose: boolean): Screen {
  const event = (source: string, text: string) => {
    const time = new Date().toISOString().slice(11, 19);
    for (const line of text.trimEnd().split('\n'))
      write(`  ${time}  ${source.padEnd(SOURCE_COLUMNS - 1)} ${line}`);
  };
  return {
    fact: (label, text) => write(`  ${label.padEnd(LABEL_COLUMNS)}${text}`),
    event,
    log(line) {
      const text = isVerbose ? line.text : relevantPart(line);
      if (text) event(line.name, text);
    },
  };
}

/** Returns the part of a log line to print, if any. */
function relevantPart({ source, text }: CloudLog): string | undefined {
  if (source === 'error') return text;
  const entry = parseObject(text);
  if (source === 'access') {
    return Number(entry?.['status']) >= STATUS_FAILED_MIN
      ? `${entry?.['route']} responded with ${entry?.['status']}`
      : undefined;
  }
  if (!entry) return text.trim() || undefined;
  if (!LEVELS_SHOWN.has(entry['level'])) return undefined;
  const error = entry['error'] as { readonly message?: string } | undefined;
  return `${entry['level']} ${entry['message']}${error?.message ? `: ${error.message}` : ''}`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
