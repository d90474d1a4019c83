/**
 * Ids of a chain's own things. They come from other systems (tills, ERP exports) and are kept as written; each kind is
 * a branded type, so that a till id cannot be passed for a store id.
 *
 * `#` separates the parts of table keys, and control characters and lone surrogates survive no CSV round trip, so no id
 * may contain them.
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
/** A camera, a people sensor or a door counter; unique within its store. */
export type SensorId = Branded<'SensorId'>;
/** An area of a store's floor or of a camera's picture. */
export type ZoneId = Branded<'ZoneId'>;
/** A visitor in a store: `user.…` with face recognition, `track.…` without. See `domain/place/visits/sighting.ts`. */
export type VisitorId = Branded<'VisitorId'>;

/** One customer under all their identifiers: `p.` and 26 random letters and digits. */
export type PersonId = Branded<'PersonId'>;
export type CampaignId = Branded<'CampaignId'>;

/** Ids of places travel in URLs and scopes (`store:sz01`), so they are plain. */
const PLACE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Everything but control characters, `#`, lone surrogates and the replacement character. */
const FOREIGN_ID = /^(?!\s)[^\p{Cc}\p{Cs}#\uFFFD\p{Zl}\p{Zp}]{1,64}(?<!\s)$/u;

/** Reports whether a text is a valid id of a store, a city, a region, a device, a sensor or a zone. */
export const isPlaceId = (text: string): boolean => PLACE_ID.test(text);

/** Reports whether a text is a valid id of a till, a staff member, a product or a receipt. */
export const isForeignId = (text: string): boolean => FOREIGN_ID.test(text);
