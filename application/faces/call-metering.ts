/** How many calls of the index were made, by operation: what a frame, a track or a visit costs is read off these. */
import type { FaceIndex, PAID_OPERATIONS } from '../ports/face-index.ts';

export type PaidOperation = (typeof PAID_OPERATIONS)[number];

export interface MeteredIndex {
  readonly index: FaceIndex;
  /** Calls since the last time it was asked. */
  take(): ReadonlyArray<readonly [PaidOperation, number]>;
}

/** The same index, with its paid calls counted as they are made. */
export function meterPaidCalls(index: FaceIndex): MeteredIndex {
  const counts = new Map<PaidOperation, number>();
  const count = (operation: PaidOperation) => counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return {
    index: {
      ...index,
      index(...args) {
        count('index');
        return index.index(...args);
      },
      searchUsers(...args) {
        count('searchUsers');
        return index.searchUsers(...args);
      },
      searchFaces(...args) {
        count('searchFaces');
        return index.searchFaces(...args);
      },
      associate(...args) {
        count('associate');
        return index.associate(...args);
      },
      disassociate(...args) {
        count('disassociate');
        return index.disassociate(...args);
      },
    },
    take() {
      const taken = [...counts];
      counts.clear();
      return taken;
    },
  };
}
