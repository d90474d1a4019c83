/** Contract of every tracker. Positions are half a kilometre apart, further than any filter's threshold. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceTracker, SampledPosition } from '#application/ports/device-tracker.ts';

export interface TrackerUnderTest {
  readonly tracker: DeviceTracker;
  /** The tracker's present time. */
  readonly nowMs: number;
}

export function describeTracker(name: string, create: () => Promise<TrackerUnderTest>): void {
  describe(`a tracker: ${name}`, () => {
    let tracker: DeviceTracker;
    let nowMs: number;
    beforeEach(async () => {
      ({ tracker, nowMs } = await create());
    });

    const MINUTE_MS = 60_000;
    const position = (step: number, more: Partial<SampledPosition> = {}): SampledPosition => ({
      deviceId: 'phone-1',
      lng: 116.3,
      lat: 39.9 + step * 0.005,
      sampledAtMs: nowMs - (100 - step) * MINUTE_MS,
      ...more,
    });

    it('returns the newest position of a device and its history', async () => {
      const walked = [position(1, { accuracyM: 12.5 }), position(2), position(3, { accuracyM: 4 })];
      expect(await tracker.update(walked)).toEqual([]);
      expect(await tracker.latest('phone-1')).toEqual(walked[2]);
      expect(await tracker.history('phone-1', nowMs - 100 * MINUTE_MS, nowMs)).toEqual(walked);
    });

    it('returns a range of the history, its end exclusive', async () => {
      await tracker.update([position(1), position(2), position(3)]);
      const { sampledAtMs: fromMs } = position(2);
      const { sampledAtMs: toMs } = position(3);
      expect(await tracker.history('phone-1', fromMs, toMs)).toEqual([position(2)]);
    });

    it('accepts more positions than one request holds, and reads a history of many pages', async () => {
      const walked = Array.from({ length: 234 }, (_, at) => position(at / 3));
      expect(await tracker.update(walked)).toEqual([]);
      expect(await tracker.history('phone-1', nowMs - 1_000 * MINUTE_MS, nowMs)).toEqual(walked);
    });

    it('rejects a position off the map permanently, and no other', async () => {
      const walked = Array.from({ length: 25 }, (_, at) => position(at));
      const given = walked.map((one, at) => (at === 3 || at === 21 ? { ...one, lat: 91 } : one));
      const refused = await tracker.update(given);
      expect(refused.map(({ index, isFinal }) => ({ index, isFinal }))).toEqual([
        { index: 3, isFinal: true },
        { index: 21, isFinal: true },
      ]);
      // A reason is logged, and a customer's position must not be.
      for (const { reason } of refused) expect(reason).not.toContain('116.3');
      expect(await tracker.history('phone-1', nowMs - 200 * MINUTE_MS, nowMs)).toHaveLength(23);
    });

    it('keeps the newest position in any order of arrival', async () => {
      await tracker.update([position(5)]);
      await tracker.update([position(2)]);
      expect(await tracker.latest('phone-1')).toEqual(position(5));
      expect(await tracker.history('phone-1', nowMs - 200 * MINUTE_MS, nowMs)).toEqual([
        position(2),
        position(5),
      ]);
    });

    it('stores a position once that is sent twice', async () => {
      await tracker.update([position(1), position(2)]);
      await tracker.update([position(1), position(2)]);
      expect(await tracker.history('phone-1', nowMs - 200 * MINUTE_MS, nowMs)).toEqual([
        position(1),
        position(2),
      ]);
    });

    it('returns nothing for an unknown or a deleted device', async () => {
      await tracker.update([position(1), position(2), position(1, { deviceId: 'phone-2' })]);
      await tracker.forget(['phone-1', 'unknown', 'phone-1']);
      for (const deviceId of ['phone-1', 'unknown']) {
        expect(await tracker.latest(deviceId)).toBeUndefined();
        expect(await tracker.history(deviceId, nowMs - 200 * MINUTE_MS, nowMs)).toEqual([]);
      }
      expect(await tracker.latest('phone-2')).toEqual(position(1, { deviceId: 'phone-2' }));
    });

    it('deletes more devices than one request holds', async () => {
      const deviceIds = Array.from({ length: 120 }, (_, at) => `phone-${at}`);
      await tracker.update(deviceIds.map((deviceId) => position(1, { deviceId })));
      await tracker.forget(deviceIds);
      expect(await tracker.latest('phone-119')).toBeUndefined();
    });

    it('accepts empty requests', async () => {
      expect(await tracker.update([])).toEqual([]);
      await tracker.forget([]);
    });
  });
}
