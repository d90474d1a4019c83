/**
 * GCJ-02, the datum of maps sold in China: WGS-84, shifted by a few hundred metres that vary from street to
 * street. The formula was never published officially; this is the one that the common converters share, on
 * the ellipsoid of Krasovsky 1940.
 *
 * The shift is defined within a box around China. Hong Kong, Macau and Taiwan lie in the box, and so do
 * neighbours of China: the position of a point does not reveal its datum, so the datum is given with each
 * point.
 */
interface LngLat {
  readonly lng: number;
  readonly lat: number;
}

/** Krasovsky 1940: the semi-major axis in metres, and the square of the eccentricity, published with two digits more than fit. */
const SEMI_MAJOR_M = 6_378_245.0;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;

/** The box within which there is a shift, in degrees. */
const CHINA = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 } as const;

/** The steps shrink some thousandfold each, so from hundreds of metres six are enough to the last digit. */
const STEPS_MAX = 8;

/** A hundredth of a millimetre, in degrees. */
const STEP_MIN = 1e-10;

/**
 * Returns whether a point lies in the box within which GCJ-02 differs from WGS-84; the box holds more than
 * China.
 */
export function isShifted({ lng, lat }: LngLat): boolean {
  return lng >= CHINA.west && lng <= CHINA.east && lat >= CHINA.south && lat <= CHINA.north;
}

/** Returns a WGS-84 point in GCJ-02. Outside the box the two are the same. */
export function wgs84ToGcj02(point: LngLat): LngLat {
  return isShifted(point) ? shifted(point) : point;
}

/**
 * Returns a GCJ-02 point in WGS-84, to 1e-9 degrees. The formula has no inverse in closed form, so the shift
 * is subtracted and the remaining error corrected, step by step. Within a kilometre of the edge of the box,
 * all of it sea, steppe or taiga, the two directions may disagree on whether there is a shift.
 */
export function gcj02ToWgs84(point: LngLat): LngLat {
  if (!isShifted(point)) return point;
  let { lng, lat } = point;
  for (let step = 0; step < STEPS_MAX; step++) {
    const reached = shifted({ lng, lat });
    const [deltaLng, deltaLat] = [reached.lng - point.lng, reached.lat - point.lat];
    lng -= deltaLng;
    lat -= deltaLat;
    if (Math.abs(deltaLng) < STEP_MIN && Math.abs(deltaLat) < STEP_MIN) break;
  }
  return { lng, lat };
}

/** The formula reckons from a point near the middle of China. */
const ORIGIN = { lng: 105, lat: 35 } as const;

function shifted({ lng, lat }: LngLat): LngLat {
  const x = lng - ORIGIN.lng;
  const y = lat - ORIGIN.lat;
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) ** 2;
  const metresPerDegreeNorth =
    (((SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (magic * Math.sqrt(magic))) * Math.PI) / 180;
  const metresPerDegreeEast = ((SEMI_MAJOR_M / Math.sqrt(magic)) * Math.cos(radians) * Math.PI) / 180;
  return {
    lng: lng + metresEast(x, y) / metresPerDegreeEast,
    lat: lat + metresNorth(x, y) / metresPerDegreeNorth,
  };
}

function metresEast(x: number, y: number): number {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    ripple(x) +
    waves(x, [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30])
  );
}

function metresNorth(x: number, y: number): number {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    ripple(x) +
    waves(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30])
  );
}

const ripple = (x: number): number => waves(x, [20, 6], [20, 2]);

/** Each wave has its height and how many half turns it makes per degree; together they are weighed by two thirds. */
function waves(at: number, ...all: readonly (readonly [height: number, turns: number])[]): number {
  return (2 / 3) * all.reduce((sum, [height, turns]) => sum + height * Math.sin(turns * at * Math.PI), 0);
}
