/**
 * The fields of a store as operators type them, in options or in a row of a table. A field that is left out keeps its stored
 * value. Day cut and time zone of a store that has counted receipts change from a stated business day on, because the
 * business day is part of a receipt's identity: under another cut a receipt that is sent again would be another day's.
 */
import { type BusinessDay, isTimeZone, parseBusinessDay } from '#domain/chain/business-day.ts';
import {
  type CityId,
  isForeignId,
  isPlaceId,
  type RegionId,
  type StoreId,
  type TillId,
} from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { changedClock, type DayClock, dayAt, type StoreClock } from '#domain/chain/store-clock.ts';
import { UserError } from '../command.ts';
import { isCountry } from './country.ts';

/** Absent fields keep their stored values. */
export interface StoreFields {
  readonly id: string;
  readonly name?: string | undefined;
  /** An empty text removes the name. */
  readonly nameZh?: string | undefined;
  readonly city?: string | undefined;
  readonly region?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly dayCut?: string | undefined;
  readonly tills?: string | undefined;
  readonly country?: string | undefined;
  /** `yes` or `no`. */
  readonly healthService?: string | undefined;
  /** The first business day of a changed day cut or time zone. */
  readonly from?: string | undefined;
}

export interface StoreContext {
  readonly currency: string;
  /** The store as it is stored. */
  readonly existing: Store | undefined;
  /** Whether any day of the store has been counted. */
  readonly hasFacts: boolean;
  readonly nowMs: number;
}

const DAY_CUT = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/**
 * Returns the store of the fields.
 *
 * @throws UserError where a field is missing or invalid, or where the clock of a store with receipts would change at once
 */
export function storeOfFields(
  fields: StoreFields,
  { currency, existing, hasFacts, nowMs }: StoreContext,
): Store {
  const text = (value: string | undefined, stored: string | undefined, name: string): string => {
    const chosen = value === undefined || value === '' ? stored : value;
    if (chosen === undefined) throw new UserError(`a new store needs a ${name}`);
    return chosen;
  };
  const city = text(fields.city, existing?.cityId, 'city');
  const region = text(fields.region, existing?.regionId, 'region');
  for (const [name, id] of Object.entries({ id: fields.id, city, region })) {
    if (!isPlaceId(id)) {
      throw new UserError(`${name} "${id}" must be 1 to 64 letters, digits, dots, dashes or underscores`);
    }
  }
  if (fields.name !== undefined && fields.name.trim() === '')
    throw new UserError('the name must not be empty');
  const timeZone = text(fields.timeZone, existing?.timeZone, 'time zone');
  if (!isTimeZone(timeZone)) throw new UserError(`"${timeZone}" is not a time zone such as Asia/Shanghai`);
  const wanted = { timeZone, dayCutMinutes: dayCutOf(fields.dayCut, existing) };
  const nameZh = fields.nameZh ?? existing?.nameZh ?? '';
  return {
    storeId: fields.id as StoreId,
    name: text(fields.name, existing?.name, 'name'),
    ...(nameZh === '' ? {} : { nameZh }),
    cityId: city as CityId,
    regionId: region as RegionId,
    ...clockOf(existing, wanted, { from: fields.from, hasFacts, nowMs }),
    currency,
    tills: tillsOf(fields.tills, existing),
    ...lawFieldsOf(fields, existing),
  };
}

/** Returns what decides which law applies to the store; absent fields keep their stored values. */
function lawFieldsOf(
  { country = '', healthService = '' }: StoreFields,
  existing: Store | undefined,
): Pick<Store, 'country' | 'isHealthService'> {
  if (country !== '' && !isCountry(country)) {
    throw new UserError(`country "${country}" is not an ISO 3166-1 code such as CN`);
  }
  if (!['', 'yes', 'no'].includes(healthService)) {
    throw new UserError(`healthService "${healthService}" must be yes or no`);
  }
  const kept = country === '' ? existing?.country : country;
  const isHealthService = healthService === '' ? existing?.isHealthService : healthService === 'yes';
  return {
    ...(kept === undefined ? {} : { country: kept }),
    ...(isHealthService === undefined ? {} : { isHealthService }),
  };
}

function dayCutOf(text: string | undefined, existing: Store | undefined): number {
  if (text === undefined || text === '') return existing?.dayCutMinutes ?? 0;
  const [, hour, minute] = DAY_CUT.exec(text) ?? [];
  if (hour === undefined) throw new UserError(`dayCut "${text}" is not a time of day such as 04:00`);
  return Number(hour) * 60 + Number(minute);
}

function tillsOf(text: string | undefined, existing: Store | undefined): readonly TillId[] {
  if (text === undefined) return existing?.tills ?? [];
  const tills = [...new Set(text.split(/[\s,;]+/).filter((till) => till !== ''))];
  const bad = tills.find((till) => !isForeignId(till));
  if (bad !== undefined) throw new UserError(`"${bad}" is not a valid till id`);
  return tills as TillId[];
}

function clockOf(
  existing: Store | undefined,
  wanted: DayClock,
  { from, hasFacts, nowMs }: { from: string | undefined; hasFacts: boolean; nowMs: number },
): StoreClock {
  const { timeZone, dayCutMinutes, earlierClocks }: StoreClock = existing ?? wanted;
  const isChanged = wanted.timeZone !== timeZone || wanted.dayCutMinutes !== dayCutMinutes;
  const day = from === undefined || from === '' ? undefined : dayOf(from);
  if (existing === undefined || !isChanged || !hasFacts) {
    return { ...wanted, ...(earlierClocks === undefined ? {} : { earlierClocks }) };
  }
  const today = dayAt(nowMs, existing);
  if (day === undefined || day <= today) {
    throw new UserError(
      `the store has receipts: its day cut and time zone can change from a later day than ${today} on; pass that day (--from, or the column from)`,
    );
  }
  try {
    return changedClock(existing, wanted, day);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(error.message);
    throw error;
  }
}

function dayOf(text: string): BusinessDay {
  const day = parseBusinessDay(text);
  if (day === undefined) throw new UserError(`from "${text}" is not a day such as 2027-01-01`);
  return day;
}
