/**
 * The inbox: a page that looks like a phone, for phones that are none. What was pushed to an endpoint of the local SNS is on its
 * screen, and a tap does what it would do on a real one. On AWS there is nothing like it; there, there are phones.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Phone, SnsServer } from '../sns/server.ts';
import { type Note, noteOf, notesOf } from './notes.ts';
import { inboxPage } from './page.ts';

export interface Inbox {
  /** Whether the path is the inbox's to answer. */
  owns(path: string): boolean;
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
  /** What the phone with this push token was sent, the oldest first. */
  receivedBy(pushToken: string): Note[];
}

/** A phone among others: nobody gave it a name, so it has a number. */
export interface ListedPhone {
  readonly id: string;
  readonly number: number;
  readonly kind: 'android' | 'iphone';
  /** The app is gone from it, or it was switched off by hand. */
  readonly isReachable: boolean;
  /** When it was sent something last. */
  readonly lastSentAtMs: number | undefined;
}

export const INBOX_PATH = '/inbox';

type Phones = Pick<SnsServer, 'phones' | 'phoneOf' | 'deliveries'>;

export function openInbox(sns: Phones): Inbox {
  const listed = (): ListedPhone[] =>
    sns.phones().map((phone, index) => ({
      id: idOf(phone),
      number: index + 1,
      kind: phone.platform === 'GCM' ? 'android' : 'iphone',
      isReachable: phone.isEnabled,
      lastSentAtMs: phone.lastSentAtMs,
    }));

  /** Under the id of the list, or under the token that whoever registered the phone knows. */
  const phoneNamed = (name: string): Phone | undefined =>
    sns.phones().find((phone) => idOf(phone) === name) ?? sns.phoneOf(name);

  return {
    owns: (path) => path === INBOX_PATH || path.startsWith(`${INBOX_PATH}/`),
    async handle(message, response) {
      if (!isOfThisMachine(message))
        return json(response, 403, { error: 'the inbox is for this machine only' });
      const url = new URL(message.url ?? '/', 'http://127.0.0.1');
      switch (url.pathname) {
        case INBOX_PATH:
        case `${INBOX_PATH}/`:
          return showPage(response);
        case `${INBOX_PATH}/phones`:
          return json(response, 200, listed());
        case `${INBOX_PATH}/notes`: {
          const phone = phoneNamed(url.searchParams.get('phone') ?? '');
          if (phone === undefined) return json(response, 404, { error: 'there is no such phone' });
          return json(response, 200, {
            phone: idOf(phone),
            notes: notesOf(sns.deliveries(phone.endpointArn)),
          });
        }
        default:
          return json(response, 404, { error: 'there is nothing here' });
      }
    },
    receivedBy(pushToken) {
      const phone = sns.phoneOf(pushToken);
      return phone === undefined ? [] : sns.deliveries(phone.endpointArn).map(noteOf).reverse();
    },
  };
}

/** The last part of its ARN. */
function idOf({ endpointArn }: Phone): string {
  return endpointArn.slice(endpointArn.lastIndexOf('/') + 1);
}

/**
 * The front door listens on this machine alone, but a page elsewhere whose name was made to point here would come in
 * through the browser; such a page calls this machine by its own name.
 */
function isOfThisMachine({ headers }: IncomingMessage): boolean {
  const host = headers.host?.replace(/:\d+$/, '') ?? '';
  return ['127.0.0.1', 'localhost'].includes(host);
}

function showPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .end(inboxPage(nonce));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
