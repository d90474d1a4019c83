/**
 * An Amazon Location that unmodified AWS clients talk to: trackers and geofences, with their state in SQLite. Maps, places and
 * routes are other services by the same name, and are not served.
 *
 * It keeps what callers build on: which positions a tracker drops, that ENTER is told once for as long as a device is known to be
 * inside, that a device of which nothing was heard for thirty days enters anew. What AWS evaluates a little later is evaluated here
 * before the call is answered, and told once; on AWS the same event may come twice.
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
  /** Any free one when not given. All parts of the service answer under it, whatever host they are asked by. */
  readonly port?: number;
  /** Where the state is kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Told of each event, in order, when it has been written and before the call is answered. */
  readonly onEvent?: (event: LocationEvent) => void;
  readonly quotas?: Partial<Quotas>;
}

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
    together: (work) => inTransaction(db, work),
    sweep: createSweep(db, keptFromMs),
    wipe: () => void checkpoint.get(),
    onEvent,
  });
  const handle = restJsonService(operations, createThrottle(clock, quotas.callsPerSecondMax));
  const server = resources.use(await serve(port, handle));
  return closable({ url: server.url, port: server.port }, resources);
}
