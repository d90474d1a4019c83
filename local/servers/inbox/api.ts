/** The JSON that the inbox's endpoints return to its page. */

/** `GET /inbox/phones` returns a list of these, in the order of registration. */
export interface ListedPhone {
  /** The last part of the endpoint's ARN; the push token is never returned. */
  readonly id: string;
  /** From 1, in the order of registration: phones have no other name. */
  readonly number: number;
  readonly kind: 'android' | 'iphone';
  /** False when the app was removed or the endpoint was disabled by hand. */
  readonly isReachable: boolean;
  /** Time of the last message; undefined before the first. */
  readonly lastSentAtMs: number | undefined;
}

/** A push message as a phone shows it. */
export interface Note {
  readonly messageId: string;
  readonly title: string;
  readonly body: string;
  /** The URL that a tap opens; empty without one. */
  readonly link: string;
  /** Aisle's id of the push; empty for messages that Aisle did not send. */
  readonly pushId: string;
  readonly sentAtMs: number;
}

/** `GET /inbox/notes?phone=<id or push token>` returns this, with the newest note first. */
export interface NotesResponse {
  readonly phone: string;
  readonly notes: readonly Note[];
}
