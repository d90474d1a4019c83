/**
 * The canonical id of a visitor. Aliases form chains, and evidence belongs to the visitor day of the last id of its chain.
 */
import type { VisitorId } from '#domain/chain/ids.ts';
import type { AliasStore } from '../ports/alias-store.ts';

/** Longest chain of aliases; more enrolments of one person than that are a recognition fault of their own. */
const STEPS_MAX = 8;

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
