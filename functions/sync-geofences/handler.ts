/**
 * Schedule, each minute → the collection's geofences match the stores. A rejected geofence does not hold up the others; it
 * fails the run and so raises the alarm: a store without its geofence sends no pushes, which nothing else would report.
 */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationGeofences } from '#adapters/location/geofences.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { eventHandler, type ScheduledEvent } from '../shared/event-handler.ts';
import { type SyncedGeofences, syncGeofences } from './sync-geofences.ts';

const ports = {
  chain: dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable)),
  geofences: locationGeofences(locationClient(), requireEnv(process.env, env.fenceCollection)),
  nowMs: Date.now,
};

/** Ids quoted in one error message. */
const QUOTED_MAX = 20;

export const handler = eventHandler<ScheduledEvent, SyncedGeofences>({
  serviceName: 'sync-geofences',
  handle: async (_event, { logger }) => {
    const synced = await syncGeofences(ports);
    const { rejected, ...counts } = synced;
    const isUnchanged = counts.put + counts.removed + rejected.length === 0;
    logger[isUnchanged ? 'debug' : 'info']('geofences synchronised', {
      ...counts,
      rejected: rejected.length,
    });
    if (rejected.length > 0)
      throw new Error(`${rejected.length} geofences could not be updated: ${quoted(rejected)}`);
    return synced;
  },
});

/** Returns which geofences, and whether a retry may help; the service's own text is left out, since it may hold a location. */
const quoted = (rejected: SyncedGeofences['rejected']): string =>
  rejected
    .slice(0, QUOTED_MAX)
    .map(({ fenceId, isFinal }) => `${fenceId} (${isFinal ? 'rejected' : 'throttled'})`)
    .join(', ');
