/**
 * A Kinesis that unmodified AWS clients talk to, over HTTP/1.1 or HTTP/2, with its state in SQLite.
 *
 * It keeps AWS's promises that consumers build on: order within a partition key, sequence numbers that only
 * grow, parents before children, a record refused alone, an iterator that expires.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { openDatabase, selectOne } from '../wire/database.ts';
import { answer, type JsonService } from '../wire/json-service.ts';
import { type Server, serve } from '../wire/two-protocol-server.ts';
import type { Kinesis } from './kinesis.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND } from './limits.ts';
import { operationsOf } from './operations/index.ts';
import { openRecordLog } from './record-log.ts';
import { invalidInput } from './refusals.ts';
import { SCHEMA } from './schema.ts';
import { openStreams } from './streams.ts';
import { NO_THROTTLE, startThrottle, type ThrottleRate } from './throttle.ts';
import { startTicks } from './ticks.ts';
import { startTrimming } from './trimming.ts';

export interface KinesisOptions {
  /** Any free one when not given. */
  readonly port?: number;
  /** Where the state is kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  /** What one shard takes in a second; AWS's figures when not given. */
  readonly throttle?: ThrottleRate | 'off';
  readonly account?: Account;
}

const AWS_THROTTLE: ThrottleRate = {
  recordsPerSecond: SHARD_RECORDS_PER_SECOND,
  bytesPerSecond: SHARD_BYTES_PER_SECOND,
};

export async function startKinesis({
  port = 0,
  dataDir,
  clock = systemClock,
  throttle = AWS_THROTTLE,
  account = LOCAL_ACCOUNT,
}: KinesisOptions = {}): Promise<Server> {
  const db = openDatabase(dataDir, 'kinesis.sqlite', SCHEMA);
  const lastTick = selectOne<{ last: number }>(
    db.prepare(`
      SELECT max(
        (SELECT coalesce(max(tick), 0) FROM records),
        (SELECT coalesce(max(max(opened_tick, coalesce(closed_tick, 0))), 0) FROM shards)
      ) AS last`),
  );
  const ticks = startTicks(clock, lastTick?.last ?? 0);
  const kinesis: Kinesis = {
    account,
    clock,
    ticks,
    streams: openStreams(db, ticks),
    log: openRecordLog(db),
    throttle: throttle === 'off' ? NO_THROTTLE : startThrottle(clock, throttle),
  };
  const service: JsonService = {
    version: '1.1',
    target: 'Kinesis_20131202.',
    operations: operationsOf(kinesis),
    refuse: invalidInput,
  };
  const server = await serve(port, (request) => answer(service, request));
  const stopTrimming = startTrimming(kinesis);
  return {
    ...server,
    async close() {
      stopTrimming();
      await server.close();
      if (db.isOpen) db.close();
    },
  };
}
