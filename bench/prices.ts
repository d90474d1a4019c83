/**
 * What AWS asks for, in us-east-1, and what a number of calls comes to. Most of it is the price of looking at faces, which
 * falls in steps with the calls of a whole account in a month.
 */

/** A step: its price holds for the calls of a month up to so many; the last one has no end. */
interface Tier {
  readonly callsUpTo: number;
  readonly dollarsPerCall: number;
}

/** Rekognition Image's group 1. Creating, listing and deleting are free; what only detects is another group. */
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

/** How many of the calls have a price. */
export const paidCalls = (calls: Readonly<Record<string, number>>): number =>
  PAID_OPERATIONS.reduce((sum, name) => sum + (calls[name] ?? 0), 0);

/**
 * Of group 1. aws.amazon.com/rekognition/pricing, as known in November 2026: the page draws its tables in the browser, so
 * what could be read of it elsewhere (a transcription of 2026-10-07) are worked examples alone, which show the same first
 * three prices for group 2. Read the page before a budget is signed.
 */
export const FACE_CALLS: readonly Tier[] = [
  { callsUpTo: 1_000_000, dollarsPerCall: 0.001 },
  { callsUpTo: 5_000_000, dollarsPerCall: 0.0008 },
  { callsUpTo: 35_000_000, dollarsPerCall: 0.0006 },
  { callsUpTo: Number.POSITIVE_INFINITY, dollarsPerCall: 0.0004 },
];

/** A face vector or a user vector, kept for a month; same page, and not read again either. */
export const DOLLARS_PER_VECTOR_MONTH = 0.00001;

/**
 * What stands around the looking: aws.amazon.com/{lambda,api-gateway,sqs}/pricing, as known in November 2026. A delayed
 * notice is sent, received and deleted: three requests of the queue, fewer where several are received at once.
 */
export const DOLLARS_PER_FUNCTION_CALL = 0.2e-6;
/** On arm64. */
export const DOLLARS_PER_GB_SECOND = 0.0000133334;
export const DOLLARS_PER_HTTP_REQUEST = 1e-6;
export const DOLLARS_PER_QUEUE_REQUEST = 0.4e-6;
export const QUEUE_REQUESTS_PER_NOTICE = 3;

export const DAYS_PER_MONTH = 30;

/** What a month's calls cost together. */
export function faceCallDollars(callsPerMonth: number): number {
  let from = 0;
  let dollars = 0;
  for (const { callsUpTo, dollarsPerCall } of FACE_CALLS) {
    dollars += Math.max(0, Math.min(callsPerMonth, callsUpTo) - from) * dollarsPerCall;
    from = callsUpTo;
  }
  return dollars;
}

/** What a store's calls of a day cost where so many stores share the account, and with it the steps. */
export const storeDayDollars = (callsPerDay: number, stores: number): number =>
  faceCallDollars(callsPerDay * DAYS_PER_MONTH * stores) / DAYS_PER_MONTH / stores;

/** What it costs to have frames taken, looked at and looked at again, without the looking itself. */
export const aroundDollars = (frames: number, gbSecondsPerFrame: number, noticesPerFrame: number): number =>
  frames *
  (DOLLARS_PER_HTTP_REQUEST +
    DOLLARS_PER_FUNCTION_CALL +
    gbSecondsPerFrame * DOLLARS_PER_GB_SECOND +
    noticesPerFrame * QUEUE_REQUESTS_PER_NOTICE * DOLLARS_PER_QUEUE_REQUEST);
