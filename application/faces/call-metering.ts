/** Counts paid calls of the face index by operation: the basis of the cost per frame, track or visit. */
import type { FaceIndex, PAID_OPERATIONS } from '../ports/face-index.ts';

export type PaidOperation = (typeof PAID_OPERATIONS)[number];

export interface MeteredIndex {
  readonly index: FaceIndex;
  /** Returns and resets the counts. */
  take(): ReadonlyArray<readonly [PaidOperation, number]>;
}

/** Returns the same index, with each paid call counted when it is made. */
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
