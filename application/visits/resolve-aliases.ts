/**
 * Resolves merged visitor ids. Aliases form chains, and evidence belongs to the visitor day of the last id of its chain,
 * the canonical id. When an alias changes, evidence is misplaced until it is moved.
 *
 * A move is two writes, and a crash may fall between them. Evidence is written under the canonical id first and removed
 * after, so it may be stored twice for a while and is never lost; running the move again corrects it.
 */

import type { VisitorId } from '#domain/chain/ids.ts';
import { isTrack } from '#domain/place/visits/sighting.ts';
import {
  type Evidence,
  type VisitorDayKey,
  withoutParts,
  withParts,
} from '#domain/place/visits/visitor-day.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { canonicalIds } from './canonical-ids.ts';
import { placeTrack } from './place-track.ts';
import { recheckGroups } from './recheck-groups.ts';
import { publishAll, settleVisits, type VisitPorts } from './settle-visits.ts';
import type { StoreDayContext } from './visit-context.ts';

/** Evidence that arrives during a move requires another round. */
const ROUNDS_MAX = 4;

/**
 * Moves the misplaced parts of a visitor day to their canonical ids; returns how many parts were moved.
 *
 * @throws Error if new misplaced evidence still arrives after the last round
 */
export async function moveToCanonical(
  ports: VisitPorts,
  context: StoreDayContext,
  key: VisitorDayKey,
): Promise<number> {
  let moved = await placeTracks(ports, context, key);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const misplaced = await misplacedPartsOf(ports, await ports.visits.load(key));
    if (misplaced.size === 0) return moved;
    const settled: StoredVisitorDay[] = [];
    for (const [canonicalId, parts] of misplaced) {
      const target = await settleVisits(
        ports,
        context,
        { ...key, visitorId: canonicalId },
        { change: (visitorDay) => withParts(visitorDay, parts), closes: true },
      );
      // Parts that the row of the canonical id cannot hold stay where they are.
      if (target.kind === 'unstorable') return moved;
      settled.push(target.stored);
      moved += parts.size;
    }
    const removed = new Map([...misplaced.values()].flatMap((parts) => [...parts]));
    const source = await settleVisits(ports, context, key, {
      change: (visitorDay) => withoutParts(visitorDay, removed),
      closes: true,
    });
    if (source.kind === 'settled') {
      settled.push(source.stored);
      // The companions of these visitors have another leader now, or none.
      for (const stored of [...settled]) settled.push(...(await recheckGroups(ports, context, stored)));
    }
    await publishAll(ports, settled);
  }
  throw new Error(`evidence of ${key.visitorId} is still misplaced after ${ROUNDS_MAX} rounds`);
}

/** Places the tracks with evidence in a visitor day, each by its own claims. */
async function placeTracks(ports: VisitPorts, context: StoreDayContext, key: VisitorDayKey): Promise<number> {
  const parts = (await ports.visits.load(key))?.visitorDay.parts ?? new Map<VisitorId, Evidence>();
  let changes = 0;
  for (const trackId of [...parts.keys()].filter(isTrack)) {
    changes += await placeTrack(ports, context, { ...key, visitorId: trackId }, [key.visitorId]);
  }
  return changes;
}

/** Returns the parts of a visitor day that belong to other canonical ids, by these ids. */
async function misplacedPartsOf(
  { aliases }: VisitPorts,
  stored: StoredVisitorDay | undefined,
): Promise<Map<VisitorId, Map<VisitorId, Evidence>>> {
  const misplaced = new Map<VisitorId, Map<VisitorId, Evidence>>();
  if (stored === undefined) return misplaced;
  const { visitorId, parts } = stored.visitorDay;
  const users = new Map([...parts].filter(([id]) => !isTrack(id)));
  const canonical = await canonicalIds(aliases, users.keys());
  for (const [id, evidence] of users) {
    const canonicalId = canonical.get(id) ?? id;
    if (canonicalId === visitorId) continue;
    misplaced.set(
      canonicalId,
      (misplaced.get(canonicalId) ?? new Map<VisitorId, Evidence>()).set(id, evidence),
    );
  }
  return misplaced;
}
