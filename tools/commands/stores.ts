/** `aisle stores …`: the stores of the chain, where they stand, and which tills are to report. */
import { resolve } from 'node:path';
import type { ChainStore } from '#adapters/dynamodb/chain-store.ts';
import { isTimeZone } from '#domain/chain/business-day.ts';
import {
  type CityId,
  isForeignId,
  isPlaceId,
  type RegionId,
  type StoreId,
  type TillId,
} from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError } from '../command.ts';
import { readTable } from '../csv.ts';

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

A CSV with a header. Columns id, name, city, region, timeZone have to be there; nameZh, dayCut, tills
may be. Nothing is written unless every row is sound. May be run again: stores are changed in place.

${FIELDS_HELP}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const chain = openCloud(values, terminal).chain();
    const currency = await currencyOf(chain);
    const columns = {
      required: ['id', 'name', 'city', 'region', 'timeZone'],
      optional: ['nameZh', 'dayCut', 'tills'],
    };
    const stores = readTable(path, columns, (row) => {
      const of = (name: keyof StoreText) => row[name] ?? '';
      return storeOf(
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
    });
    for (const store of stores) await put(chain, store);
    terminal.out(`${stores.length} stores are kept.\n`);
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
    ]);
    terminal.out(`${table(['id', 'name', 'city', 'region', 'time zone', 'day cut', 'tills'], rows)}\n`);
    return EXIT.ok;
  },
};
