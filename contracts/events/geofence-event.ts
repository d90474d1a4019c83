/**
 * What Amazon Location tells EventBridge when a tracked phone crosses a fence. The shape is AWS's; it is delivered at least
 * once, and a phone that stands on a fence crosses it again and again.
 */
import * as v from 'valibot';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';

const instant = v.pipe(
  v.string(),
  v.check((written) => !Number.isNaN(Date.parse(written))),
  v.transform((written) => Date.parse(written)),
);

export const GeofenceEvent = v.object({
  source: v.literal('aws.geo'),
  'detail-type': v.literal('Location Geofence Event'),
  /** When Amazon Location evaluated the position. */
  time: instant,
  detail: v.object({
    EventType: v.picklist(['ENTER', 'EXIT']),
    GeofenceId: v.pipe(
      v.string(),
      v.transform((id) => id as StoreId),
    ),
    DeviceId: v.pipe(
      v.string(),
      v.transform((id) => id as DeviceId),
    ),
    /** When the phone was there. */
    SampleTime: instant,
  }),
});
export type GeofenceEvent = v.InferOutput<typeof GeofenceEvent>;
