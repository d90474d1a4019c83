/**
 * What a customer agreed to, purpose by purpose. Consents are appended and never changed: the newest one for a purpose
 * counts, so that past decisions can be checked against the consents of their time.
 */

/** Purposes that a customer may agree to, each by itself. */
export const PURPOSES = ['profile', 'location', 'push', 'face', 'personal-offers'] as const;
export type ConsentPurpose = (typeof PURPOSES)[number];

/** A grant or a withdrawal of one purpose. */
export interface Consent {
  readonly purpose: ConsentPurpose;
  readonly isGranted: boolean;
  /** The record that proves it: the number of a form, an entry of the app's log. */
  readonly proof: string;
  readonly source: string;
  readonly atMs: number;
}

/** Reports whether a purpose was granted as of a time: the newest consent until then counts; without any, it was not. */
export function hasConsent(consents: readonly Consent[], purpose: ConsentPurpose, atMs: number): boolean {
  let newest: Consent | undefined;
  for (const consent of consents) {
    if (consent.purpose !== purpose || consent.atMs > atMs) continue;
    // Of two at the same time the withdrawal counts.
    if (
      newest === undefined ||
      consent.atMs > newest.atMs ||
      (consent.atMs === newest.atMs && !consent.isGranted)
    )
      newest = consent;
  }
  return newest?.isGranted ?? false;
}
