/**
 * Shared set-up of the Amazon Location tests: a server with the SDK's client, and the most frequent calls.
 */
import {
  AssociateTrackerConsumerCommand,
  BatchUpdateDevicePositionCommand,
  CreateGeofenceCollectionCommand,
  CreateTrackerCommand,
  type DevicePositionUpdate,
  LocationClient,
  type PositionFiltering,
  PutGeofenceCommand,
} from '@aws-sdk/client-location';
import { onTestFinished } from 'vitest';
import type { LocationEvent } from '#local/servers/location/events.ts';
import { type LocationOptions, startLocation } from '#local/servers/location/server.ts';
import { manualClock } from '../wire/manual-clock.ts';

export const CollectionName = 'aisle-fences';
export const TrackerName = 'aisle-phones';
export const COLLECTION_ARN = `arn:aws:geo:us-east-1:000000000000:geofence-collection/${CollectionName}`;
export const TRACKER_ARN = `arn:aws:geo:us-east-1:000000000000:tracker/${TrackerName}`;

/** A store's location, as longitude and latitude. */
export const SHOP: [number, number] = [116.3, 39.9];
const METRES_PER_DEGREE_NORTH = 111_195;
export const northOf = ([lng, lat]: [number, number], metres: number): [number, number] => [
  lng,
  lat + metres / METRES_PER_DEGREE_NORTH,
];

export function clientOf(url: string): LocationClient {
  return new LocationClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    disableHostPrefix: true,
  });
}

export async function startWithClient(options: Partial<LocationOptions> = {}) {
  const events: LocationEvent[] = [];
  const clock = manualClock();
  const server = await startLocation({ clock, onEvent: (event) => void events.push(event), ...options });
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { server, client, clock, events };
}

/**
 * Starts a server with a tracker that is linked to a collection; `published` drains the events, one line
 * each.
 */
export async function startWithTracker(
  filtering: PositionFiltering = 'TimeBased',
  options: Partial<LocationOptions> = {},
) {
  const started = await startWithClient(options);
  const { client, clock, events } = started;
  await client.send(new CreateGeofenceCollectionCommand({ CollectionName }));
  await client.send(new CreateTrackerCommand({ TrackerName, PositionFiltering: filtering }));
  await client.send(new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn: COLLECTION_ARN }));
  return {
    ...started,
    published: () => events.splice(0).map(summaryOf),
    /** Sends positions of devices, in one call. */
    send: (...updates: readonly Sent[]) =>
      client.send(
        new BatchUpdateDevicePositionCommand({
          TrackerName,
          Updates: updates.map((one) => updateOf(one, clock.nowMs())),
        }),
      ),
  };
}

export interface Sent extends Partial<DevicePositionUpdate> {
  readonly at: [number, number];
  /** Seconds from now. */
  readonly s?: number;
  readonly accuracyM?: number;
}

function updateOf({ at, s = 0, accuracyM, ...rest }: Sent, nowMs: number): DevicePositionUpdate {
  return {
    DeviceId: 'phone-1',
    SampleTime: new Date(nowMs + s * 1_000),
    Position: at,
    ...(accuracyM !== undefined && { Accuracy: { Horizontal: accuracyM } }),
    ...rest,
  };
}

/** Summarises an event: device, type and, of a geofence event, the geofence. */
export const summaryOf = ({ detail }: LocationEvent): string =>
  `${detail.DeviceId} ${detail.EventType}${'GeofenceId' in detail ? ` ${detail.GeofenceId}` : ''}`;

/** Puts a circular geofence, by default of 100 m around the store. */
export function putCircle(client: LocationClient, GeofenceId: string, Center = SHOP, Radius = 100) {
  return client.send(
    new PutGeofenceCommand({ CollectionName, GeofenceId, Geometry: { Circle: { Center, Radius } } }),
  );
}
