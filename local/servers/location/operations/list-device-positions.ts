/**
 * ListDevicePositions: the newest position of each device, in the order of device ids, optionally within a
 * polygon. Unlike the other operations it returns no time of arrival.
 */
import { faultOfGeofence, geofenceContains } from '#domain/place/geo/geofence.ts';
import { structure } from '../../wire/shape.ts';
import { describeUpdate } from '../device-update.ts';
import { invalidField } from '../errors.ts';
import { ringsOf } from '../geometries.ts';
import { type Location, trackerOf } from '../location.ts';
import { readPage } from '../paging.ts';
import type { StoredPosition } from '../positions.ts';
import { operation } from '../rest-json.ts';
import { linearRings, page, trackerName } from '../shapes.ts';

export const listDevicePositions = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/list-positions',
    { ...trackerName, ...page, FilterGeometry: structure({ Polygon: linearRings }) },
    (input) => {
      const tracker = trackerOf(location, input);
      const nowMs = location.clock.nowMs();
      const isIncluded = filterOf(input.FilterGeometry?.Polygon);

      function includedAfter(deviceId: string, countMax: number): StoredPosition[] {
        const included: StoredPosition[] = [];
        let after = deviceId;
        while (included.length < countMax) {
          const rows = location.positions.newest(tracker.id, after, countMax, nowMs);
          included.push(...rows.filter(isIncluded));
          const last = rows.at(-1);
          if (last === undefined || rows.length < countMax) break;
          after = last.deviceId;
        }
        return included.slice(0, countMax);
      }

      const { rows, nextToken } = readPage(
        `positions-${tracker.id}`,
        input,
        (after = '', countMax) => includedAfter(after, countMax),
        ({ deviceId }) => deviceId,
      );
      return { Entries: rows.map(describeUpdate), NextToken: nextToken };
    },
  );

function filterOf(polygon: Parameters<typeof ringsOf>[0] | undefined): (position: StoredPosition) => boolean {
  if (polygon === undefined) return () => true;
  const geometry = { kind: 'polygon', rings: ringsOf(polygon) } as const;
  const fault = faultOfGeofence(geometry);
  if (fault !== undefined) throw invalidField('filterGeometry.polygon', fault);
  return (position) => geofenceContains(geometry, position);
}
