/**
 * The inbox: a web page that shows what the local SNS has published to each phone, like a phone's lock
 * screen. It exists in the local cloud only; on AWS the messages reach real phones.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Phone, SnsServer } from '../sns/server.ts';
import type { ListedPhone, Note, NotesResponse } from './api.ts';
import { noteOf, notesOf } from './notes.ts';
import { type AssetName, pageAssets } from './page-assets.ts';

export interface Inbox {
  /** Returns whether the inbox handles this path. */
  owns(path: string): boolean;
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Returns all notes sent to the phone with this push token, oldest first; none for an unknown token. */
  receivedBy(pushToken: string): Note[];
}

export const INBOX_PATH = '/inbox';

type Phones = Pick<SnsServer, 'phones' | 'phoneOf' | 'deliveries'>;

const ASSETS: Readonly<Record<string, AssetName>> = {
  [INBOX_PATH]: 'index.html',
  [`${INBOX_PATH}/`]: 'index.html',
  [`${INBOX_PATH}/style.css`]: 'style.css',
  [`${INBOX_PATH}/main.js`]: 'main.js',
};

/** Returns the inbox of an SNS server. */
export function openInbox(sns: Phones): Inbox {
  const assetNamed = pageAssets();

  /** Finds a phone by the id in the list of phones or by its push token, which only its registrar has. */
  const findPhone = (idOrToken: string): Phone | undefined =>
    sns.phones().find((phone) => idOf(phone) === idOrToken) ?? sns.phoneOf(idOrToken);

  const notesFor = (idOrToken: string): NotesResponse | undefined => {
    const phone = findPhone(idOrToken);
    return phone && { phone: idOf(phone), notes: notesOf(sns.deliveries(phone.endpointArn)) };
  };

  return {
    owns: (path) => path === INBOX_PATH || path.startsWith(`${INBOX_PATH}/`),
    async handle(message, response) {
      if (!namesThisMachine(message))
        return sendJson(response, 403, { error: 'the inbox accepts requests from this machine only' });
      const { pathname, searchParams } = new URL(message.url ?? '/', 'http://127.0.0.1');
      const asset = Object.hasOwn(ASSETS, pathname) ? ASSETS[pathname] : undefined;
      if (asset !== undefined) {
        const { contentType, content } = await assetNamed(asset);
        return send(response, 200, contentType, content);
      }
      if (pathname === `${INBOX_PATH}/phones`) return sendJson(response, 200, listPhones(sns));
      if (pathname === `${INBOX_PATH}/notes`) {
        const found = notesFor(searchParams.get('phone') ?? '');
        return found === undefined
          ? sendJson(response, 404, { error: 'phone not found' })
          : sendJson(response, 200, found);
      }
      return sendJson(response, 404, { error: 'not found' });
    },
    receivedBy(pushToken) {
      const phone = sns.phoneOf(pushToken);
      return phone === undefined ? [] : sns.deliveries(phone.endpointArn).map(noteOf).reverse();
    },
  };
}

function listPhones(sns: Phones): ListedPhone[] {
  return sns.phones().map((phone, index) => ({
    id: idOf(phone),
    number: index + 1,
    kind: phone.platform === 'GCM' ? 'android' : 'iphone',
    isReachable: phone.isEnabled,
    lastSentAtMs: phone.lastSentAtMs,
  }));
}

/** Returns the last part of the phone's ARN. */
function idOf({ endpointArn }: Phone): string {
  return endpointArn.slice(endpointArn.lastIndexOf('/') + 1);
}

/**
 * Returns whether the request's `Host` is this machine. The local cloud listens on the loopback interface,
 * but a web page whose domain resolves to it (DNS rebinding) reaches it through the browser; such a request
 * names the page's own host.
 */
function namesThisMachine({ headers }: IncomingMessage): boolean {
  const host = headers.host?.replace(/:\d+$/, '') ?? '';
  return ['127.0.0.1', 'localhost'].includes(host);
}

/** The page loads nothing from other origins and runs no script but its own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function send(response: ServerResponse, status: number, contentType: string, content: string): void {
  response
    .writeHead(status, {
      'content-type': contentType,
      'cache-control': 'no-store',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .end(content);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}
