/**
 * Users of the face collection. The id contains the kind of user, so that a function can distinguish a consenting member
 * from a visitor by the result of a search alone.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId } from '../../chain/ids.ts';

/** `watch`: a person on the store's watch-list, where the law permits one. */
export type UserKind = 'visitor' | 'member' | 'staff' | 'watch';

const PREFIXES: Readonly<Record<UserKind, string>> = { visitor: 'v', member: 'm', staff: 's', watch: 'w' };

/** Rekognition accepts 1 to 128 of these characters as a user's id. */
const PLAIN = /[A-Za-z0-9_-]/;
const USER_ID_LENGTH_MAX = 128;

/**
 * Returns the user id for a member, staff or watch-list number. Numbers come from other systems and may contain anything;
 * characters that the service does not accept are written as `:` and the hexadecimal of their UTF-8 bytes, so that two
 * numbers never share a user. Undefined where the number is empty or too long.
 */
export function memberUserId(kind: 'member' | 'staff' | 'watch', number: string): string | undefined {
  const written = [...number]
    .map((character) => (PLAIN.test(character) ? character : hexOf(character)))
    .join('');
  const userId = `${PREFIXES[kind]}.${written}`;
  return number === '' || userId.length > USER_ID_LENGTH_MAX ? undefined : userId;
}

const hexOf = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `:${byte.toString(16).padStart(2, '0')}`).join('');

/** Returns the number in a user id that `memberUserId` made; undefined for all other ids. */
export function memberNumberOf(kind: 'member' | 'staff' | 'watch', userId: string): string | undefined {
  const prefix = `${PREFIXES[kind]}.`;
  if (!userId.startsWith(prefix)) return undefined;
  const written = userId.slice(prefix.length);
  const bytes = (hexes: string): Uint8Array =>
    Uint8Array.from(hexes.matchAll(/[0-9a-f]{2}/g), ([hex]) => Number.parseInt(hex, 16));
  const number = written.replace(/(?::[0-9a-f]{2})+/g, (hexes) => new TextDecoder().decode(bytes(hexes)));
  return memberUserId(kind, number) === userId ? number : undefined;
}

/** Returns the user id of a visitor who was first seen in a frame; `hash` identifies the frame and the face in it. */
export const visitorUserId = (hash: string): string => `${PREFIXES.visitor}.${hash}`;

/** Returns the kind of a user; undefined for an id without a known prefix. */
export function userKindOf(userId: string): UserKind | undefined {
  const kinds = Object.keys(PREFIXES) as UserKind[];
  return kinds.find((kind) => userId.startsWith(`${PREFIXES[kind]}.`));
}

export interface FaceConsent {
  /** The record that proves it: the number of a form, an entry of the app's log. */
  readonly proof: string;
  readonly grantedAtMs: number;
  readonly withdrawnAtMs?: number;
}

/** A store and a day on which a user was seen. */
export interface SeenOn {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
}

/** What is stored about a user beside the vectors. */
export interface FaceUser {
  readonly userId: string;
  readonly kind: UserKind;
  /** The store of the enrolment; its law limits how long a visitor is kept. */
  readonly storeId: StoreId;
  readonly enrolledAtMs: number;
  /** The first frame of the last day on which they were seen. */
  readonly lastSeenAtMs: number;
  readonly faceIds: readonly string[];
  readonly seenOn: readonly SeenOn[];
  readonly consent?: FaceConsent;
  /** The user of the same person into which this one was merged. */
  readonly mergedInto?: string;
}

/** Reports whether a user may be recognised: members and staff only while their consent is not withdrawn. */
export function isConsentValid({ kind, consent, mergedInto }: FaceUser): boolean {
  if (mergedInto !== undefined) return false;
  if (kind === 'visitor' || kind === 'watch') return true;
  return consent !== undefined && consent.withdrawnAtMs === undefined;
}
