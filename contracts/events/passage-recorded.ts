/** A door counter counted people in and out. Its sensor and its beginning are its id. */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { Passage } from '#domain/place/visits/sighting.ts';
import { businessDay, count, idText, localTime, wholeMs } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const PASSAGE_RECORDED = 'aisle.passage.recorded';

export const PassageRecordedV1 = defineEvent(
  'passage.recorded',
  1,
  v.object({
    store: idText<StoreId>(),
    sensor: idText<SensorId>(),
    businessDay: businessDay(),
    startedAt: localTime(),
    endedAtMs: wholeMs,
    entered: count,
    left: count,
  }),
);

/** Returns the event of a count at a door. */
export const passageRecorded = (passage: Passage, source: string): v.InferInput<typeof PassageRecordedV1> =>
  wireEvent(
    PassageRecordedV1,
    {
      id: eventName(passage.storeId, passage.sensorId, passage.startedAt.instantMs),
      source,
      time: formatLocalTime(passage.startedAt),
      subject: passage.storeId,
    },
    {
      store: passage.storeId,
      sensor: passage.sensorId,
      businessDay: passage.day,
      startedAt: formatLocalTime(passage.startedAt),
      endedAtMs: passage.endedAtMs,
      entered: passage.entered,
      left: passage.left,
    },
  );
