/** `aisle stores …`: the stores of the chain, where they stand, when they are open, and which tills are to report. */
import { resolve } from 'node:path';
import type { ChainStore } from '#adapters/dynamodb/chain-store.ts';
import { isTimeZone } from '#domain/chain/business-day.ts';
import {
  DATUMS,
  type Datum,
  faultOfGround,
  type Ground,
  type GroundFence,
  groundGiven,
  RADIUS_M_DEFAULT,
} from '#domain/chain/ground.ts';
import {
  type CityId,
  isForeignId,
  isPlaceId,
  type RegionId,
  type StoreId,
  type TillId,
} from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { LngLat } from '#domain/place/fence.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { type Row, readTable } from '../input/csv-table.ts';
import { readFenceFile } from '../input/geofence-file.ts';
import { formatHours, HOURS_HELP, readHours } from '../input/opening-hours.ts';

/** A store as people write it, in options or in a row. */
interface StoreText {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly city: string;
  readonly region: string;
  readonly timeZone: string;
  readonly dayCut: string;
  readonly tills: string;
}

const FIELDS_HELP = `  id         letters, digits, . _ -  (sz01)
  name       what people call it
  nameZh     its Chinese name, where it has one
  city       id of the city; stays once set, because sums were taken there
  region     id of the region; stays once set
  timeZone   IANA name: Asia/Shanghai
  dayCut     when the business day changes, HH:mm; 00:00 where left out
  tills      the tills that are to report each day, separated by spaces or commas`;

const DAY_CUT = /^([01]?\d|2[0-3]):([0-5]\d)$/;

function storeOf(text: StoreText, currency: string): Store {
  for (const name of ['id', 'city', 'region'] as const) {
    if (!isPlaceId(text[name])) {
      throw new UserError(
        `${name} "${text[name]}" must be 1 to 64 letters, digits, dots, dashes or underscores`,
      );
    }
  }
  if (text.name.trim() === '') throw new UserError('the name is empty');
  if (!isTimeZone(text.timeZone) || text.timeZone === '') {
    throw new UserError(`"${text.timeZone}" is not a time zone such as Asia/Shanghai`);
  }
  const [, hour, minute] = DAY_CUT.exec(text.dayCut || '00:00') ?? [];
  if (hour === undefined) throw new UserError(`dayCut "${text.dayCut}" is not a time of day such as 04:00`);
  const tills = [...new Set(text.tills.split(/[\s,;]+/).filter((till) => till !== ''))];
  const bad = tills.find((till) => !isForeignId(till));
  if (bad !== undefined) throw new UserError(`"${bad}" cannot name a till`);
  return {
    storeId: text.id as StoreId,
    name: text.name,
    ...(text.nameZh === '' ? {} : { nameZh: text.nameZh }),
    cityId: text.city as CityId,
    regionId: text.region as RegionId,
    timeZone: text.timeZone,
    dayCutMinutes: Number(hour) * 60 + Number(minute),
    currency,
    tills: tills as TillId[],
  };
}

const DEGREES = /^-?\d{1,3}(?:\.\d{1,15})?$/;
const METRES = /^\d{1,6}(?:\.\d{1,3})?$/;

/** Latitude and longitude as people type them. */
function positionOf(lat: string, lng: string): LngLat {
  for (const [name, text] of [
    ['lat', lat],
    ['lng', lng],
  ]) {
    if (!DEGREES.test(text ?? ''))
      throw new UserError(`${name} "${text}" is not a number of degrees such as 22.5198`);
  }
  return { lng: Number(lng), lat: Number(lat) };
}

function datumOf(text: string): Datum {
  const found = DATUMS.find((datum) => datum === (text || 'WGS-84').toUpperCase());
  if (found === undefined) throw new UserError(`datum "${text}" is none of ${DATUMS.join(', ')}`);
  return found;
}

