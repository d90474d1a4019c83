/**
 * The geofences of the chain: a geofence collection of Amazon Location. Putting a geofence under an existing id replaces it,
 * and phones inside are evaluated against the new one with their next position.
 */

import {
  BatchDeleteGeofenceCommand,
  BatchPutGeofenceCommand,
  type LocationClient,
  paginateListGeofences,
  type GeofenceGeometry as WireGeometry,
} from '@aws-sdk/client-location';
import type { GeofenceCollection } from '#application/ports/geofences.ts';
import type { GeofenceGeometry, Ring } from '#domain/chain/geometry.ts';
import { withRfc7946Winding } from '#domain/place/geo/geofence.ts';
import { sendInBatches } from './batch-send.ts';

/** The service's own limit, for putting and deleting alike. */
const FENCES_PER_CALL_MAX = 10;

export function locationGeofences(client: LocationClient, CollectionName: string): GeofenceCollection {
  return {
    async *list() {
      for await (const { Entries = [] } of paginateListGeofences({ client }, { CollectionName })) {
        for (const { GeofenceId = '', Geometry, GeofenceProperties = {}, Status } of Entries) {
          if (Status === 'DELETED' || Status === 'DELETING') continue;
          const geometry = Status === 'FAILED' ? NOT_DRAWN : geometryOf(Geometry);
          yield { fenceId: GeofenceId, geometry, properties: GeofenceProperties };
        }
      }
    },

    async put(fences) {
      const notPut = await sendInBatches(fences, FENCES_PER_CALL_MAX, async (batch) => {
        const command = new BatchPutGeofenceCommand({
          CollectionName,
          Entries: batch.map(({ fenceId, geometry, properties }) => ({
            GeofenceId: fenceId,
            Geometry: wireGeometryOf(geometry),
            GeofenceProperties: properties,
          })),
        });
        const { Errors = [] } = await client.send(command);
        return Errors.map(({ GeofenceId, Error: error }) => ({
          isOf: ({ fenceId }) => fenceId === GeofenceId,
          error,
        }));
      });
      return notPut.map(({ index, ...why }) => ({ fenceId: fences[index]?.fenceId ?? '', ...why }));
    },

    async remove(fenceIds) {
      const left = await sendInBatches(fenceIds, FENCES_PER_CALL_MAX, async (batch) => {
        const command = new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: [...batch] });
        const { Errors = [] } = await client.send(command);
        return Errors.filter(({ Error: error }) => error?.Code !== 'ResourceNotFoundError').map(
          ({ GeofenceId, Error: error }) => ({ isOf: (id) => id === GeofenceId, error }),
        );
      });
      return left.map(({ index, ...why }) => ({ fenceId: fenceIds[index] ?? '', ...why }));
    },
  };
}

/** Geometry of a fence that the service stored and could not draw: equal to no other, so a comparison puts it again. */
const NOT_DRAWN: GeofenceGeometry = { kind: 'polygon', rings: [] };

function wireGeometryOf(geometry: GeofenceGeometry): WireGeometry {
  if (geometry.kind === 'polygon') {
    return { Polygon: withRfc7946Winding(geometry.rings).map((ring) => ring.map((corner) => [...corner])) };
  }
  const { centre, radiusM } = geometry;
  return { Circle: { Center: [centre.lng, centre.lat], Radius: radiusM } };
}

/** A fence of a form that is never put here has no rings, and is equal to none that is. */
function geometryOf({ Circle, Polygon = [] }: WireGeometry = {}): GeofenceGeometry {
  if (Circle === undefined) return { kind: 'polygon', rings: Polygon.map(ringOf) };
  const [lng = 0, lat = 0] = Circle.Center ?? [];
  return { kind: 'circle', centre: { lng, lat }, radiusM: Circle.Radius ?? 0 };
}

const ringOf = (ring: readonly number[][]): Ring => ring.map(([lng = 0, lat = 0]) => [lng, lat]);
