/** A store's settings for cameras and faces; `domain/law` decides which of them are permitted. */
import type { BusinessDay } from './business-day.ts';

export const JURISDICTIONS = ['CN', 'EU', 'US', 'US-IL', 'demo'] as const;

/** The law that applies; `demo` permits everything and is for demonstrations with photographs only. */
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
}
