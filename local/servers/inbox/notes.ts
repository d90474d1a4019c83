/** What a phone makes of a push: the words it shows, where a tap leads, and what its app hands back when it is opened. */
import type { Delivery } from '../sns/server.ts';

export interface Note {
  readonly messageId: string;
  readonly title: string;
  readonly body: string;
  /** Empty where a tap leads nowhere. */
  readonly link: string;
  /** Empty where the push was none of the product's. */
  readonly pushId: string;
  readonly sentAtMs: number;
}

/** What is on the screen, the newest first: of pushes that take each other's place only the last. */
export function notesOf(newestFirst: readonly Delivery[]): Note[] {
  const places = new Set<string>();
  return newestFirst
    .filter(({ collapseId }) => {
      if (collapseId === undefined) return true;
      const isFirst = !places.has(collapseId);
      places.add(collapseId);
      return isFirst;
    })
    .map(noteOf);
}

export function noteOf({ messageId, platform, payload, sentAtMs }: Delivery): Note {
  const { shown, data } = platform === 'GCM' ? ofFcm(payload) : ofApple(payload);
  return {
    messageId,
    title: textIn(shown, 'title'),
    body: textIn(shown, 'body'),
    link: textIn(data, 'link'),
    pushId: textIn(data, 'pushId'),
    sentAtMs,
  };
}

interface Parts {
  readonly shown: unknown;
  readonly data: unknown;
}

function ofFcm(payload: Delivery['payload']): Parts {
  const message = fieldOf(payload['fcmV1Message'], 'message') ?? payload;
  const data = fieldOf(message, 'data');
  // A plain text comes as data of this name.
  return { shown: fieldOf(message, 'notification') ?? { body: fieldOf(data, 'default') }, data };
}

function ofApple(payload: Delivery['payload']): Parts {
  const alert = fieldOf(payload['aps'], 'alert');
  return { shown: typeof alert === 'string' ? { body: alert } : alert, data: payload };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textIn(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : '';
}
