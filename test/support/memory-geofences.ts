/** A geofence collection in memory that records writes and rejects ids on demand. */
import type { Geofence, GeofenceCollection, RefusedGeofence } from '#application/ports/geofences.ts';

export interface MemoryFences extends GeofenceCollection {
  readonly kept: Map<string, Geofence>;
  /** The ids written and removed, call by call. */
  readonly calls: string[][];
  /** Ids that are rejected, permanently or not. */
  readonly refusals: Map<string, { readonly isFinal: boolean }>;
  /** Ids that make the whole call fail. */
  readonly unreadable: Set<string>;
}

export function memoryFences(seed: readonly Geofence[] = []): MemoryFences {
  const kept = new Map(seed.map((fence) => [fence.fenceId, fence]));
  const calls: string[][] = [];
  const refusals: MemoryFences['refusals'] = new Map();
  const unreadable = new Set<string>();

  function take(fenceIds: readonly string[], write: (fenceId: string) => void): RefusedGeofence[] {
    if (fenceIds.length > 0) calls.push([...fenceIds]);
    if (fenceIds.some((id) => unreadable.has(id))) {
      throw Object.assign(new Error('1 validation error detected'), { name: 'ValidationException' });
    }
    return fenceIds.flatMap((fenceId) => {
      const refusal = refusals.get(fenceId);
      if (refusal !== undefined) return [{ fenceId, ...refusal, reason: 'scripted' }];
      write(fenceId);
      return [];
    });
  }

  return {
    kept,
    calls,
    refusals,
    unreadable,
    async *list() {
      yield* [...kept.values()];
    },
    async put(fences) {
      const named = new Map(fences.map((fence) => [fence.fenceId, fence]));
      return take([...named.keys()], (fenceId) => {
        const fence = named.get(fenceId);
        if (fence !== undefined) kept.set(fenceId, fence);
      });
    },
    remove: async (fenceIds) => take(fenceIds, (fenceId) => kept.delete(fenceId)),
  };
}
