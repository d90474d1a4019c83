/** `aisle stores …`: the stores of the chain, with their location, opening hours and tills. */
import { resolve } from 'node:path';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import { DATUMS } from '#domain/chain/location.ts';
import type { Store } from '#domain/chain/store.ts';
import { RADIUS_M_DEFAULT } from '#domain/place/geo/store-location.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, openCloud, unknownStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { type Row, readTable } from '../input/csv-table.ts';
import { readGeofenceFile } from '../input/geofence-file.ts';
import { formatHours, HOURS_HELP, readHours } from '../input/opening-hours.ts';
import { storeOfFields } from '../input/store-fields.ts';
import {
  describeLocation,
  locationOf,
  readCircle,
  readDatum,
  readLocationRow,
  readPosition,
} from '../input/store-location.ts';

const FIELDS_HELP = `  id         letters, digits, . _ -  (sz01)
  name       display name
  nameZh     Chinese display name, optional
  city       id of the city; cannot be changed, because figures have been rolled up there
  region     id of the region; cannot be changed
  timeZone   IANA name: Asia/Shanghai
  dayCut     start of the business day, HH:mm; default for a new store: 00:00
  tills      tills expected to report every day, separated by spaces or commas
  from       first business day of a changed dayCut or timeZone; required once the store has receipts, and
             later than today. Days before it keep the earlier values
  country    ISO 3166-1, optional: the country whose law applies; by default that of the jurisdiction
  healthService  yes or no: medicine or health services are sold here; some laws forbid a geofence round it`;

async function currencyOf(chain: ChainStore): Promise<string> {
  const existing = await chain.chain();
  if (existing === undefined) {
    throw new UserError('the chain has no currency yet; run first: aisle chain set --name … --currency …');
  }
  return existing.currency;
}

/** Saves a store. Throws a UserError where it conflicts with the chain or with its own city or region. */
async function saveStore(chain: ChainStore, store: Store): Promise<void> {
  const outcome = await chain.putStore(store);
  if (outcome.kind === 'put') return;
  if (outcome.kind === 'stands elsewhere') {
    throw new UserError(
      `${store.storeId} is in ${outcome.cityId}, ${outcome.regionId}, where its figures have been rolled up; ` +
        'a store that moves needs a new id',
    );
  }
  if (outcome.kind === 'city of another region') {
    throw new UserError(
      `${store.cityId} belongs to ${outcome.regionId}; a city cannot be counted in two regions`,
    );
  }
  throw new UserError(
    outcome.kind === 'no chain' ? 'the chain does not exist yet' : `the chain uses ${outcome.currency}`,
  );
}

export const storesPut: Command = {
  name: 'stores put',
  summary: 'add or change a store',
  help: `Usage: aisle stores put --id sz01 --name "Shenzhen Bay" --name-zh 深圳湾店 --city shenzhen
                        --region south --time-zone Asia/Shanghai --day-cut 04:00 --tills "1 2 3"
       aisle stores put --id sz01 --day-cut 05:00 --from 2027-01-01

Options that are left out keep their stored values.

${FIELDS_HELP}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      name: { type: 'string' },
      'name-zh': { type: 'string' },
      city: { type: 'string' },
      region: { type: 'string' },
      'time-zone': { type: 'string' },
      'day-cut': { type: 'string' },
      tills: { type: 'string' },
      from: { type: 'string' },
      country: { type: 'string' },
      'health-service': { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const id = required(values.id, '--id');
    const {
      'name-zh': nameZh,
      'time-zone': timeZone,
      'day-cut': dayCut,
      'health-service': healthService,
      country,
      name,
      city,
      region,
      tills,
      from,
    } = values;
    const cloud = openCloud(values, terminal);
    const chain = cloud.chain();
    const existing = isPlaceId(id) ? await chain.store(id as StoreId) : undefined;
    const store = storeOfFields(
      { id, name, nameZh, city, region, timeZone, dayCut, tills, from, country, healthService },
      {
        currency: await currencyOf(chain),
        existing,
        hasFacts: existing !== undefined && (await hasFacts(cloud, existing.storeId)),
        nowMs: terminal.nowMs(),
      },
    );
    await saveStore(chain, store);
    terminal.out(`Saved ${store.storeId}: ${store.name}, ${store.cityId}, ${store.regionId}.\n`);
    return EXIT.ok;
  },
};

/** Returns whether a store has counted days; where the cells cannot be read, it is taken to have. */
async function hasFacts(cloud: Cloud, storeId: StoreId): Promise<boolean> {
  if (!cloud.hasCells) return true;
  const days = await cloud.cells().range(storeId, 'day', FIRST_DAY, LAST_DAY);
  return days.length > 0;
}

const FIRST_DAY = '0000-01-01' as BusinessDay;
const LAST_DAY = '9999-12-31' as BusinessDay;

export const storesImport: Command = {
  name: 'stores import',
  summary: 'add or change stores from a CSV',
  help: `Usage: aisle stores import stores.csv [--encoding gbk]

A CSV with a header. Columns id, name, city, region, timeZone are required; nameZh, dayCut, tills, from,
country, healthService, lat, lng, datum, radius, hours are optional. Nothing is written unless every row is valid. Can be re-run:
existing stores are changed, and keep what a row leaves out.

${FIELDS_HELP}
  lat, lng   location of the store in degrees; both or neither
  datum      ${DATUMS.join(' or ')}; default: WGS-84
  radius     of the geofence, in metres; default: the existing geofence if the store has not moved,
             otherwise a circle of ${RADIUS_M_DEFAULT} m
  hours      ${HOURS_HELP}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { encoding: { type: 'string' }, ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const cloud = openCloud(values, terminal);
    const chain = cloud.chain();
    const currency = await currencyOf(chain);
    const columns = {
      required: ['id', 'name', 'city', 'region', 'timeZone'],
      optional: [
        ...['nameZh', 'dayCut', 'tills', 'from', 'country', 'healthService'],
        ...['lat', 'lng', 'datum', 'radius', 'hours'],
      ],
    };
    const existing = new Map((await chain.stores()).map((store) => [store.storeId, store]));
    const counted = new Set<string>();
    for (const storeId of existing.keys()) if (await hasFacts(cloud, storeId)) counted.add(storeId);
    const parseRow = (row: Row): Store => {
      const {
        id = '',
        name,
        nameZh,
        city,
        region,
        timeZone,
        dayCut,
        tills,
        from,
        country,
        healthService,
      } = row;
      const { lat = '', lng = '', datum = '', radius = '' } = row;
      const store = storeOfFields(
        {
          id,
          name,
          nameZh: nameZh || undefined,
          city,
          region,
          timeZone,
          dayCut,
          tills: tills || undefined,
          from,
          country,
          healthService,
        },
        {
          currency,
          existing: existing.get(id as StoreId),
          hasFacts: counted.has(id),
          nowMs: terminal.nowMs(),
        },
      );
      const location = readLocationRow({ lat, lng, datum, radius }, existing.get(store.storeId)?.location);
      const openingHours = row['hours'] ? readHours(row['hours']) : undefined;
      return {
        ...store,
        ...(location === undefined ? {} : { location }),
        ...(openingHours === undefined ? {} : { openingHours }),
      };
    };
    const stores = readTable(path, columns, parseRow, values.encoding);
    for (const store of stores) await saveStore(chain, store);
    terminal.out(`Saved ${stores.length} stores.\n`);
    return EXIT.ok;
  },
};

