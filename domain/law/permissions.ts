/**
 * What a store may do with faces today. It follows from three things and from nothing else: the law of the place, the
 * sign at the door, and what the store itself wants. Without all three, faces are off, and everything else works.
 */
import type { BusinessDay } from '../chain/business-day.ts';

export const JURISDICTIONS = ['CN', 'EU', 'US', 'US-IL', 'demo'] as const;
/** A pack of rules; `demo` permits everything and is for demonstrations with photographs of nobody in the room. */
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** `members`: those who agreed may be known, nobody else is kept. `visitors`: whoever comes in may be told apart. */
export const FACE_MODES = ['off', 'members', 'visitors'] as const;
export type FaceMode = (typeof FACE_MODES)[number];

/** What a store's people set. */
export interface LawSettings {
  readonly jurisdiction: Jurisdiction;
  /** Since when the sign that says what cameras do here hangs at every entrance. */
  readonly signSince?: BusinessDay;
  readonly face: FaceMode;
  readonly watchList: boolean;
  /** How long a visitor who never agreed to more may be kept, where the law lets the store choose; days. */
  readonly visitorRetentionDays?: number;
}

/** What they come to under the law. */
export interface Permissions {
  readonly face: FaceMode;
  readonly watchList: boolean;
  /** After so many days without a visit, a visitor is forgotten. 0 where visitors may not be kept at all. */
  readonly visitorRetentionDays: number;
  /** Whether faces may leave the country of the store. */
  readonly crossBorder: boolean;
  /** Why something that the store wants is not permitted: for the manager, in a sentence each, with its source. */
  readonly withheld: readonly Withheld[];
}

export interface Withheld {
  readonly what: 'face' | 'watchList' | 'visitorRetentionDays';
  readonly because: string;
  /** The article or section. */
  readonly source: string;
}
