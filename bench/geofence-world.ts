/**
 * Generates geofences of a chain and positions of phones: five hundred stores per city, radii of 100 to 300 metres that
 * overlap where stores are close, and phones anywhere in the cities.
 */
import { circle } from '@turf/circle';
import type { GeofenceGeometry, LngLat, Ring } from '#domain/chain/geometry.ts';
import { seededRandom } from './support.ts';

export const FORMS = ['circle', 'polygon'] as const;
export type Form = (typeof FORMS)[number];

/** Number of distinct corners of every polygon. */
export const CORNERS = 64;

const SHOPS_PER_CITY = 500;
const CITY_WIDTH = 0.3;
/** Approximate bounds of China, degrees. */
const LAND = { west: 85, south: 22, width: 38, height: 23 };
const RADIUS_M = { min: 100, max: 300 };
/** Seven decimals of a degree are about a centimetre; all candidates get the same digits. */
const DECIMALS = 7;

export interface World {
  readonly fences: readonly GeofenceGeometry[];
  readonly positions: readonly LngLat[];
}

/** Returns a reproducible world: the same counts give the same geofences and positions. */
export function worldOf(form: Form, fencesCount: number, positionsCount: number): World {
  const random = seededRandom(fencesCount);
  const cities = Array.from({ length: Math.max(1, Math.round(fencesCount / SHOPS_PER_CITY)) }, () => ({
    lng: LAND.west + random() * LAND.width,
    lat: LAND.south + random() * LAND.height,
  }));
  const randomPosition = (): LngLat => {
    const city = cities[Math.floor(random() * cities.length)] ?? { lng: 0, lat: 0 };
    return { lng: rounded(city.lng + random() * CITY_WIDTH), lat: rounded(city.lat + random() * CITY_WIDTH) };
  };
  const fences = Array.from({ length: fencesCount }, (): GeofenceGeometry => {
    const centre = randomPosition();
    const radiusM = Math.round(RADIUS_M.min + random() * (RADIUS_M.max - RADIUS_M.min));
    return form === 'circle'
      ? { kind: 'circle', centre, radiusM }
      : { kind: 'polygon', rings: [cornersOf(centre, radiusM)] };
  });
  return { fences, positions: Array.from({ length: positionsCount }, randomPosition) };
}

function cornersOf({ lng, lat }: LngLat, radiusM: number): Ring {
  const { geometry } = circle([lng, lat], radiusM, { steps: CORNERS, units: 'meters' });
  const corners = (geometry.coordinates[0] ?? []).map(([x = 0, y = 0]): Ring[number] => [
    rounded(x),
    rounded(y),
  ]);
  return [...corners.slice(0, CORNERS), corners[0] ?? [lng, lat]];
}

const rounded = (degrees: number): number => Number(degrees.toFixed(DECIMALS));
