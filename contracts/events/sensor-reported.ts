/** A sensor worked and saw no one. It counts nothing; without it an empty store would look like a broken camera. */
import * as v from 'valibot';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import { businessDay, idText } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const SENSOR_REPORTED = 'aisle.sensor.reported';

export const SensorReportedV1 = defineEvent(
  'sensor.reported',
  1,
  v.object({
    store: idText<StoreId>(),
    sensor: idText<SensorId>(),
    businessDay: businessDay(),
    /** Whether it would have made a visit of every person: then no visits are 0 visitors. */
    isCounting: v.boolean(),
  }),
);

export interface SensorReport {
  readonly storeId: StoreId;
  readonly sensorId: SensorId;
  readonly day: BusinessDay;
  readonly isCounting: boolean;
}

/** Returns the event of a report; `time` is RFC 3339. */
export const sensorReported = (
  { storeId, sensorId, day, isCounting }: SensorReport,
  time: string,
  source: string,
): v.InferInput<typeof SensorReportedV1> =>
  wireEvent(
    SensorReportedV1,
    { id: eventName(storeId, 'report', day, sensorId), source, time, subject: storeId },
    { store: storeId, sensor: sensorId, businessDay: day, isCounting },
  );
