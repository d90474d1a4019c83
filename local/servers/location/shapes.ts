/** Request members that several operations share, with the limits of AWS's service model. */
import { AwsError } from '../wire/aws-error.ts';
import { integer, list, oneOf, required, type Shape, structure, text } from '../wire/shape.ts';
import {
  ACCURACY_M_MAX,
  GEOFENCE_PROPERTIES,
  ITEMS_PER_CALL_MAX,
  POSITION_PROPERTIES,
  ROWS_PER_PAGE_MAX,
  TAGS_MAX,
} from './limits.ts';

const resourceName = text({ min: 1, max: 100, pattern: /^[-._\w]+$/ });

export const collectionName = { CollectionName: required(resourceName) };
export const trackerName = { TrackerName: required(resourceName) };
export const description = { Description: text({ max: 1_000 }) };

/** Id of a device or a geofence. */
export const id = required(text({ min: 1, max: 100, pattern: /^[-._\p{L}\p{N}]+$/u }));

export const arn = text({
  max: 1_600,
  pattern: /^arn(:[a-z0-9]+([.-][a-z0-9]+)*){2}(:([a-z0-9]+([.-][a-z0-9]+)*)?){2}:([^/].*)?$/,
});

export const page = {
  MaxResults: integer({ min: 1, max: ROWS_PER_PAGE_MAX }),
  NextToken: text({ min: 1, max: 60_000 }),
};

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** Returns the shape of a floating-point number. */
function double({ min, max }: Limits = {}): Shape<number | undefined> {
  return (value, path, violations) => {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'number') {
      throw new AwsError('SerializationException', `${typeof value} can not be converted to Double`);
    }
    const report = (rule: string) => violations.push({ path, value: '', rule });
    if (min !== undefined && value < min) report(`Member must have value greater than or equal to ${min}`);
    if (max !== undefined && value > max) report(`Member must have value less than or equal to ${max}`);
    return value;
  };
}

/** A time: ISO 8601 on the wire, parsed to milliseconds. */
export const time: Shape<number | undefined> = (value) => {
  if (value === null || value === undefined) return undefined;
  const atMs = typeof value === 'string' && ISO_8601.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) throw new AwsError('SerializationException', 'A time is not in ISO 8601 format');
  return atMs;
};

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export const position = list(required(double()), { min: 2, max: 2 });

const linearRing = list(required(position), { min: 4 });
export const linearRings = list(required(linearRing), { min: 1 });

/** Returns the shape of a map of texts, such as tags or custom properties. */
function properties({
  entriesMax,
  nameLengthMax = 20,
  valueLengthMin = 1,
  valueLengthMax,
}: {
  readonly entriesMax: number;
  readonly nameLengthMax?: number;
  readonly valueLengthMin?: number;
  readonly valueLengthMax: number;
}): Shape<Readonly<Record<string, string>> | undefined> {
  const shapeOfValue = required(text({ min: valueLengthMin, max: valueLengthMax }));
  return (value, path, violations) => {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw new AwsError('SerializationException', 'Expected a map');
    }
    const entries = Object.entries(value);
    const report = (rule: string) => violations.push({ path, value: '', rule });
    if (entries.length > entriesMax) report(`Member must have length less than or equal to ${entriesMax}`);
    if (entries.some(([name]) => name === '' || name.length > nameLengthMax)) {
      report(`Map keys must have length from 1 to ${nameLengthMax}`);
    }
    return Object.fromEntries(
      entries.map(([name, item]) => [name, shapeOfValue(item, `${path}.${name}.member`, violations)]),
    );
  };
}

export const geofenceProperties = { GeofenceProperties: properties(GEOFENCE_PROPERTIES) };
export const tags = {
  Tags: properties({ entriesMax: TAGS_MAX, nameLengthMax: 128, valueLengthMin: 0, valueLengthMax: 256 }),
};

export const kmsKeyId = { KmsKeyId: text({ min: 1, max: 2_048 }) };
/** AWS has retired the other two pricing plans. */
export const pricingPlan = { PricingPlan: oneOf('RequestBasedUsage') };
export const positionFiltering = {
  PositionFiltering: oneOf('TimeBased', 'DistanceBased', 'AccuracyBased'),
};

/**
 * MultiPolygon and Geobuf are parsed only so that they can be rejected by name: Aisle puts no such geofence.
 */
const isPresent: Shape<boolean> = (value) => value !== null && value !== undefined;

export const geometry = required(
  structure({
    Circle: structure({ Center: required(position), Radius: required(double()) }),
    Polygon: linearRings,
    MultiPolygon: isPresent,
    Geobuf: isPresent,
  }),
);
export type WireGeometry = ReturnType<typeof geometry>;

const devicePositionUpdate = structure({
  DeviceId: id,
  SampleTime: required(time),
  Position: required(position),
  Accuracy: structure({ Horizontal: required(double({ min: 0, max: ACCURACY_M_MAX })) }),
  PositionProperties: properties(POSITION_PROPERTIES),
});
export const devicePositionUpdates = required(
  list(required(devicePositionUpdate), { min: 1, max: ITEMS_PER_CALL_MAX }),
);
export type WireUpdate = ReturnType<typeof devicePositionUpdates>[number];