function circleOf(text: string): GroundFence {
  if (!METRES.test(text))
    throw new UserError(`radius "${text}" is not a number of metres such as ${RADIUS_M_DEFAULT}`);
  return { kind: 'circle', radiusM: Number(text) };
}

/** Ground of what people typed, turned to WGS-84; throws what is wrong with it. */
function groundOf(position: LngLat, datum: Datum, fence: GroundFence): Ground {
  const fault = faultOfGround({ position, fence });
  if (fault !== undefined) throw new UserError(fault);
  return groundGiven(position, datum, fence);
}

/** The ground that a row tells, if it tells any. A store that has not moved keeps the fence it has, unless the row tells another. */
function groundOfRow(row: Row, standing: Ground | undefined): Ground | undefined {
  const { lat = '', lng = '', datum = '', radius = '' } = row;
  if (lat === '' && lng === '') {
    if (datum === '' && radius === '') return undefined;
    throw new UserError('datum and radius say nothing without lat and lng');
  }
  if (lat === '' || lng === '') throw new UserError('lat and lng have to be told both');
  const circle = circleOf(radius || String(RADIUS_M_DEFAULT));
  const ground = groundOf(positionOf(lat, lng), datumOf(datum), circle);
  const hasMoved =
    standing?.position.lng !== ground.position.lng || standing.position.lat !== ground.position.lat;
  return radius === '' && !hasMoved ? { ...ground, fence: standing.fence } : ground;
}

function placeTold({ position, fence }: Ground): [position: string, fence: string] {
  const corners = fence.kind === 'circle' ? 0 : fence.rings.reduce((sum, ring) => sum + ring.length - 1, 0);
  return [
    `${position.lat}, ${position.lng}`,
    fence.kind === 'circle' ? `circle of ${fence.radiusM} m` : `polygon of ${corners} corners`,
  ];
}

const notThere = (storeId: string): UserError =>
  new UserError(`there is no store ${storeId}; see: aisle stores list`);

async function currencyOf(chain: ChainStore): Promise<string> {
  const known = await chain.chain();
  if (known === undefined) {
    throw new UserError('the chain has no currency yet; first: aisle chain set --name … --currency …');
  }
  return known.currency;
}

/** Puts a store, or says why it cannot be. */
async function put(chain: ChainStore, store: Store): Promise<void> {
  const outcome = await chain.putStore(store);
  if (outcome.kind === 'put') return;
  if (outcome.kind === 'stands elsewhere') {
    throw new UserError(
      `${store.storeId} stands in ${outcome.cityId}, ${outcome.regionId}, and the sums above it were taken there; ` +
        'a store that moves gets a new id',
    );
  }
  if (outcome.kind === 'city of another region') {
    throw new UserError(
      `${store.cityId} lies in ${outcome.regionId}; in two regions it would be counted in both`,
    );
  }
  throw new UserError(
    outcome.kind === 'no chain' ? 'there is no chain yet' : `the chain counts in ${outcome.currency}`,
  );
}

