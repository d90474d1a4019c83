/**
 * AWS prices in us-east-1, and the cost of a number of calls. Most of it are the face calls, whose price falls in tiers with
 * the calls of the whole account in a month.
 */

/** A tier: its price applies to a month's calls up to a limit; the last tier has none. */
interface Tier {
  readonly callsUpTo: number;
  readonly dollarsPerCall: number;
}

/** Rekognition Image's group 1. Creating, listing and deleting are free; detection is in another group. */
export const PAID_OPERATIONS = [
  'IndexFaces',
  'SearchUsers',
  'SearchFaces',
  'AssociateFaces',
  'DisassociateFaces',
  'SearchUsersByImage',
  'SearchFacesByImage',
  'CompareFaces',
] as const;

/** Returns the number of paid calls. */
export const paidCalls = (calls: Readonly<Record<string, number>>): number =>
  PAID_OPERATIONS.reduce((sum, name) => sum + (calls[name] ?? 0), 0);

/**
 * Prices of group 1, aws.amazon.com/rekognition/pricing, as known in November 2026. The page renders its tables in the
 * browser; a transcription of 2026-10-07 contains worked examples only, which show the same first three prices for group 2.
 * Check the page before signing a budget.
 */
export const FACE_CALLS: readonly Tier[] = [
  { callsUpTo: 1_000_000, dollarsPerCall: 0.001 },
  { callsUpTo: 5_000_000, dollarsPerCall: 0.0008 },
  { callsUpTo: 35_000_000, dollarsPerCall: 0.0006 },
  { callsUpTo: Number.POSITIVE_INFINITY, dollarsPerCall: 0.0004 },
];

/** Storage of a face vector or user vector for a month; same source. */
export const DOLLARS_PER_VECTOR_MONTH = 0.00001;

/**
 * Prices of the surrounding services: aws.amazon.com/{lambda,api-gateway,sqs}/pricing, as known in November 2026. A delayed
 * message is sent, received and deleted: three requests, fewer where several are received at once.
 */
export const DOLLARS_PER_FUNCTION_CALL = 0.2e-6;
/** On arm64. */
export const DOLLARS_PER_GB_SECOND = 0.0000133334;
export const DOLLARS_PER_HTTP_REQUEST = 1e-6;
export const DOLLARS_PER_QUEUE_REQUEST = 0.4e-6;
export const QUEUE_REQUESTS_PER_NOTICE = 3;

export const DAYS_PER_MONTH = 30;

/** Returns the cost of a month's paid calls of an account, in dollars. */
export function faceCallDollars(callsPerMonth: number): number {
  let from = 0;
  let dollars = 0;
  for (const { callsUpTo, dollarsPerCall } of FACE_CALLS) {
    dollars += Math.max(0, Math.min(callsPerMonth, callsUpTo) - from) * dollarsPerCall;
    from = callsUpTo;
  }
  return dollars;
}

/** Returns the cost of a store's paid calls of a day, in dollars, where a number of such stores share an account's tiers. */
export const storeDayDollars = (callsPerDay: number, stores: number): number =>
  faceCallDollars(callsPerDay * DAYS_PER_MONTH * stores) / DAYS_PER_MONTH / stores;

/** Returns the cost of ingesting and queueing frames, in dollars, without the face calls. */
export const aroundDollars = (frames: number, gbSecondsPerFrame: number, noticesPerFrame: number): number =>
  frames *
  (DOLLARS_PER_HTTP_REQUEST +
    DOLLARS_PER_FUNCTION_CALL +
    gbSecondsPerFrame * DOLLARS_PER_GB_SECOND +
    noticesPerFrame * QUEUE_REQUESTS_PER_NOTICE * DOLLARS_PER_QUEUE_REQUEST);
