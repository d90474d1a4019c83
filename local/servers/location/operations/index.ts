/** The operations this server knows, by their names. */
import type { Location } from '../location.ts';
import type { Operation } from '../rest-json.ts';
import { associateTrackerConsumer } from './associate-tracker-consumer.ts';
import { batchDeleteDevicePositionHistory } from './batch-delete-device-position-history.ts';
import { batchDeleteGeofence } from './batch-delete-geofence.ts';
import { batchEvaluateGeofences } from './batch-evaluate-geofences.ts';
import { batchGetDevicePosition } from './batch-get-device-position.ts';
import { batchPutGeofence } from './batch-put-geofence.ts';
import { batchUpdateDevicePosition } from './batch-update-device-position.ts';
import { createGeofenceCollection } from './create-geofence-collection.ts';
import { createTracker } from './create-tracker.ts';
import { deleteGeofenceCollection } from './delete-geofence-collection.ts';
import { deleteTracker } from './delete-tracker.ts';
import { describeGeofenceCollection } from './describe-geofence-collection.ts';
import { describeTracker } from './describe-tracker.ts';
import { disassociateTrackerConsumer } from './disassociate-tracker-consumer.ts';
import { getDevicePosition } from './get-device-position.ts';
import { getDevicePositionHistory } from './get-device-position-history.ts';
import { getGeofence } from './get-geofence.ts';
import { listDevicePositions } from './list-device-positions.ts';
import { listGeofenceCollections } from './list-geofence-collections.ts';
import { listGeofences } from './list-geofences.ts';
import { listTrackerConsumers } from './list-tracker-consumers.ts';
import { listTrackers } from './list-trackers.ts';
import { putGeofence } from './put-geofence.ts';
import { updateTracker } from './update-tracker.ts';

export function operationsOf(location: Location) {
  return {
    // First what is called most: the router tries them in this order.
    BatchUpdateDevicePosition: batchUpdateDevicePosition(location),
    AssociateTrackerConsumer: associateTrackerConsumer(location),
    BatchDeleteDevicePositionHistory: batchDeleteDevicePositionHistory(location),
    BatchDeleteGeofence: batchDeleteGeofence(location),
    BatchEvaluateGeofences: batchEvaluateGeofences(location),
    BatchGetDevicePosition: batchGetDevicePosition(location),
    BatchPutGeofence: batchPutGeofence(location),
    CreateGeofenceCollection: createGeofenceCollection(location),
    CreateTracker: createTracker(location),
    DeleteGeofenceCollection: deleteGeofenceCollection(location),
    DeleteTracker: deleteTracker(location),
    DescribeGeofenceCollection: describeGeofenceCollection(location),
    DescribeTracker: describeTracker(location),
    DisassociateTrackerConsumer: disassociateTrackerConsumer(location),
    GetDevicePosition: getDevicePosition(location),
    GetDevicePositionHistory: getDevicePositionHistory(location),
    GetGeofence: getGeofence(location),
    ListDevicePositions: listDevicePositions(location),
    ListGeofenceCollections: listGeofenceCollections(location),
    ListGeofences: listGeofences(location),
    ListTrackerConsumers: listTrackerConsumers(location),
    ListTrackers: listTrackers(location),
    PutGeofence: putGeofence(location),
    UpdateTracker: updateTracker(location),
  } satisfies Record<string, Operation>;
}