export const storesPlace: Command = {
  name: 'stores place',
  summary: "set a store's location and geofence",
  help: `Usage: aisle stores place --id sz01 --lat 22.5198 --lng 113.9412 [--radius ${RADIUS_M_DEFAULT}]
       aisle stores place --id sz01 --lat 22.5198 --lng 113.9412 --polygon fence.geojson
       aisle stores place --id sz01 --none

  --lat, --lng  degrees; south and west are negative and need an equals sign: --lat=-33.87
  --datum       datum of the coordinates, including the polygon: ${DATUMS.join(' or ')}; default: WGS-84, which
                phones and most maps use. Maps in China (Amap, Tencent, Google China) use GCJ-02, which
                is some hundred metres off and is converted to WGS-84
  --radius      radius of a circular geofence in metres; default: ${RADIUS_M_DEFAULT}
  --polygon     a polygonal geofence instead: GeoJSON of one polygon, which may have holes
  --none        remove location and geofence; the store sends no pushes any more

Replaces the previous location. The geofence is updated within two minutes.

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
    const hasLocation = [lat, lng, datum, radius, polygon].some((value) => value !== undefined);
    if (none && hasLocation) throw usageError('--none cannot be combined with other options');
    if (radius !== undefined && polygon !== undefined) {
      throw usageError('a geofence is a circle or a polygon: pass --radius or --polygon');
    }
    const chain = openCloud(values, terminal).chain();
    const location = none
      ? undefined
      : locationOf(
          readPosition(required(lat, '--lat'), required(lng, '--lng')),
          readDatum(datum ?? ''),
          polygon === undefined
            ? readCircle(radius ?? String(RADIUS_M_DEFAULT))
            : { kind: 'polygon', rings: readGeofenceFile(resolve(terminal.cwd, polygon)) },
        );
    if (!isPlaceId(storeId) || (await chain.putLocation(storeId, location)).kind === 'no store') {
      throw unknownStore(storeId);
    }
    if (location === undefined) {
      terminal.out(`Removed location and geofence of ${storeId}.\n`);
      return EXIT.ok;
    }
    const [position, fence] = describeLocation(location);
    const converted = location.givenAs === 'WGS-84' ? '' : ` (WGS-84, converted from ${location.givenAs})`;
    terminal.out(`${storeId} is at ${position}${converted}; geofence: ${fence}.\n`);
    return EXIT.ok;
  },
};

export const storesHours: Command = {
  name: 'stores hours',
  summary: "set a store's opening hours",
  help: `Usage: aisle stores hours --id sz01 --hours "1-5 10:00-22:00; 6,7 09:00-02:00"
       aisle stores hours --id sz01 --none

  --hours   ${HOURS_HELP}.
            Local to the store. The store is closed on days that are not listed
  --none    remove the opening hours; the store then counts as always open

Replaces all previous opening hours.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      hours: { type: 'string' },
      none: { type: 'boolean', default: false },
      ...CLOUD_OPTIONS,
    });
    const storeId = required(values.id, '--id') as StoreId;
    if (values.none && values.hours !== undefined) {
      throw usageError('--none cannot be combined with other options');
    }
    const hours = values.none ? undefined : readHours(required(values.hours, '--hours'));
    const chain = openCloud(values, terminal).chain();
    if (!isPlaceId(storeId) || (await chain.putHours(storeId, hours)).kind === 'no store') {
      throw unknownStore(storeId);
    }
    terminal.out(
      hours === undefined
        ? `Removed the opening hours of ${storeId}; it counts as always open.\n`
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
      ...(store.location === undefined ? ['', ''] : describeLocation(store.location)),
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
      'geofence',
      'open',
    ];
    terminal.out(`${table(heads, rows)}\n`);
    return EXIT.ok;
  },
};
