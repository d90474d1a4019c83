/**
 * A small chain under a seeded storm: the real flows (ingest-receipts, count-events, roll-up, store-dead-letters, replay) over
 * receipts, visits and doors, with tables and a log in memory, every call of which may fail; then every cell against an
 * oracle.
 */
import type { LogRecord } from '#application/ports/event-log.ts';
import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { CityId, DeviceId, RegionId, StoreId, TillId } from '#domain/chain/ids.ts';
import { formatScope, type Scope } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { ingestReceipts } from '#functions/ingest-receipts/ingest-receipts.ts';
import { rollUp } from '#functions/roll-up/roll-up.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { storeDeadLetters } from '#functions/store-dead-letters/store-dead-letters.ts';
import { replay } from '#tools/dead-letters/replay.ts';
import { memoryCellStore } from '../support/memory-cell-store.ts';
import { memoryChainStore } from '../support/memory-chain-store.ts';
import { memoryDeadLetterStore } from '../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../support/memory-fact-store.ts';
import { memorySummaryStore } from '../support/memory-summary-store.ts';
import { consumer } from './consumer.ts';
import { type FaultCounts, faultyCalls, noFaults, type Weather } from './faults.ts';
import { memoryLog } from './log.ts';
import { differences, type Expected, expectedCells } from './oracle.ts';
import { type Random, seeded } from './random.ts';
import { batchToken, loneGuard, naiveAdd, type Recipe } from './recipes.ts';
import { crowd } from './visitors.ts';

export interface Outcome {
  readonly seed: number;
  readonly receipts: number;
  readonly cells: number;
  readonly differences: readonly string[];
  readonly faults: FaultCounts;
}

const PLACES: ReadonlyArray<
  readonly [id: string, city: string, region: string, zone: string, dayCut: number]
> = [
  ['sz01', 'shenzhen', 'south', 'Asia/Shanghai', 0],
  ['sz02', 'shenzhen', 'south', 'Asia/Shanghai', 270],
  ['gz01', 'guangzhou', 'south', 'Asia/Shanghai', 240],
  ['ktm1', 'kathmandu', 'west', 'Asia/Kathmandu', 0],
];

const STORES: readonly Store[] = PLACES.map(([storeId, cityId, regionId, timeZone, dayCutMinutes]) => ({
  storeId: storeId as StoreId,
  name: storeId,
  cityId: cityId as CityId,
  regionId: regionId as RegionId,
  timeZone,
  dayCutMinutes,
  currency: 'CNY',
  tills: ['T1', 'T2'] as TillId[],
}));

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const ROUNDS_MAX = 5_000;

function body(random: Random, receiptNo: number): Record<string, unknown> {
  const minutes = random.between(0, 2_880);
  const closedAt = new Date(NOW_MS - minutes * 60_000 - random.between(0, 59) * 1000).toISOString();
  const isReturn = random.chance(0.1);
  const count = random.between(1, 4);
  const line = (): Record<string, unknown> => {
    const price = random.chance(0.05) ? 0 : random.between(1, 99_999) / 10 ** random.between(0, 4);
    return {
      product: `P${random.between(1, 6)}`,
      quantity: random.between(1, 3) * (isReturn || random.chance(0.04) ? -1 : 1),
      unitPrice: price.toFixed(4),
      ...(random.chance(0.05) ? { scannedAt: new Date(Date.parse(closedAt) - 90_000).toISOString() } : {}),
    };
  };
  const lines = Array.from({ length: count }, line);
  const single = lines[0];
  const takesDiscount =
    count === 1 && Number(single?.['quantity']) > 0 && Number(single?.['unitPrice']) > 0.01;
  return {
    till: random.pick(['T1', 'T2', 'T3']),
    receiptNo: String(receiptNo),
    closedAt,
    ...(random.chance(0.7) ? { cashier: random.pick(['li', 'wang']) } : {}),
    ...(takesDiscount ? { discount: '0.0100' } : {}),
    lines,
  };
}

