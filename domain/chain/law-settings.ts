/** What a store’s people set about cameras and faces; `domain/law` decides what of it is permitted. */
import type { BusinessDay } from './business-day.ts';

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
