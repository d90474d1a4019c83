/**
 * What a store may do with faces today. It follows from three things and from nothing else: the law of the place, the
 * sign at the door, and what the store itself wants. Without all three, faces are off, and everything else works.
 */

import type { FaceMode } from '../chain/law-settings.ts';

/** What they come to under the law. */
export interface Permissions {
  readonly face: FaceMode;
  readonly watchList: boolean;
  /** After so many days without a visit, a visitor is forgotten. 0 where visitors may not be kept at all. */
  readonly visitorRetentionDays: number;
  /** Whether faces may leave the country of the store. */
  readonly crossBorder: boolean;
  /** Why something that the store wants is not permitted: for the manager, in a sentence each, with its source. */
  readonly withheld: readonly WithheldPermission[];
}

export interface WithheldPermission {
  readonly what: 'face' | 'watchList' | 'visitorRetentionDays';
  readonly because: string;
  /** The article or section. */
  readonly source: string;
}