/** Runs one world to its end and compares. In a `fair` world nothing goes wrong at all. */
export async function simulate(
  seed: number,
  recipe: Recipe = 'ours',
  world: 'stormy' | 'fair' = 'stormy',
): Promise<Outcome> {
  const random = seeded(seed);
  const counts = noFaults();
  const roughness = random.pick([0.2, 1, 1, 2]);
  const storm: Weather = {
    crashBefore: 0.003 * roughness,
    crashAfter: 0.004 * roughness,
    timeOut: 0.004 * roughness,
    throttle: 0.003 * roughness,
  };
  const outage: Weather = { crashBefore: 0, crashAfter: 0.02, timeOut: 0.02, throttle: 0.3 };
  const calm: Weather = { crashBefore: 0, crashAfter: 0, timeOut: 0, throttle: 0 };
  let isStormy = world === 'stormy';
  let outageLeft = 0;
  const calls = faultyCalls(random, () => (isStormy ? (outageLeft > 0 ? outage : storm) : calm), counts);

  const log = memoryLog(random, counts, () => isStormy);
  const cells = memoryCellStore();
  const facts = memoryFactStore();
  const letters = memoryDeadLetterStore();
  const sums = memorySummaryStore();
  const chain = memoryChainStore({ chain: { name: 'chain', currency: 'CNY' }, stores: STORES });
  const queue: ChangeNotice[] = [];
  const changes = { send: async (notices: readonly ChangeNotice[]) => void queue.push(...notices) };
  const tokens = new Set<string>();
  const heard = reportingSensors();
  const pauses = { pause: async () => undefined, random: random.next };
  const people = crowd(random, counts, log, pauses, NOW_MS, () => isStormy);

  const consumed = consumer({
    log,
    random,
    counts,
    isStormy: () => isStormy,
    consume: async (records, invocation) => {
      const wrap = <Port extends object>(port: Port): Port => calls.wrap(port, invocation);
      if (recipe === 'naive add') return void (await naiveAdd(cells, records, wrap));
      if (recipe === 'batch token') return void (await batchToken(cells, tokens, records, wrap));
      if (recipe === 'lone sequence guard') return void (await loneGuard(cells, records, wrap));
      const folded = await countEvents(
        {
          facts: wrap(facts),
          cells: wrap(cells),
          deadLetters: wrap(letters),
          changes: wrap(changes),
          productChanges: wrap(changes),
          reporting: heard,
          nowMs: () => NOW_MS,
        },
        records,
      );
      return folded.failures.map(({ sequence }) => sequence).sort()[0];
    },
    giveUp: async (shard, records) => {
      await storeDeadLetters(
        { deadLetters: letters, readerOf: () => log.reader, nowMs: () => NOW_MS },
        {
          requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 6 },
          KinesisBatchInfo: {
            streamArn: 'events',
            shardId: String(shard.id),
            startSequenceNumber: plain(records[0]),
            endSequenceNumber: plain(records.at(-1)),
            batchSize: records.length,
          },
        },
      );
    },
  });

  const sumUp = async (): Promise<void> => {
    const batch = queue.splice(0, random.between(1, 8));
    if (batch.length === 0) return;
    const shuffled = [...batch].sort(() => random.next() - 0.5);
    const run = async (notices: readonly ChangeNotice[]): Promise<void> => {
      const invocation = { isDead: false, isLucky: random.chance(0.6) };
      const wrap = <Port extends object>(port: Port): Port => calls.wrap(port, invocation);
      try {
        const isShort = isStormy && random.chance(0.1);
        if (isShort) counts['sums out of time']++;
        const isTimeLeft = (): boolean => !(isShort && random.chance(0.3));
        const rolled = await rollUp(
          { chain: wrap(chain), cells: wrap(cells), sums: wrap(sums), isTimeLeft },
          notices,
        );
        queue.push(...rolled.left);
      } catch {
        queue.push(...notices);
      }
    };
    if (isStormy && random.chance(0.3)) {
      counts['notice repeated']++;
      await Promise.all([run(shuffled), run(batch)]);
    } else await run(shuffled);
  };

  const replayAll = async (): Promise<void> => {
    for await (const outcome of replay(
      { letters, log, pauses, nowMs: () => NOW_MS },
      (letter) => letter.why === 'exhausted',
    )) {
      if (outcome.kind === 'replayed') counts['letter replayed']++;
    }
  };

  const produce = async (): Promise<void> => {
    const store = random.pick(STORES);
    const bodies = Array.from({ length: random.between(1, 12) }, () => body(random, receiptNo++));
    if (isStormy && random.chance(0.1) && sent.length > 0) {
      const old = random.pick(sent);
      if (random.chance(0.7)) {
        counts['producer duplicate']++;
        bodies.push(...(old.store === store ? old.bodies : []));
      } else if (old.store === store && old.bodies[0] !== undefined) {
        counts['second body under one name']++;
        bodies.push({ ...old.bodies[0], cashier: 'zhao' });
      }
    }
    sent.push({ store, bodies });
    for (let tries = 0; tries < 3; tries++) {
      const taken = await ingestReceipts(
        { log, pauses, nowMs: () => NOW_MS, chain: async () => ({ country: 'CN' }) },
        store,
        'till' as DeviceId,
        bodies,
      );
      if (taken.status !== 429 && !(isStormy && random.chance(0.15))) break;
      counts['producer duplicate']++;
    }
    if (isStormy && random.chance(0.05)) {
      counts.poison++;
      log.appendRaw({
        key: store.storeId,
        bytes: Buffer.from(random.pick(['', '{"id":1}', '\xff\xfe', '[]', 'null'])),
      });
    }
  };

  const sent: Array<{ store: Store; bodies: Record<string, unknown>[] }> = [];
  let receiptNo = 1;
  const batches = random.between(8, 18);
  let produced = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (produced < batches && random.chance(0.4)) {
      await produce();
      for (let moments = random.between(0, 3); moments > 0; moments--) await people.live(random.pick(STORES));
      produced++;
    }
    if (isStormy && random.chance(0.03)) log.reshard();
    if (outageLeft > 0) outageLeft--;
    else if (isStormy && random.chance(0.03)) outageLeft = random.between(1, 4);
    const isBusy = await consumed.step();
    await sumUp();
    if (random.chance(0.03)) await replayAll();
    if (produced < batches || isBusy) continue;
    // All has been consumed. The weather clears, and what was given up is sent again.
    if (isStormy) {
      isStormy = false;
      await people.sendPending();
      await replayAll();
    } else if (queue.length === 0) break;
    if (round === ROUNDS_MAX - 1) throw new Error(`seed ${seed} did not come to an end`);
  }

  const places = new Map(
    PLACES.map(([id, city, region]) => [id, [`city:${city}`, `region:${region}`, 'chain']] as const),
  );
  const expected = expectedCells(log.all, places);
  return {
    seed,
    receipts: receiptNo - 1,
    cells: expected.size,
    differences: differences(only(expected, recipe), await actualCells()),
    faults: counts,
  };

  /** The other recipes keep no sums above the stores. */
  function only(all: Expected, of: Recipe): Expected {
    return of === 'ours' ? all : new Map([...all].filter(([name]) => name.startsWith('store:')));
  }

  async function actualCells(): Promise<Expected> {
    const actual: Expected = new Map();
    for (const [name, { counts, sensors = [] }] of cells.rows) {
      const heardOf = [...sensors].map((sensor) => [`sensor ${sensor}`, 1n]);
      actual.set(name, { ...counts, ...Object.fromEntries(heardOf) } as Record<string, bigint>);
    }
    const days = new Set([...cells.rows.values()].map(({ key }) => key.day));
    for (const { scope, bucket, summary } of sums.rows.values()) {
      const name = `${formatScope(scope)}#all#${bucket.grain}#${bucket.day}#${bucket.startMs ?? ''}#`;
      actual.set(name, { ...summary.counts } as Record<string, bigint>);
    }
    const scopes: Scope[] = [...sums.rows.values()].map(({ scope }) => scope);
    for (const scope of new Map(scopes.map((one) => [formatScope(one), one])).values()) {
      for (const day of days) {
        for (const product of (await sums.readProducts(scope, day)).kept?.products ?? []) {
          actual.set(`${formatScope(scope)}#product#day#${day}##${product.productId}`, {
            ...product.counts,
          } as Record<string, bigint>);
        }
      }
    }
    return actual;
  }
}

const plain = (record: LogRecord | undefined): string => (record?.sequence ?? '').replace(/^0+/, '');
