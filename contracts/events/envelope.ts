/**
 * The envelope of every event of the stream: the attributes of CloudEvents 1.0. The name of the data's schema ends in a
 * whole number; a published number is parsed for ever, because the stream and the dead letters outlive releases.
 *
 * An event holds everything that counting needs: times carry the store's offset and the business day is decided. A replay a
 * year later yields the same cells, even if the store has changed its time zone or its day cut.
 */
import * as v from 'valibot';
import type { StoreId } from '#domain/chain/ids.ts';
import { idText } from '../primitives.ts';

/** Returns the schema of the event `aisle.<name>` with data of one version. */
export const defineEvent = <
  const Name extends string,
  const Version extends number,
  const Data extends v.GenericSchema,
>(
  name: Name,
  version: Version,
  data: Data,
) =>
  v.pipe(
    v.object({
      specversion: v.literal('1.0'),
      id: v.string(),
      source: v.string(),
      type: v.literal(`aisle.${name}` as const),
      time: v.string(),
      subject: idText<StoreId>(),
      dataschema: v.literal(`urn:aisle:schema:${name}:${version}` as const),
      datacontenttype: v.literal('application/json'),
      data,
    }),
    v.metadata({ title: `aisle.${name}, version ${version}` }),
  );

/** The attributes that differ from event to event of one type. `source` is a path: `/stores/sz01/devices/till-1`. */
export interface EventHead {
  /** Deterministic: the same fact, published again, has the same id. */
  readonly id: string;
  readonly source: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subject: StoreId;
}

interface EventSchema extends v.GenericSchema<{ readonly data: unknown }> {
  readonly entries: {
    readonly type: { readonly literal: string };
    readonly dataschema: { readonly literal: string };
  };
}

/** Returns an event as the stream holds it, its attributes in one order, so that equal events are equal texts. */
export function wireEvent<const Schema extends EventSchema>(
  { entries: { type, dataschema } }: Schema,
  { id, source, time, subject }: EventHead,
  data: v.InferInput<Schema>['data'],
): v.InferInput<Schema> {
  const event = {
    specversion: '1.0',
    id,
    source,
    type: type.literal,
    time,
    subject,
    dataschema: dataschema.literal,
    datacontenttype: 'application/json',
    data,
  };
  // Both literals are read from the schema itself, which the compiler does not follow.
  return event as v.InferInput<Schema>;
}

/** Returns the id of an event: its parts, escaped and joined by slashes, so that no other parts give the same id. */
export const eventName = (...parts: ReadonlyArray<string | number>): string =>
  parts.map((part) => encodeURIComponent(part)).join('/');
