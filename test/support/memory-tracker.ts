/** A tracker in memory, which keeps every position and filters none. */
import type { DeviceTracker, RefusedPosition, SampledPosition } from '#application/ports/device-tracker.ts';
import { faultOfPoint } from '#domain/place/geo/geofence.ts';

export interface MemoryTracker extends DeviceTracker {
  /** All positions, in order of arrival. */
  all(): SampledPosition[];
  /** Switches throttling of every call on or off. */
  beBusy(isBusy: boolean): void;
}

export function memoryTracker(): MemoryTracker {
  let kept: SampledPosition[] = [];
  let isBusy = false;
  const inOrder = (deviceId: string) =>
    kept.filter((one) => one.deviceId === deviceId).sort((a, b) => a.sampledAtMs - b.sampledAtMs);
  return {
    async update(positions) {
      if (isBusy) return positions.map((_, index) => ({ index, isFinal: false, reason: 'busy' }));
      return positions.flatMap((position, index): RefusedPosition[] => {
        const reason = faultOfPoint(position);
        if (reason !== undefined) return [{ index, isFinal: true, reason }];
        const isKnown = kept.some(
          (one) => one.deviceId === position.deviceId && one.sampledAtMs === position.sampledAtMs,
        );
        if (!isKnown) kept.push(position);
        return [];
      });
    },
    async forget(deviceIds) {
      if (isBusy) throw new Error('busy');
      kept = kept.filter(({ deviceId }) => !deviceIds.includes(deviceId));
    },
    latest: async (deviceId) => inOrder(deviceId).at(-1),
    history: async (deviceId, fromMs, toMs) =>
      inOrder(deviceId).filter(({ sampledAtMs }) => sampledAtMs >= fromMs && sampledAtMs < toMs),
    all: () => [...kept],
    beBusy(busy) {
      isBusy = busy;
    },
  };
}
