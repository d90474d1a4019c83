/**
 * The names a chain gives its own things. They come from other people's systems (tills, ERP exports),
 * so they are kept as written; each kind is a type of its own, so that a till is never taken for a store.
 *
 * `#` parts the keys of the tables, and control characters and lone surrogates survive no CSV round
 * trip, so neither may stand in an id.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type StoreId = Branded<'StoreId'>;
export type CityId = Branded<'CityId'>;
export type RegionId = Branded<'RegionId'>;
export type TillId = Branded<'TillId'>;
export type StaffId = Branded<'StaffId'>;
export type ProductId = Branded<'ProductId'>;
export type ReceiptNo = Branded<'ReceiptNo'>;
export type DeviceId = Branded<'DeviceId'>;
/** A camera, a people sensor or a door counter, by the name it has in its store. */
export type SensorId = Branded<'SensorId'>;
/** A named part of a store's floor or of a camera's picture. */
export type ZoneId = Branded<'ZoneId'>;
/** A body in a store: `user.…` where a face may be known, `track.…` where it may not. See `domain/place/sighting.ts`. */
export type VisitorId = Branded<'VisitorId'>;

/** One customer, whatever points at them: `p.` and 26 letters and digits that mean nothing. */
export type PersonId = Branded<'PersonId'>;
export type CampaignId = Branded<'CampaignId'>;

/** Ids of places travel in URLs and scopes (`store:sz01`), so they are plain. */
const PLACE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Everything but control characters, `#`, surrogates that stand alone, and the replacement character. */
const FOREIGN_ID = /^(?!\s)[^\p{Cc}\p{Cs}#\uFFFD\p{Zl}\p{Zp}]{1,64}(?<!\s)$/u;

/** Whether a text can name a store, a city, a region, a device, a sensor or a zone. */
export const isPlaceId = (text: string): boolean => PLACE_ID.test(text);

/** Whether a text can name a till, a person of the staff, a product or a receipt. */
export const isForeignId = (text: string): boolean => FOREIGN_ID.test(text);
