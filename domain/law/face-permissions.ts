/**
 * What a store may do with faces on a day. It depends on four things: the jurisdiction, the sign at the entrance, the
 * country of the cloud, and the store's own settings. Without all four, faces are off, and everything else works.
 */
import type { FaceMode } from '../chain/law-settings.ts';
import type { PictureScope } from './pack.ts';

export interface Permissions {
  readonly face: FaceMode;
  /** The pictures in which faces may be looked for in the cloud; `none` where faces are off. */
  readonly pictures: PictureScope;
  /** Whether a device may report the number of a member whom it matched itself. */
  readonly deviceMembers: boolean;
  /** Whether staff may be recognised because they consented. */
  readonly staffByConsent: boolean;
  readonly watchList: boolean;
  /** Days without a visit after which a visitor is deleted; 0 where visitors may not be kept at all. */
  readonly visitorRetentionDays: number;
  /** Days without a visit after which a member's face is deleted; 0 where faces are off. */
  readonly memberRetentionDays: number;
  /** Whether faces may leave the jurisdiction for the country of this cloud, or any other where the cloud is inside. */
  readonly crossBorder: boolean;
  /** Settings that are not permitted, each with a reason for the store manager. */
  readonly withheld: readonly WithheldPermission[];
}

/** What can be withheld. `pictures`: frames and best shots, of all cameras or of those without a lane. */
export type Withholdable =
  | 'face'
  | 'watchList'
  | 'visitorRetentionDays'
  | 'memberRetentionDays'
  | 'pictures'
  | 'staffByConsent'
  | 'crossBorder';

export interface Reason {
  /** One sentence. */
  readonly reason: string;
  /** The article or section. */
  readonly source: string;
}

export interface WithheldPermission extends Reason {
  readonly what: Withholdable;
}

/** The sentence that goes with every statement of the law that the product makes. */
export const NO_LEGAL_ADVICE = 'This is no legal advice; ask counsel.';

/** Returns reasons with their sources and the note that this is no legal advice, as text that follows a refusal. */
export function reasonsText(reasons: readonly Reason[]): string {
  const sentences = new Set(reasons.map(({ reason, source }) => `${reason} (${source})`));
  return sentences.size === 0 ? '' : ` ${[...sentences].join(' ')} ${NO_LEGAL_ADVICE}`;
}

/** Returns why something is withheld, as text that follows a refusal; without names, why anything is. */
export function whyWithheld({ withheld }: Permissions, ...what: readonly Withholdable[]): string {
  return reasonsText(withheld.filter((one) => what.length === 0 || what.includes(one.what)));
}
