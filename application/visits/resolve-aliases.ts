/**
 * Resolves merged visitor ids. Aliases form chains, and evidence belongs to the visitor day of the last id of its chain,
 * the canonical id. When an alias changes, evidence is misplaced until it is moved.
 *
 * A move is two writes, and a crash may fall between them. Evidence is written under the canonical id first and removed
 * after, so it may be stored twice for a while and is never lost; running the move again corrects it.
 */

import type { VisitorId } from '#domain/chain/ids.ts';
import {
  type Evidence,
  type VisitorDayKey,
  withoutParts,
  withParts,
} from '#domain/place/visits/visitor-day.ts';
import type { AliasStore } from '../ports/alias-store.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { recheckGroups } from './recheck-groups.ts';
import { publishAll, settleVisits, type VisitPorts } from './settle-visits.ts';
import type { StoreDayContext } from './visit-context.ts';

/** Longest chain of aliases; more enrolments of one person than that are a recognition fault of their own. */
const STEPS_MAX = 8;

/** Evidence that arrives during a move requires another round. */
const ROUNDS_MAX = 4;

/** Returns the canonical id of each visitor id; the id itself if it has no alias. */
export async function canonicalIds(
  aliases: Pick<AliasStore, 'intoOf'>,
  visitorIds: Iterable<VisitorId>,
): Promise<Map<VisitorId, VisitorId>> {
  const ids = new Set(visitorIds);
  const into = new Map<VisitorId, VisitorId>();
  let open = [...ids];
  for (let step = 0; step < STEPS_MAX && open.length > 0; step++) {
    const found = await aliases.intoOf(open);
    for (const [from, to] of found) into.set(from, to);
    open = [...new Set(found.values())].filter((id) => !into.has(id) && !ids.has(id));
  }
  return new Map([...ids].map((id) => [id, endOfChain(id, into)]));
}

function endOfChain(visitorId: VisitorId, into: ReadonlyMap<VisitorId, VisitorId>): VisitorId {
  const chain = [visitorId];
  for (;;) {
    const next = into.get(chain.at(-1) as VisitorId);
    if (next === undefined) return chain.at(-1) as VisitorId;
    const seenAt = chain.indexOf(next);
    // Two stores may have merged the same two people in opposite directions; every caller must get the same id.
    if (seenAt >= 0) return chain.slice(seenAt).sort()[0] as VisitorId;
    chain.push(next);
  }
}

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
  let moved = 0;
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

/** Returns the parts of a visitor day that belong to other canonical ids, by these ids. */
async function misplacedPartsOf(
  { aliases }: VisitPorts,
  stored: StoredVisitorDay | undefined,
): Promise<Map<VisitorId, Map<VisitorId, Evidence>>> {
  const misplaced = new Map<VisitorId, Map<VisitorId, Evidence>>();
  if (stored === undefined) return misplaced;
  const { visitorId, parts } = stored.visitorDay;
  const canonical = await canonicalIds(aliases, parts.keys());
  for (const [id, evidence] of parts) {
    const canonicalId = canonical.get(id) ?? id;
    if (canonicalId === visitorId) continue;
    misplaced.set(
      canonicalId,
      (misplaced.get(canonicalId) ?? new Map<VisitorId, Evidence>()).set(id, evidence),
    );
  }
  return misplaced;
}
