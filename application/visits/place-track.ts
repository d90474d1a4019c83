/**
 * Moves each stay of a track to the visitor whose face was recognised in it, and back where that proves to be wrong. A
 * track is of one store and one business day, so no other store and no other day is touched.
 *
 * Where a stay belongs follows from all evidence of the track and all claims on it, whatever came first. As in
 * `resolve-aliases.ts`, evidence is written where it belongs before it is removed elsewhere.
 */
import type { VisitorId } from '#domain/chain/ids.ts';
import { shareByVisitor } from '#domain/place/visits/track-stays.ts';
import {
  type Evidence,
  equalEvidence,
  joinEvidence,
  NO_EVIDENCE,
  type VisitorDay,
  type VisitorDayKey,
  withParts,
} from '#domain/place/visits/visitor-day.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { canonicalIds } from './canonical-ids.ts';
import { recheckGroups } from './recheck-groups.ts';
import { publishAll, settleVisits, type VisitPorts } from './settle-visits.ts';
import type { StoreDayContext } from './visit-context.ts';

/** Evidence that arrives during a move requires another round. */
const ROUNDS_MAX = 4;

/**
 * Places the stays of a track, given by its own visitor day; returns the number of visitor days that changed.
 *
 * @param others visitors who may hold evidence of the track without a claim that still says so
 * @throws Error if evidence still arrives after the last round
 */
export async function placeTrack(
  ports: VisitPorts,
  context: StoreDayContext,
  key: VisitorDayKey,
  others: readonly VisitorId[] = [],
): Promise<number> {
  let changes = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const changed = await placeOnce(ports, context, key, others);
    if (changed === 0) return changes;
    changes += changed;
  }
  throw new Error(`stays of ${key.visitorId} are still misplaced after ${ROUNDS_MAX} rounds`);
}

async function placeOnce(
  ports: VisitPorts,
  context: StoreDayContext,
  key: VisitorDayKey,
  others: readonly VisitorId[],
): Promise<number> {
  const trackId = key.visitorId;
  const claims = await ports.aliases.claimsOn(trackId);
  const canonical = await canonicalIds(ports.aliases, [...claims.map(({ into }) => into), ...others]);
  const homes = new Set([trackId, ...others, ...canonical.keys(), ...canonical.values()]);
  const held = new Map<VisitorId, Evidence>();
  for (const visitorId of homes) {
    const part = (await ports.visits.load({ ...key, visitorId }))?.visitorDay.parts.get(trackId);
    if (part !== undefined) held.set(visitorId, part);
  }
  const all = [...held.values()].reduce(joinEvidence, NO_EVIDENCE);
  const shares = shareByVisitor(
    trackId,
    all,
    claims.map(({ into, atMs }) => ({ into: canonical.get(into) ?? into, atMs })),
  );
  const settled: StoredVisitorDay[] = [];
  const settle = async (visitorId: VisitorId, change: (day: VisitorDay) => VisitorDay): Promise<boolean> => {
    const outcome = await settleVisits(ports, context, { ...key, visitorId }, { change, closes: true });
    if (outcome.kind === 'settled' && outcome.isWritten) settled.push(outcome.stored);
    return outcome.kind === 'settled';
  };
  for (const [visitorId, share] of shares) {
    const isThere = covers(held.get(visitorId), share);
    // A share that the row of its visitor cannot hold stays where it is.
    if (!isThere && !(await settle(visitorId, (day) => withParts(day, new Map([[trackId, share]])))))
      return 0;
  }
  for (const [visitorId, before] of held) {
    const share = shares.get(visitorId);
    const grown = share === undefined ? before : joinEvidence(before, share);
    if (share !== undefined && equalEvidence(grown, share)) continue;
    await settle(visitorId, (day) => withPartInstead(day, trackId, grown, share));
  }
  for (const stored of [...settled]) settled.push(...(await recheckGroups(ports, context, stored)));
  await publishAll(ports, settled);
  return settled.length;
}

const covers = (held: Evidence | undefined, share: Evidence): boolean =>
  held !== undefined && equalEvidence(joinEvidence(held, share), held);

/** Returns the visitor day with a part replaced or removed; a part that gained evidence since stays for another round. */
function withPartInstead(
  day: VisitorDay,
  id: VisitorId,
  before: Evidence,
  share: Evidence | undefined,
): VisitorDay {
  const part = day.parts.get(id);
  if (part === undefined || !equalEvidence(part, before)) return day;
  const parts = new Map(day.parts);
  parts.delete(id);
  if (share !== undefined) parts.set(id, share);
  return { ...day, parts };
}
