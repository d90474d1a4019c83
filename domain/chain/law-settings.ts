/** A store's settings for cameras and faces; `domain/law` decides which of them are permitted. */
import type { BusinessDay } from './business-day.ts';

export const JURISDICTIONS = [
  'CN',
  'EU',
  'UK',
  'NZ',
  'US',
  'US-CO',
  'US-IL',
  'US-MD',
  'US-OR-PDX',
  'US-TX',
  'demo',
] as const;

/** The law that applies; `demo` is for demonstrations with photographs on a laptop only. */
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** `members`: only consenting members are recognised and kept. `visitors`: every visitor is recognised as the same one. */
export const FACE_MODES = ['off', 'members', 'visitors'] as const;

export type FaceMode = (typeof FACE_MODES)[number];

export interface LawSettings {
  readonly jurisdiction: Jurisdiction;
  /** The first day on which a sign about the cameras hangs at every entrance. */
  readonly signSince?: BusinessDay;
  readonly face: FaceMode;
  readonly watchList: boolean;
  /** Days for which a visitor without consent is kept, where the law lets the store choose. */
  readonly visitorRetentionDays?: number;
  /** Days without a visit after which a member's face is deleted; some laws require the store to decide. */
  readonly memberRetentionDays?: number;
  /** The countries, ISO 3166-1, from which people read the store's customers; absent where only from its own. */
  readonly readers?: readonly string[];
}
