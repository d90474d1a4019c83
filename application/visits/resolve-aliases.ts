/**
 * Under whose name a visitor goes on. Ids point at ids, perhaps in steps, and what was seen under one of them belongs
 * to the stay of the last. Where a pointer changes, evidence is in the wrong place until somebody brings it home.
 *
 * Bringing home is two writes, and a crash may fall between them. Evidence is put down at its home first and taken away
 * after, so it may stand in two places for a while and is never in none; doing it again mends it.
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
import { publishAll, type SettleVisitsPorts, settleVisits } from './settle-visits.ts';
import type { StoreDayContext } from './visit-context.ts';

/** Pointers in a row; a person whom cameras enrolled more often than that has other troubles. */
const STEPS_MAX = 8;

/** Evidence that comes in while it is being moved asks for another round. */
const ROUNDS_MAX = 4;

/** The id under which each of these goes on; its own where it points nowhere. */
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
  return new Map([...ids].map((id) => [id, homeOf(id, into)]));
}

function homeOf(visitorId: VisitorId, into: ReadonlyMap<VisitorId, VisitorId>): VisitorId {
  const way = [visitorId];
  for (;;) {
    const next = into.get(way.at(-1) as VisitorId);
    if (next === undefined) return way.at(-1) as VisitorId;
    const seenAt = way.indexOf(next);
    // Two stores may have merged the same two people either way at once; whoever asks gets the same answer.
    if (seenAt >= 0) return way.slice(seenAt).sort()[0] as VisitorId;
    way.push(next);
  }
}

/** Moves whatever a stay holds of visitors who go on under another name to where it belongs; says how many parts. */
export async function moveToCanonical(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  key: VisitorDayKey,
): Promise<number> {
  let moved = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const strays = await straysOf(ports, await ports.visits.load(key));
    if (strays.size === 0) return moved;
    const settled: StoredVisitorDay[] = [];
    for (const [home, parts] of strays) {
      const there = await settleVisits(
        ports,
        facts,
        { ...key, visitorId: home },
        { change: (stay) => withParts(stay, parts), closes: true },
      );
      // What its home cannot hold stays where it is.
      if (there.kind === 'unstorable') return moved;
      settled.push(there.stored);
      moved += parts.size;
    }
    const gone = new Map([...strays.values()].flatMap((parts) => [...parts]));
    const here = await settleVisits(ports, facts, key, {
      change: (stay) => withoutParts(stay, gone),
      closes: true,
    });
    if (here.kind === 'settled') {
      settled.push(here.stored);
      // Whoever followed one of them is behind somebody else now, or behind nobody.
      for (const stored of [...settled]) settled.push(...(await recheckGroups(ports, facts, stored)));
    }
    await publishAll(ports, settled);
  }
  throw new Error(`the evidence of ${key.visitorId} still comes in elsewhere after ${ROUNDS_MAX} rounds`);
}

/** The parts of a stay that belong elsewhere, by the visitor they belong to. */
async function straysOf(
  { aliases }: SettleVisitsPorts,
  stored: StoredVisitorDay | undefined,
): Promise<Map<VisitorId, Map<VisitorId, Evidence>>> {
  const strays = new Map<VisitorId, Map<VisitorId, Evidence>>();
  if (stored === undefined) return strays;
  const { visitorId, parts } = stored.visitorDay;
  const homes = await canonicalIds(aliases, parts.keys());
  for (const [id, evidence] of parts) {
    const home = homes.get(id) ?? id;
    if (home === visitorId) continue;
    strays.set(home, (strays.get(home) ?? new Map<VisitorId, Evidence>()).set(id, evidence));
  }
  return strays;
}
