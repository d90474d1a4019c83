/**
 * What the terminal shows: one line per thing worth seeing. What a function prints at level INFO, its metrics and
 * requests that went well are not, unless asked for.
 */
import type { CloudLog } from '../cloud.ts';

export interface Screen {
  /** A line of the opening: a word and what there is to say. */
  fact(word: string, text: string): void;
  /** Something that happened now. */
  event(who: string, text: string): void;
  log(line: CloudLog): void;
}

const WORD_COLUMNS = 10;
const WHO_COLUMNS = 18;
const LEVELS_SHOWN: ReadonlySet<unknown> = new Set(['WARN', 'ERROR', 'CRITICAL']);
/** From here on an answer is the cloud's failure and not the client's. */
const STATUS_FAILED_MIN = 500;

export function createScreen(write: (line: string) => void, isVerbose: boolean): Screen {
  const event = (who: string, text: string) => {
    const time = new Date().toISOString().slice(11, 19);
    for (const line of text.trimEnd().split('\n')) write(`  ${time}  ${who.padEnd(WHO_COLUMNS)}${line}`);
  };
  return {
    fact: (word, text) => write(`  ${word.padEnd(WORD_COLUMNS)}${text}`),
    event,
    log(line) {
      const text = isVerbose ? line.text : worthShowing(line);
      if (text) event(line.name, text);
    },
  };
}

/** The part of a log line to show, if any. */
function worthShowing({ source, text }: CloudLog): string | undefined {
  if (source === 'trouble') return text;
  const entry = parseObject(text);
  if (source === 'access') {
    return Number(entry?.['status']) >= STATUS_FAILED_MIN
      ? `${entry?.['route']} answered ${entry?.['status']}`
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
