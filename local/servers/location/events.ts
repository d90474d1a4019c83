/** The events that Amazon Location sends to EventBridge, in the format of its developer guide. */
import { randomUUID } from 'node:crypto';
import type { Account } from '../wire/account.ts';
import { type DeviceUpdate, describeUpdate } from './device-update.ts';
import type { Geofence } from './geofences.ts';
import type { StoredPosition } from './positions.ts';

interface EventBase {
  readonly version: '0';
  readonly id: string;
  readonly source: 'aws.geo';
  readonly account: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
  readonly region: string;
}

interface PositionDetail {
  readonly DeviceId: string;
  /** ISO 8601, in milliseconds. */
  readonly SampleTime: string;
  /** Longitude, latitude. */
  readonly Position: readonly [number, number];
  readonly Accuracy?: { readonly Horizontal: number };
  readonly PositionProperties?: Readonly<Record<string, string>>;
}

export interface GeofenceEvent extends EventBase {
  readonly 'detail-type': 'Location Geofence Event';
  readonly resources: readonly [collectionArn: string, trackerArn: string];
  readonly detail: PositionDetail & {
    readonly EventType: 'ENTER' | 'EXIT';
    readonly GeofenceId: string;
    readonly GeofenceProperties?: Readonly<Record<string, string>>;
  };
}

export interface PositionEvent extends EventBase {
  readonly 'detail-type': 'Location Device Position Event';
  readonly resources: readonly [trackerArn: string];
  readonly detail: PositionDetail & {
    readonly EventType: 'UPDATE';
    readonly TrackerName: string;
    readonly ReceivedTime: string;
  };
}

export type LocationEvent = GeofenceEvent | PositionEvent;

/** Account and time of an event. */
export interface Origin {
  readonly account: Account;
  readonly nowMs: number;
}

/** Returns the event of a device that enters or exits a geofence. */
export function geofenceEvent(
  origin: Origin,
  resources: GeofenceEvent['resources'],
  type: 'ENTER' | 'EXIT',
  { geofenceId, properties }: Geofence,
  update: DeviceUpdate,
): GeofenceEvent {
  return {
    ...baseOf(origin, 'Location Geofence Event'),
    resources,
    detail: {
      EventType: type,
      GeofenceId: geofenceId,
      ...describeUpdate(update),
      ...(Object.keys(properties).length > 0 && { GeofenceProperties: properties }),
    },
  };
}

/** Returns the event of a position that a tracker has stored. */
export function positionEvent(
  origin: Origin,
  trackerArn: string,
  TrackerName: string,
  position: StoredPosition,
): PositionEvent {
  return {
    ...baseOf(origin, 'Location Device Position Event'),
    resources: [trackerArn],
    detail: {
      EventType: 'UPDATE',
      TrackerName,
      ...describeUpdate(position),
      ReceivedTime: new Date(position.receivedAtMs).toISOString(),
    },
  };
}

function baseOf<Type extends LocationEvent['detail-type']>({ account, nowMs }: Origin, type: Type) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: 'aws.geo',
    account: account.accountId,
    time: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    region: account.region,
  } as const;
}
