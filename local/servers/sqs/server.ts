/**
 * An SQS that unmodified AWS clients talk to: standard queues, with their state in SQLite.
 *
 * It keeps what consumers build on: a message handed out is hidden for a while and comes back, a long poll
 * answers the moment there is something, and what was received too often goes to the dead letters.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { openDatabase } from '../wire/database.ts';
import { answer, type JsonService } from '../wire/json-service.ts';
import { type Server, serve } from '../wire/two-protocol-server.ts';
import { createBell } from './bell.ts';
import { openMessages } from './messages.ts';
import { operationsOf } from './operations/index.ts';
import { openQueues } from './queues.ts';
import { invalidInput } from './refusals.ts';
import { SCHEMA } from './schema.ts';

export interface SqsOptions {
  /** Any free one when not given. */
  readonly port?: number;
  /** Where the state is kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
}

export async function startSqs({
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
}: SqsOptions = {}): Promise<Server> {
  const db = openDatabase(dataDir, 'sqs.sqlite', SCHEMA);
  const service: JsonService = {
    version: '1.0',
    target: 'AmazonSQS.',
    operations: operationsOf({
      account,
      clock,
      queues: openQueues(db),
      messages: openMessages(db),
      bell: createBell(clock),
    }),
    refuse: invalidInput,
  };
  const server = await serve(port, (request) => answer(service, request));
  return {
    ...server,
    async close() {
      await server.close();
      if (db.isOpen) db.close();
    },
  };
}
