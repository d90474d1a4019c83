/**
 * An SNS server for unmodified AWS clients, mobile push only: applications, endpoints and messages to them,
 * with its state in SQLite.
 *
 * There is no push service behind it. A message published to an endpoint is stored beside it, as a phone would
 * keep it, and the inbox page reads it from here.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { openApplications } from './applications.ts';
import { openDeliveries } from './deliveries.ts';
import { type Endpoint, openEndpoints } from './endpoints.ts';
import { invalidInput, unknownAction } from './errors.ts';
import { operationsOf } from './operations/index.ts';
import type { Platform } from './platforms.ts';
import { handleQuery, type QueryService } from './query-protocol.ts';
import { SCHEMA } from './schema.ts';
import { applicationOf, type Delivery, endpointArnOf, endpointOfArn, type Sns } from './sns.ts';

export type { Delivery } from './sns.ts';

export interface SnsOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** The folder of the state, which is in memory by default. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Called for each message after it is stored and before Publish returns. */
  readonly onPublish?: (delivery: Delivery) => void;
}

/** An endpoint without its token, which is as confidential as an address. */
export interface Phone {
  readonly endpointArn: string;
  readonly platform: Platform;
  readonly userData: string;
  readonly isEnabled: boolean;
  readonly createdAtMs: number;
  /** Undefined before the first message. */
  readonly lastSentAtMs: number | undefined;
}

export interface SnsServer extends Server {
  /** Returns all phones in the order of their registration. */
  phones(): Phone[];
  /** Returns the phone with this push token, if there is one. */
  phoneOf(token: string): Phone | undefined;
  /** Returns the messages of a phone, newest first; none for an unknown phone. */
  deliveries(endpointArn: string): Delivery[];
}

/** Starts the server. @throws where the port is taken or the folder cannot be written. */
export async function startSns({
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
  onPublish = () => {},
}: SnsOptions = {}): Promise<SnsServer> {
  await using resources = new AsyncDisposableStack();
  const db = resources.adopt(openDatabase(dataDir, 'sns.sqlite', SCHEMA), (open) => open.close());
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const sns: Sns = {
    account,
    clock,
    applications: openApplications(db),
    endpoints: openEndpoints(db),
    deliveries: openDeliveries(db),
    onPublish,
    truncateLog: () => void checkpoint.get(),
  };
  const service: QueryService = {
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: operationsOf(sns),
    toError: invalidInput,
    unknownAction,
  };
  const server = resources.use(await serve(port, (request) => handleQuery(service, request)));
  return closable(
    {
      url: server.url,
      port: server.port,
      phones: () => sns.endpoints.all().map((endpoint) => phoneOf(sns, endpoint)),
      phoneOf(token: string) {
        const endpoint = sns.endpoints.withToken(token);
        return endpoint && phoneOf(sns, endpoint);
      },
      deliveries(endpointArn: string) {
        const endpoint = endpointOfArn(sns, endpointArn, 'EndpointArn');
        if (endpoint === undefined) return [];
        const { platform } = applicationOf(sns, endpoint.applicationId);
        return sns.deliveries.of(endpoint.id).map((one) => ({ ...one, endpointArn, platform }));
      },
    },
    resources,
  );
}

function phoneOf(sns: Sns, endpoint: Endpoint): Phone {
  const { applicationId, userData, isEnabled, createdAtMs } = endpoint;
  return {
    endpointArn: endpointArnOf(sns, endpoint),
    platform: applicationOf(sns, applicationId).platform,
    userData,
    isEnabled,
    createdAtMs,
    lastSentAtMs: sns.deliveries.lastSentAtMs(endpoint.id),
  };
}
