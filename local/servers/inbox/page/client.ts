/** The requests of the page: to the inbox's endpoints and, for a tap, to the product's API. */
import type { ListedPhone, NotesResponse } from '../api.ts';

export type Fetched<Body> =
  | { readonly kind: 'ok'; readonly body: Body }
  | { readonly kind: 'failed' }
  /** The local cloud did not respond. */
  | { readonly kind: 'offline' };

async function fetchJson<Body>(path: string): Promise<Fetched<Body>> {
  try {
    const response = await fetch(path, { cache: 'no-store' });
    // The page and its server are of one version, so the body has the type that `api.ts` declares.
    return response.ok ? { kind: 'ok', body: (await response.json()) as Body } : { kind: 'failed' };
  } catch {
    return { kind: 'offline' };
  }
}

/** Fetches the phones, in the order of registration. */
export const fetchPhones = (): Promise<Fetched<ListedPhone[]>> => fetchJson('/inbox/phones');

/** Fetches the notes of the phone with this id or push token; `failed` if there is none. */
export const fetchNotes = (phone: string): Promise<Fetched<NotesResponse>> =>
  fetchJson(`/inbox/notes?${new URLSearchParams({ phone })}`);

/**
 * Reports that a push was opened, with the phone's device key. A failed report is dropped, as in an app
 * without a network.
 */
export function reportOpen(pushId: string, key: string): void {
  void fetch(`/v1/pushes/${encodeURIComponent(pushId)}/open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{}',
    keepalive: true,
  }).catch(() => undefined);
}
