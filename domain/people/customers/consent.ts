/**
 * What a customer agreed to, purpose by purpose. Consents are appended and never changed, so that past decisions can be checked
 * against the consents of their time.
 *
 * Grants and refusals arrive late, twice and out of order, from clocks that are wrong and from lists that know only a date. A
 * push after a refusal cannot be undone; a push that was not sent can be made up for. So a grant holds only where it was
 * certainly given after every refusal: a refusal counts from its arrival, a grant from the earliest instant at which it may
 * have been given, and of two at the same time the refusal counts.
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
  /** The earliest instant at which it may have been decided, never after its arrival. Of a date, the beginning of the day. */
  readonly atMs: number;
  /** Its arrival, by our clock; absent in rows of earlier releases, which arrived at `atMs`. */
  readonly receivedAtMs?: number;
  /** The time by the clock that stated it, where that differs from `atMs`. */
  readonly statedAtMs?: number;
  /** The phone or app server by whose clock the time is; the decisions of one clock are in its order. */
  readonly clock?: string;
  /** The last instant of the day, where only the day is known. */
  readonly dayEndsAtMs?: number;
}

type Decision = Pick<Consent, 'purpose' | 'isGranted' | 'proof' | 'source'>;

/**
 * Returns a decision whose time a phone or an app server stated. A time after its arrival is that of a clock that is ahead:
 * a grant of tomorrow would outlive a withdrawal of today.
 */
export const statedConsent = (
  decision: Decision,
  { clock, statedAtMs, receivedAtMs }: Required<Pick<Consent, 'clock' | 'statedAtMs' | 'receivedAtMs'>>,
): Consent => ({
  ...decision,
  atMs: Math.min(statedAtMs, receivedAtMs),
  receivedAtMs,
  ...(statedAtMs > receivedAtMs && { statedAtMs }),
  clock,
});

/** Returns a decision of which only the day is known: from the first to the last of its instants. */
export const datedConsent = (
  decision: Decision,
  day: { readonly fromMs: number; readonly untilMs: number },
  receivedAtMs: number,
): Consent => ({ ...decision, atMs: day.fromMs, dayEndsAtMs: day.untilMs, receivedAtMs });

/** Reports whether a purpose was granted as of a time, by the decisions until then; without any, it was not. */
export function hasConsent(consents: readonly Consent[], purpose: ConsentPurpose, atMs: number): boolean {
  const ofPurpose = consents.filter((consent) => consent.purpose === purpose);
  const refusals = ofPurpose.filter((consent) => !consent.isGranted && consent.atMs <= atMs);
  return ofPurpose.some(
    (grant) =>
      grant.isGranted &&
      inForceFromMs(grant) <= atMs &&
      refusals.every((refusal) => isCertainlyAfter(grant, refusal)),
  );
}

const arrivalOf = ({ atMs, receivedAtMs = atMs }: Consent): number => receivedAtMs;

/** A grant of a day had been given by the end of the day, and when it arrived. */
const inForceFromMs = (grant: Consent): number =>
  grant.dayEndsAtMs === undefined ? grant.atMs : Math.min(grant.dayEndsAtMs, arrivalOf(grant));

/**
 * Within one clock its own order counts, however far behind it is; one that is ahead may have been corrected in between, so
 * its grant must also have arrived later. Between two clocks the refusal may have been spoken until it arrived.
 */
function isCertainlyAfter(grant: Consent, refusal: Consent): boolean {
  const isOneClock = grant.clock !== undefined && grant.clock === refusal.clock;
  if (!isOneClock) return grant.atMs > arrivalOf(refusal);
  const isStatedLater = (grant.statedAtMs ?? grant.atMs) > (refusal.statedAtMs ?? refusal.atMs);
  return isStatedLater && (grant.statedAtMs === undefined || arrivalOf(grant) > arrivalOf(refusal));
}

/**
 * Reports whether a purpose was refused as of a time: asked for, answered with no, and not granted since. A customer who
 * never answered has not refused.
 */
export const hasRefused = (consents: readonly Consent[], purpose: ConsentPurpose, atMs: number): boolean =>
  consents.some((one) => one.purpose === purpose && !one.isGranted && one.atMs <= atMs) &&
  !hasConsent(consents, purpose, atMs);
