/**
 * Who stands behind a user of the face collection. The id says of which kind, so that a function that sees nothing but
 * a search's answer can tell a member who agreed from a visitor who was only told apart.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId } from '../../chain/ids.ts';

/** `watch`: somebody whom a store may look out for, where the law lets it. */
export type UserKind = 'visitor' | 'member' | 'staff' | 'watch';

const PREFIXES: Readonly<Record<UserKind, string>> = { visitor: 'v', member: 'm', staff: 's', watch: 'w' };

/** Rekognition takes 1 to 128 of these as a user's id. */
const PLAIN = /[A-Za-z0-9_-]/;
const USER_ID_LENGTH_MAX = 128;

/**
 * The user of somebody with a number of their own. Member numbers are other systems' and may hold anything; what the
 * service does not take is written as `:` and the hexadecimal of its UTF-8 bytes, so two numbers are never one user.
 * Undefined where the number is too long for it.
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

/** The number behind a user of somebody with a number of their own; undefined for all others, and for what none of us wrote. */
export function memberNumberOf(kind: 'member' | 'staff' | 'watch', userId: string): string | undefined {
  const prefix = `${PREFIXES[kind]}.`;
  if (!userId.startsWith(prefix)) return undefined;
  const written = userId.slice(prefix.length);
  const bytes = (hexes: string): Uint8Array =>
    Uint8Array.from(hexes.matchAll(/[0-9a-f]{2}/g), ([hex]) => Number.parseInt(hex, 16));
  const number = written.replace(/(?::[0-9a-f]{2})+/g, (hexes) => new TextDecoder().decode(bytes(hexes)));
  return memberUserId(kind, number) === userId ? number : undefined;
}

/** The user of a visitor who was first seen in a frame; `hash` names the frame and the face in it. */
export const visitorUserId = (hash: string): string => `${PREFIXES.visitor}.${hash}`;

/** Undefined for a user that none of us made. */
export function userKindOf(userId: string): UserKind | undefined {
  const kinds = Object.keys(PREFIXES) as UserKind[];
  return kinds.find((kind) => userId.startsWith(`${PREFIXES[kind]}.`));
}

export interface FaceConsent {
  /** What shows that they agreed: the number of a form, a record of the app. */
  readonly proof: string;
  readonly grantedAtMs: number;
  readonly withdrawnAtMs?: number;
}

/** A store and a day on which a user was seen. */
export interface SeenOn {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
}

/** What is kept of a user beside the vectors. */
export interface FaceUser {
  readonly userId: string;
  readonly kind: UserKind;
  /** Where they were enrolled; its law says how long a visitor is kept. */
  readonly storeId: StoreId;
  readonly enrolledAtMs: number;
  /** The first frame of the last day on which they were seen. */
  readonly lastSeenAtMs: number;
  readonly faceIds: readonly string[];
  readonly seenOn: readonly SeenOn[];
  readonly consent?: FaceConsent;
  /** The user that turned out to be the same person, and goes on for both. */
  readonly mergedInto?: string;
}

/** Whether a user may be known at all: members and staff only while their consent stands. */
export function isConsentValid({ kind, consent, mergedInto }: FaceUser): boolean {
  if (mergedInto !== undefined) return false;
  if (kind === 'visitor' || kind === 'watch') return true;
  return consent !== undefined && consent.withdrawnAtMs === undefined;
}
