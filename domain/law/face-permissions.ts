/**
 * What a store may do with faces on a day. It depends on three things: the jurisdiction, the sign at the entrance, and
 * the store's own settings. Without all three, faces are off, and everything else works.
 */
import type { FaceMode } from '../chain/law-settings.ts';

export interface Permissions {
  readonly face: FaceMode;
  readonly watchList: boolean;
  /** Days without a visit after which a visitor is deleted; 0 where visitors may not be kept at all. */
  readonly visitorRetentionDays: number;
  /** Whether faces may leave the country of the store. */
  readonly crossBorder: boolean;
  /** Settings that are not permitted, each with a reason for the store manager. */
  readonly withheld: readonly WithheldPermission[];
}

export interface WithheldPermission {
  readonly what: 'face' | 'watchList' | 'visitorRetentionDays';
  /** One sentence. */
  readonly reason: string;
  /** The article or section. */
  readonly source: string;
}
