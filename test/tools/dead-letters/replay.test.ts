import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '#application/ports/dead-letter-store.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { passageRecorded } from '#contracts/events/passage-recorded.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import type { SensorId } from '#domain/chain/ids.ts';
import { type Replayed, replay } from '#tools/dead-letters/replay.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { letterAt } from '../../support/describe-dead-letter-store.ts';
import { gather } from '../../support/gather.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { receiptOf, shanghai } from '../../support/receipts.ts';
import { ANN, held, sightingOf } from '../../support/sightings.ts';

const RECEIPT = Buffer.from(JSON.stringify(receiptClosed(receiptOf(), 's')));

async function world(...kept: readonly DeadLetter[]) {
  const log = memoryLog();
  const letters = memoryDeadLetterStore();
  for (const letter of kept) await letters.keep(letter);
  const ports = { log, letters, nowMs: () => 7, pauses: { pause: async () => {}, random: () => 0 } };
  return {
    log,
    replay: async (isWanted: (letter: DeadLetter) => boolean = () => true): Promise<Replayed[]> =>
      gather(replay(ports, isWanted)),
    marked: async () => (await gather(letters.list())).map(({ replayedAtMs }) => replayedAtMs),
  };
}

describe('the replay of dead letters', () => {
  it('appends the original bytes to the log once, with the store as the partition key', async () => {
    const { log, replay, marked } = await world(letterAt(1));
    expect((await replay()).map(({ kind }) => kind)).toEqual(['replayed']);
    expect(log.records).toMatchObject([{ key: 'sz01', bytes: letterAt(1).bytes }]);
    expect(await marked()).toEqual([7]);
    expect(await replay()).toEqual([]);
    expect(log.records).toHaveLength(1);
  });

  it('appends a recount of the day for a letter with exhausted retries, which may be partly counted', async () => {
    const { log, replay } = await world(letterAt(1, { why: 'exhausted', bytes: RECEIPT }));
    await replay();
    expect(log.records.map(({ bytes }) => parseEvent(bytes))).toMatchObject([
      { event: { type: 'aisle.receipt.closed' } },
      { event: { type: 'aisle.recount.requested', data: { store: 'sz01', businessDay: '2026-11-22' } } },
    ]);
  });

  it('appends a recount for a passage, and none for a sighting, which no cell counts', async () => {
    const passage = Buffer.from(
      JSON.stringify(
        passageRecorded(
          {
            storeId: SZ01.storeId,
            sensorId: 'door' as SensorId,
            day: november(22),
            startedAt: shanghai('2026-11-22T10:00'),
            endedAtMs: shanghai('2026-11-22T10:01').instantMs,
            entered: 1,
            left: 0,
          },
          's',
        ),
      ),
    );
    const sighting = Buffer.from(
      JSON.stringify(sightingRecorded(sightingOf(ANN, [held('door', 1)]), 'i', 's')),
    );
    const { log, replay } = await world(
      letterAt(1, { why: 'exhausted', bytes: passage }),
      letterAt(2, { why: 'exhausted', bytes: sighting }),
    );
    await replay();
    const types = log.records.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).type);
    expect(types).toEqual(['aisle.passage.recorded', 'aisle.recount.requested', 'aisle.sighting.recorded']);
  });

  it('appends no recount for an event that was never counted', async () => {
    const { log, replay } = await world(
      letterAt(1, { why: 'unstorable', bytes: RECEIPT }),
      letterAt(2, { why: 'exhausted' }),
    );
    await replay();
    expect(log.records).toHaveLength(2);
  });

  it('skips a letter that conflicts with another receipt of the same number', async () => {
    const { log, replay, marked } = await world(letterAt(1, { why: 'conflict', bytes: RECEIPT }));
    expect(await replay()).toMatchObject([{ kind: 'skipped' }]);
    expect(log.records).toEqual([]);
    expect(await marked()).toEqual([undefined]);
  });

  it('does not mark a letter where the log did not store all of its events', async () => {
    const { log, replay, marked } = await world(letterAt(1, { why: 'exhausted', bytes: RECEIPT }));
    log.takeOnly(1);
    expect(await replay()).toMatchObject([
      { kind: 'failed', why: 'the event log did not store it: ProvisionedThroughputExceededException' },
    ]);
    expect(await marked()).toEqual([undefined]);
    log.takeOnly(9);
    expect(await replay()).toMatchObject([{ kind: 'replayed' }]);
  });

  it('replays the selected letters only', async () => {
    const { log, replay } = await world(letterAt(1), letterAt(2, { storeId: 'gz01' }));
    await replay(({ storeId }) => storeId === 'gz01');
    expect(log.records).toMatchObject([{ key: 'gz01' }]);
  });
});
