/** Where a store is: its position and the geofence around it. */
import type { LngLat, Ring } from './geometry.ts';

export const DATUMS = ['WGS-84', 'GCJ-02'] as const;

export type Datum = (typeof DATUMS)[number];

/** A geofence relative to its store: a circle has the store at its centre; a polygon has coordinates of its own. */
export type GeofenceShape =
  | { readonly kind: 'circle'; readonly radiusM: number }
  | { readonly kind: 'polygon'; readonly rings: readonly Ring[] };

export interface StoreLocation {
  /** WGS-84. */
  readonly position: LngLat;
  /** The datum in which the location was entered. */
  readonly givenAs: Datum;
  /** WGS-84. */
  readonly fence: GeofenceShape;
}
