/** Converts messages published to the local SNS into notes as Android and iOS show them. */
import type { Delivery } from '../sns/server.ts';
import type { Note } from './api.ts';

/**
 * Returns the notes on the screen, newest first. Of several messages with the same collapse id only the
 * newest is shown, as on a phone.
 */
export function notesOf(newestFirst: readonly Delivery[]): Note[] {
  const collapseIds = new Set<string>();
  return newestFirst
    .filter(({ collapseId }) => {
      if (collapseId === undefined) return true;
      const isNewest = !collapseIds.has(collapseId);
      collapseIds.add(collapseId);
      return isNewest;
    })
    .map(noteOf);
}

/** Returns a message as a note. Missing and mistyped members of the payload become empty texts. */
export function noteOf({ messageId, platform, payload, sentAtMs }: Delivery): Note {
  const { alert, data } = platform === 'GCM' ? partsOfFcm(payload) : partsOfApns(payload);
  return {
    messageId,
    title: textIn(alert, 'title'),
    body: textIn(alert, 'body'),
    link: textIn(data, 'link'),
    pushId: textIn(data, 'pushId'),
    sentAtMs,
  };
}

interface Parts {
  /** Title and body. */
  readonly alert: unknown;
  /** The custom data for the app. */
  readonly data: unknown;
}

function partsOfFcm(payload: Delivery['payload']): Parts {
  const message = fieldOf(payload['fcmV1Message'], 'message') ?? payload;
  const data = fieldOf(message, 'data');
  // SNS delivers a plain text as a data message with the field `default`.
  return { alert: fieldOf(message, 'notification') ?? { body: fieldOf(data, 'default') }, data };
}

function partsOfApns(payload: Delivery['payload']): Parts {
  const alert = fieldOf(payload['aps'], 'alert');
  return { alert: typeof alert === 'string' ? { body: alert } : alert, data: payload };
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
