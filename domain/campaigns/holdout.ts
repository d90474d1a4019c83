/**
 * The randomised holdout of a campaign: customers who would be pushed and are not, as the control group. A hash of
 * campaign and customer decides it, so it needs no state: the same customer is held out for the campaign's whole life, on
 * every phone and after every restart, and the holdouts of two campaigns are independent.
 *
 * The hash is FNV-1a of 64 bits (draft-eastlake-fnv). Its last byte affects only the low half, so MurmurHash3's finaliser
 * (fmix64) mixes it before the upper bits are used.
 */
import type { CampaignId, PersonId } from '../chain/ids.ts';

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
const MIX_A = 0xff51afd7ed558ccdn;
const MIX_B = 0xc4ceb9fe1a85ec53n;
/** The bits of a whole number that a double holds exactly. */
const SHARE_BITS = 53n;

/** Computes the 64-bit FNV-1a hash of a text in UTF-8. */
export function fnv1a64(text: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash;
}

function fmix64(hash: bigint): bigint {
  let mixed = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * MIX_A);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 33n)) * MIX_B);
  return mixed ^ (mixed >> 33n);
}

/** Returns a customer's position in a campaign's randomisation, uniform over [0, 1). `~` occurs in neither kind of id. */
export const shareOfHash = (campaignId: CampaignId, personId: PersonId): number =>
  Number(fmix64(fnv1a64(`${campaignId}~${personId}`)) >> (64n - SHARE_BITS)) / 2 ** Number(SHARE_BITS);

/** Reports whether a customer is held out of a campaign with a holdout share of 0 … 1. The holdout of a lower share is a subset. */
export const isHeldOut = (campaignId: CampaignId, personId: PersonId, share: number): boolean =>
  shareOfHash(campaignId, personId) < share;
