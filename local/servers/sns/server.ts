/**
 * An SNS that unmodified AWS clients talk to, as far as it concerns phones: applications, endpoints and messages to
 * them, with its state in SQLite.
 *
 * There is no push service behind it. What is published to an endpoint is kept beside it, as a phone would keep it, and
 * whoever wants to show a phone asks here.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/two-protocol-server.ts';
import { openApplications } from './applications.ts';
import { openDeliveries } from './deliveries.ts';
import { type Endpoint, openEndpoints } from './endpoints.ts';
import { operationsOf } from './operations/index.ts';
import type { Platform } from './platforms.ts';
import { answerQuery, type QueryService } from './query-protocol.ts';
import { invalidInput, unknownAction } from './refusals.ts';
import { SCHEMA } from './schema.ts';
import { applicationOf, type Delivery, endpointArnOf, endpointOfArn, type Sns } from './sns.ts';

export type { Delivery } from './sns.ts';

export interface SnsOptions {
  /** Any free one when not given. */
  readonly port?: number;
  /** Where the state is kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Told of each message once it is kept, and before its sender is answered. */
  readonly onPublish?: (delivery: Delivery) => void;
}

/** A phone as the server knows it. Its token is nobody's business. */
export interface Phone {
  readonly endpointArn: string;
  readonly platform: Platform;
  readonly userData: string;
  readonly isEnabled: boolean;
  readonly createdAtMs: number;
  /** Undefined where it was sent nothing so far. */
  readonly lastSentAtMs: number | undefined;
}

export interface SnsServer extends Server {
  /** In the order they were registered in. */
  phones(): Phone[];
  /** The phone that its push service knows by this token. */
  phoneOf(token: string): Phone | undefined;
  /** What a phone was sent, the newest first; nothing where there is no such phone. */
  deliveries(endpointArn: string): Delivery[];
}

export async function startSns({
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
  onPublish = () => {},
}: SnsOptions = {}): Promise<SnsServer> {
  const db = openDatabase(dataDir, 'sns.sqlite', SCHEMA);
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const sns: Sns = {
    account,
    clock,
    applications: openApplications(db),
    endpoints: openEndpoints(db),
    deliveries: openDeliveries(db),
    onPublish,
    wipe: () => void checkpoint.get(),
  };
  const service: QueryService = {
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: operationsOf(sns),
    refuse: invalidInput,
    unknownAction,
  };
  const server = await serve(port, (request) => answerQuery(service, request));
  return {
    ...server,
    phones: () => sns.endpoints.all().map((endpoint) => phoneOf(sns, endpoint)),
    phoneOf(token) {
      const endpoint = sns.endpoints.withToken(token);
      return endpoint && phoneOf(sns, endpoint);
    },
    deliveries(endpointArn) {
      const endpoint = endpointOfArn(sns, endpointArn, 'EndpointArn');
      if (endpoint === undefined) return [];
      const { platform } = applicationOf(sns, endpoint.applicationId);
      return sns.deliveries.of(endpoint.id).map((one) => ({ ...one, endpointArn, platform }));
    },
    async close() {
      await server.close();
      if (db.isOpen) db.close();
    },
  };
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
