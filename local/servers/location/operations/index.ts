/** The operations that this server implements, by name. */
import type { Location } from '../location.ts';
import type { Operation } from '../rest-json.ts';
import { associateTrackerConsumer } from './associate-tracker-consumer.ts';
import { batchDeleteDevicePositionHistory } from './batch-delete-device-position-history.ts';
import { batchDeleteGeofence } from './batch-delete-geofence.ts';
import { batchGetDevicePosition } from './batch-get-device-position.ts';
import { batchPutGeofence } from './batch-put-geofence.ts';
import { batchUpdateDevicePosition } from './batch-update-device-position.ts';
import { createGeofenceCollection } from './create-geofence-collection.ts';
import { createTracker } from './create-tracker.ts';
import { getDevicePositionHistory } from './get-device-position-history.ts';
import { listDevicePositions } from './list-device-positions.ts';
import { listGeofences } from './list-geofences.ts';
import { putGeofence } from './put-geofence.ts';
import { updateTracker } from './update-tracker.ts';

/** Returns the operations over a context. */
export function operationsOf(location: Location) {
  return {
    // The router tries them in this order, so the most frequent one comes first.
    BatchUpdateDevicePosition: batchUpdateDevicePosition(location),
    AssociateTrackerConsumer: associateTrackerConsumer(location),
    BatchDeleteDevicePositionHistory: batchDeleteDevicePositionHistory(location),
    BatchDeleteGeofence: batchDeleteGeofence(location),
    BatchGetDevicePosition: batchGetDevicePosition(location),
    BatchPutGeofence: batchPutGeofence(location),
    CreateGeofenceCollection: createGeofenceCollection(location),
    CreateTracker: createTracker(location),
    GetDevicePositionHistory: getDevicePositionHistory(location),
    ListDevicePositions: listDevicePositions(location),
    ListGeofences: listGeofences(location),
    PutGeofence: putGeofence(location),
    UpdateTracker: updateTracker(location),
  } satisfies Record<string, Operation>;
}
