/**
 * An SQS server for unmodified AWS clients: standard queues, with their state in SQLite.
 *
 * It has the guarantees that consumers build on: a received message is hidden for a while and returns, a long
 * poll answers as soon as there is a message, and a message received too often becomes a dead letter.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { handleJson, type JsonService } from '../wire/json-service.ts';
import { invalidInput } from './errors.ts';
import { openMessages } from './messages.ts';
import { operationsOf } from './operations/index.ts';
import { openQueues } from './queues.ts';
import { SCHEMA } from './schema.ts';
import { createWaiters } from './waiters.ts';

export interface SqsOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** The folder of the state, which is in memory by default. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
}

/** Starts the server. @throws where the port is taken or the folder cannot be written. */
export async function startSqs({
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
}: SqsOptions = {}): Promise<Server> {
  await using resources = new AsyncDisposableStack();
  const db = resources.adopt(openDatabase(dataDir, 'sqs.sqlite', SCHEMA), (open) => open.close());
  const messages = openMessages(db);
  // Their receivers were functions of the cloud that stopped; AWS would hide them until a visibility timeout of six times
  // the function's is over.
  messages.release(clock.nowMs());
  const service: JsonService = {
    version: '1.0',
    target: 'AmazonSQS.',
    operations: operationsOf({
      account,
      clock,
      queues: openQueues(db),
      messages,
      waiters: createWaiters(clock),
    }),
    toError: invalidInput,
  };
  const server = resources.use(await serve(port, (request) => handleJson(service, request)));
  return closable({ url: server.url, port: server.port }, resources);
}
