/**
 * The event that Amazon Location publishes on EventBridge when a tracked phone crosses a geofence. The shape is AWS's. It is
 * delivered at least once, and a phone at the edge of a geofence crosses it repeatedly.
 */
import * as v from 'valibot';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';
import { idText, instantMs } from '../primitives.ts';

export const GeofenceEvent = v.object({
  source: v.literal('aws.geo'),
  'detail-type': v.literal('Location Geofence Event'),
  /** When Amazon Location evaluated the position. */
  time: instantMs(),
  detail: v.object({
    EventType: v.picklist(['ENTER', 'EXIT']),
    GeofenceId: idText<StoreId>(),
    DeviceId: idText<DeviceId>(),
    /** When the phone was there. */
    SampleTime: instantMs(),
  }),
});
export type GeofenceEvent = v.InferOutput<typeof GeofenceEvent>;
