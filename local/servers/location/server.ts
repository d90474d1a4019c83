/**
 * An Amazon Location server for unmodified AWS clients: trackers and geofences, with their state in SQLite.
 * Maps, places and routes, which belong to the same service on AWS, are not implemented.
 *
 * It has the guarantees that consumers build on: a tracker filters positions as configured, an ENTER is
 * published once for as long as the device stays inside, and a device without positions for thirty days
 * enters again. Unlike on AWS, positions are evaluated before the response, and each event is published
 * exactly once.
 */
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { inTransaction, openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { openCollections } from './collections.ts';
import type { LocationEvent } from './events.ts';
import { openGeofences } from './geofences.ts';
import {
  COLLECTIONS_MAX,
  CONSUMERS_PER_TRACKER_MAX,
  GEOFENCES_PER_COLLECTION_MAX,
  KEPT_MS,
  TRACKERS_MAX,
} from './limits.ts';
import type { Quotas } from './location.ts';
import { operationsOf } from './operations/index.ts';
import { openPositions } from './positions.ts';
import { restJsonService } from './rest-json.ts';
import { SCHEMA } from './schema.ts';
import { openStates } from './states.ts';
import { createSweep } from './sweep.ts';
import { createThrottle } from './throttle.ts';
import { openTrackers } from './trackers.ts';

export interface LocationOptions {
  /** Any free port by default. Requests for every host name of the service are accepted. */
  readonly port?: number;
  /** The folder of the state, which is in memory by default. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Receives each event, in order, after its transaction and before the response. */
  readonly onEvent?: (event: LocationEvent) => void;
  readonly quotas?: Partial<Quotas>;
}

/** Starts the server. @throws where the port is taken or the folder cannot be written. */
export async function startLocation({
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
  onEvent = () => {},
  quotas: given = {},
}: LocationOptions = {}): Promise<Server> {
  await using resources = new AsyncDisposableStack();
  const db = resources.adopt(openDatabase(dataDir, 'location.sqlite', SCHEMA), (open) => open.close());
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const keptFromMs = (nowMs: number) => nowMs - KEPT_MS;
  const quotas: Quotas = {
    collectionsMax: COLLECTIONS_MAX,
    geofencesPerCollectionMax: GEOFENCES_PER_COLLECTION_MAX,
    trackersMax: TRACKERS_MAX,
    consumersPerTrackerMax: CONSUMERS_PER_TRACKER_MAX,
    callsPerSecondMax: Number.POSITIVE_INFINITY,
    ...given,
  };
  const operations = operationsOf({
    account,
    clock,
    quotas,
    collections: openCollections(db),
    geofences: openGeofences(db),
    trackers: openTrackers(db),
    positions: openPositions(db, keptFromMs),
    states: openStates(db, keptFromMs),
    atomically: (work) => inTransaction(db, work),
    sweep: createSweep(db, keptFromMs),
    truncateLog: () => void checkpoint.get(),
    onEvent,
  });
  const handle = restJsonService(operations, createThrottle(clock, quotas.callsPerSecondMax));
  const server = resources.use(await serve(port, handle));
  return closable({ url: server.url, port: server.port }, resources);
}
