/**
 * A Kinesis server for unmodified AWS clients, over HTTP/1.1 or HTTP/2, with its state in SQLite.
 *
 * It has the guarantees of AWS that consumers build on: order within a partition key, sequence numbers that
 * only grow, parents before children, records rejected one by one, iterators that expire.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { openDatabase, selectOne } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { handleJson, type JsonService } from '../wire/json-service.ts';
import { invalidInput } from './errors.ts';
import type { Kinesis } from './kinesis.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND } from './limits.ts';
import { operationsOf } from './operations/index.ts';
import { openRecordLog } from './record-log.ts';
import { startTrimming } from './retention.ts';
import { SCHEMA } from './schema.ts';
import { openStreams } from './streams.ts';
import { createThrottle, NO_THROTTLE, type ThrottleRate } from './throttle.ts';
import { startTicks } from './ticks.ts';

export interface KinesisOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** The folder of the state, which is in memory by default. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  /** The rate of one shard, AWS's by default. */
  readonly throttle?: ThrottleRate | 'off';
  readonly account?: Account;
}

const AWS_THROTTLE: ThrottleRate = {
  recordsPerSecond: SHARD_RECORDS_PER_SECOND,
  bytesPerSecond: SHARD_BYTES_PER_SECOND,
};

/** Starts the server. @throws where the port is taken or the folder cannot be written. */
export async function startKinesis({
  port = 0,
  dataDir,
  clock = systemClock,
  throttle = AWS_THROTTLE,
  account = LOCAL_ACCOUNT,
}: KinesisOptions = {}): Promise<Server> {
  await using resources = new AsyncDisposableStack();
  const db = resources.adopt(openDatabase(dataDir, 'kinesis.sqlite', SCHEMA), (open) => open.close());
  const ticks = startTicks(clock, lastTickOf(db));
  const kinesis: Kinesis = {
    account,
    clock,
    ticks,
    streams: openStreams(db, ticks),
    log: openRecordLog(db),
    throttle: throttle === 'off' ? NO_THROTTLE : createThrottle(clock, throttle),
  };
  const service: JsonService = {
    version: '1.1',
    target: 'Kinesis_20131202.',
    operations: operationsOf(kinesis),
    toError: invalidInput,
  };
  const server = resources.use(await serve(port, (request) => handleJson(service, request)));
  resources.defer(startTrimming(kinesis));
  return closable({ url: server.url, port: server.port }, resources);
}

/** Returns the greatest tick in the database, 0 in an empty one. */
function lastTickOf(db: DatabaseSync): number {
  const row = selectOne<{ last: number }>(
    db.prepare(`
      SELECT max(
        (SELECT coalesce(max(tick), 0) FROM records),
        (SELECT coalesce(max(max(opened_tick, coalesce(closed_tick, 0))), 0) FROM shards)
      ) AS last`),
  );
  return row?.last ?? 0;
}