export const storesPut: Command = {
  name: 'stores put',
  summary: 'add a store, or change one in place',
  help: `Usage: aisle stores put --id sz01 --name "Shenzhen Bay" --name-zh 深圳湾店 --city shenzhen
                        --region south --time-zone Asia/Shanghai --day-cut 04:00 --tills "1 2 3"

${FIELDS_HELP}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      name: { type: 'string' },
      'name-zh': { type: 'string', default: '' },
      city: { type: 'string' },
      region: { type: 'string' },
      'time-zone': { type: 'string' },
      'day-cut': { type: 'string', default: '' },
      tills: { type: 'string', default: '' },
      ...CLOUD_OPTIONS,
    });
    const text: StoreText = {
      id: required(values.id, '--id'),
      name: required(values.name, '--name'),
      nameZh: values['name-zh'],
      city: required(values.city, '--city'),
      region: required(values.region, '--region'),
      timeZone: required(values['time-zone'], '--time-zone'),
      dayCut: values['day-cut'],
      tills: values.tills,
    };
    const chain = openCloud(values, terminal).chain();
    const store = storeOf(text, await currencyOf(chain));
    await put(chain, store);
    terminal.out(`${store.storeId} is kept: ${store.name}, ${store.cityId}, ${store.regionId}.\n`);
    return EXIT.ok;
  },
};

export const storesImport: Command = {
  name: 'stores import',
  summary: 'add or change stores from a CSV',
  help: `Usage: aisle stores import stores.csv

A CSV with a header. Columns id, name, city, region, timeZone have to be there; nameZh, dayCut, tills,
lat, lng, datum, radius, hours may be. Nothing is written unless every row is sound. May be run again:
stores are changed in place, and where a row tells no position or no hours, those that were set stay.

${FIELDS_HELP}
  lat, lng   where the store stands, in degrees; both or neither
  datum      ${DATUMS.join(' or ')}; WGS-84 where left out
  radius     of the fence around it, in metres. Where left out, a store that has not moved keeps the
             fence it has, and another gets a circle of ${RADIUS_M_DEFAULT} m
  hours      ${HOURS_HELP}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const chain = openCloud(values, terminal).chain();
    const currency = await currencyOf(chain);
    const columns = {
      required: ['id', 'name', 'city', 'region', 'timeZone'],
      optional: ['nameZh', 'dayCut', 'tills', 'lat', 'lng', 'datum', 'radius', 'hours'],
    };
    const standing = new Map((await chain.stores()).map((store) => [store.storeId, store]));
    const stores = readTable(path, columns, (row) => {
      const of = (name: keyof StoreText) => row[name] ?? '';
      const store = storeOf(
        {
          id: of('id'),
          name: of('name'),
          nameZh: of('nameZh'),
          city: of('city'),
          region: of('region'),
          timeZone: of('timeZone'),
          dayCut: of('dayCut'),
          tills: of('tills'),
        },
        currency,
      );
      const ground = groundOfRow(row, standing.get(store.storeId)?.ground);
      const openingHours = row['hours'] ? readHours(row['hours']) : undefined;
      return {
        ...store,
        ...(ground === undefined ? {} : { ground }),
        ...(openingHours === undefined ? {} : { openingHours }),
      };
    });
    for (const store of stores) await put(chain, store);
    terminal.out(`${stores.length} stores are kept.\n`);
    return EXIT.ok;
  },
};

