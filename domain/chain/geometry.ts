/** Positions and shapes on the map, WGS-84 in degrees. */

/** Degrees east and north. */
export interface LngLat {
  readonly lng: number;
  readonly lat: number;
}

/** Longitude before latitude, as in GeoJSON; the last corner is the first again. */
export type Ring = readonly (readonly [lng: number, lat: number])[];

export type GeofenceGeometry =
  | { readonly kind: 'circle'; readonly centre: LngLat; readonly radiusM: number }
  /** The outer ring first; the others are holes in it. */
  | { readonly kind: 'polygon'; readonly rings: readonly Ring[] };
