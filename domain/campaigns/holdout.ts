/**
 * Who is held out of a campaign. A hash of campaign and person decides it, so it needs no row, no draw and no memory: the
 * same person is held out for the campaign's whole life, on every phone and after every restart, and being held out of
 * one campaign says nothing about the next.
 *
 * FNV-1a of 64 bits (draft-eastlake-fnv) reads the names; its last byte moves only the low half, so MurmurHash3's
 * finaliser (fmix64) spreads it before the upper bits are read.
 */
import type { CampaignId, PersonId } from '../chain/ids.ts';

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
const MIX_A = 0xff51afd7ed558ccdn;
const MIX_B = 0xc4ceb9fe1a85ec53n;
/** As many bits as a double holds exactly. */
const PLACE_BITS = 53n;

/** FNV-1a, 64 bits, of a text in UTF-8. */
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

/** Where a person stands in a campaign's lot: 0 … below 1, as good as uniform. `~` stands in no id of either kind. */
export const shareOfHash = (campaignId: CampaignId, personId: PersonId): number =>
  Number(fmix64(fnv1a64(`${campaignId}~${personId}`)) >> (64n - PLACE_BITS)) / 2 ** Number(PLACE_BITS);

/** Raising a share holds more people out and lets nobody back in; lowering it holds nobody out anew. */
export const isHeldOut = (campaignId: CampaignId, personId: PersonId, share: number): boolean =>
  shareOfHash(campaignId, personId) < share;