export const storesPlace: Command = {
  name: 'stores place',
  summary: 'say where a store stands, and draw the fence around it',
  help: `Usage: aisle stores place --id sz01 --lat 22.5198 --lng 113.9412 [--radius ${RADIUS_M_DEFAULT}]
       aisle stores place --id sz01 --lat 22.5198 --lng 113.9412 --polygon fence.geojson
       aisle stores place --id sz01 --none

  --lat, --lng  degrees; south and west are below 0, and are typed with a sign of equality: --lat=-33.87
  --datum       of what is given, the polygon included: ${DATUMS.join(' or ')}. WGS-84 is what phones and
                most of the world's maps speak, and the default. GCJ-02 is that of maps sold in China
                (Amap, Tencent, the Chinese Google); it is turned to WGS-84, some hundred metres aside
  --radius      of a circle around the store, in metres; ${RADIUS_M_DEFAULT} where left out
  --polygon     a fence drawn instead: GeoJSON of one polygon, which may have holes
  --none        take fence and position away: nobody is greeted there any more

Replaces what was set before as a whole. The fence follows within two minutes.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      lat: { type: 'string' },
      lng: { type: 'string' },
      datum: { type: 'string' },
      radius: { type: 'string' },
      polygon: { type: 'string' },
      none: { type: 'boolean', default: false },
      ...CLOUD_OPTIONS,
    });
    const { none, lat, lng, datum, radius, polygon } = values;
    const storeId = required(values.id, '--id') as StoreId;
    const isTold = [lat, lng, datum, radius, polygon].some((value) => value !== undefined);
    if (none && isTold) throw usageError('--none goes with nothing else');
    if (radius !== undefined && polygon !== undefined) {
      throw usageError('a fence is a circle or a polygon: say --radius or --polygon');
    }
    const chain = openCloud(values, terminal).chain();
    const ground = none
      ? undefined
      : groundOf(
          positionOf(required(lat, '--lat'), required(lng, '--lng')),
          datumOf(datum ?? ''),
          polygon === undefined
            ? circleOf(radius ?? String(RADIUS_M_DEFAULT))
            : { kind: 'polygon', rings: readFenceFile(resolve(terminal.cwd, polygon)) },
        );
    if (!isPlaceId(storeId) || (await chain.putGround(storeId, ground)).kind === 'no store') {
      throw notThere(storeId);
    }
    if (ground === undefined) {
      terminal.out(`${storeId} has no fence; nobody is greeted there.\n`);
      return EXIT.ok;
    }
    const [position, fence] = placeTold(ground);
    const turned = ground.givenAs === 'WGS-84' ? '' : ` (WGS-84, turned from ${ground.givenAs})`;
    terminal.out(`${storeId} stands at ${position}${turned}; its fence is a ${fence}.\n`);
    return EXIT.ok;
  },
};

export const storesHours: Command = {
  name: 'stores hours',
  summary: 'say when a store is open',
  help: `Usage: aisle stores hours --id sz01 --hours "1-5 10:00-22:00; 6,7 09:00-02:00"
       aisle stores hours --id sz01 --none

  --hours   ${HOURS_HELP}.
            By the clock on the store's own wall. A day that is not named is closed
  --none    forget them: the store may then be open at any time

Replaces what was set before as a whole.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      hours: { type: 'string' },
      none: { type: 'boolean', default: false },
      ...CLOUD_OPTIONS,
    });
    const storeId = required(values.id, '--id') as StoreId;
    if (values.none && values.hours !== undefined) throw usageError('--none goes with nothing else');
    const hours = values.none ? undefined : readHours(required(values.hours, '--hours'));
    const chain = openCloud(values, terminal).chain();
    if (!isPlaceId(storeId) || (await chain.putHours(storeId, hours)).kind === 'no store') {
      throw notThere(storeId);
    }
    terminal.out(
      hours === undefined
        ? `${storeId} has no hours; it may be open at any time.\n`
        : `${storeId} is open ${formatHours(hours)}.\n`,
    );
    return EXIT.ok;
  },
};

export const storesList: Command = {
  name: 'stores list',
  summary: 'list the stores',
  help: `Usage: aisle stores list [--json]\n\n${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { json: { type: 'boolean' }, ...CLOUD_OPTIONS });
    const stores = await openCloud(values, terminal).chain().stores();
    if (values.json) {
      terminal.out(`${JSON.stringify(stores, undefined, 2)}\n`);
      return EXIT.ok;
    }
    const rows = stores.map((store) => [
      store.storeId,
      [store.name, store.nameZh].filter(Boolean).join(' '),
      store.cityId,
      store.regionId,
      store.timeZone,
      `${String(Math.floor(store.dayCutMinutes / 60)).padStart(2, '0')}:${String(store.dayCutMinutes % 60).padStart(2, '0')}`,
      store.tills.join(' '),
      ...(store.ground === undefined ? ['', ''] : placeTold(store.ground)),
      store.openingHours === undefined ? '' : formatHours(store.openingHours),
    ]);
    const heads = [
      'id',
      'name',
      'city',
      'region',
      'time zone',
      'day cut',
      'tills',
      'lat, lng',
      'fence',
      'open',
    ];
    terminal.out(`${table(heads, rows)}\n`);
    return EXIT.ok;
  },
};
