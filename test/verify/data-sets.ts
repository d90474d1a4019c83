/**
 * The two sets of till data that the product is verified on: how their stores are set up, and what their reference answers
 * say of which figure. The references were computed by others, by brute force; nothing here computes an answer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, check } from './check.ts';
import { exact, type Reader, sumBy, valueIn } from './figures.ts';

export interface DataSet {
  readonly name: string;
  readonly folder: string;
  readonly csv: string;
  readonly map: string;
  readonly currency: string;
  /** Receipts that an import sends, for the rate. */
  readonly stores: (folder: string) => ReadonlyArray<Readonly<Record<StoreField, string>>>;
  readonly compare: (read: Reader, folder: string) => Promise<Check>;
  /** What the reference counts in another way, and why. */
  readonly remarks: readonly string[];
}

export type StoreField = 'id' | 'name' | 'city' | 'region' | 'timeZone' | 'tills';

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const referenceOf = <Reference>(folder: string): Reference =>
  JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Reference;

interface UciReference {
  readonly gross_sales: string;
  readonly return_value: string;
  readonly net_sales: string;
  readonly orders: number;
  readonly units_sold: number;
  readonly avg_ticket: string;
  readonly units_per_transaction: string;
  readonly return_rate_value: string;
  readonly trading_days: number;
  readonly by_day: ReadonlyArray<{
    day: string;
    gross: string;
    returns: string;
    net: string;
    orders: number;
  }>;
  readonly by_month: ReadonlyArray<{
    month: string;
    gross: string;
    returns: string;
    net: string;
    orders: number;
    units: number;
  }>;
  readonly by_hour: ReadonlyArray<{ hour: string; gross: string; orders: number }>;
  readonly by_weekday: Readonly<Record<string, { gross: string; orders: number }>>;
  readonly by_country: ReadonlyArray<{
    country: string;
    gross: string;
    returns: string;
    net: string;
    orders: number;
  }>;
  readonly top30_by_revenue: ReadonlyArray<{ id: string; value: string }>;
  readonly top30_by_units: ReadonlyArray<{ id: string; value: string }>;
  readonly top10_returned_by_value: ReadonlyArray<{ id: string; units: number; value: string }>;
}

const UCI_FROM = '2010-12-01';
const UCI_TO = '2011-08-31';
const HOUR_WINDOWS = [
  ['2010-12-01', '2011-02-28'],
  ['2011-03-01', '2011-05-31'],
  ['2011-06-01', '2011-08-31'],
] as const;

/** A quotient of the reference has four or six decimals; a figure has at least as many. */
const cut = (text: string | null | undefined, like: string): string => {
  const decimals = like.split('.')[1]?.length ?? 0;
  return Number(text).toFixed(decimals);
};

async function compareUci(read: Reader, folder: string): Promise<Check> {
  const wanted = referenceOf<UciReference>(folder);
  const found = check();
  const days = await read.figures('chain', UCI_FROM, UCI_TO);
  const total = days.total.figures;
  found.equal('gross', valueIn(total, 'grossSales'), exact(wanted.gross_sales));
  found.equal('returns', valueIn(total, 'returns'), exact(wanted.return_value));
  found.equal('net', valueIn(total, 'netSales'), exact(wanted.net_sales));
  found.equal('orders', valueIn(total, 'transactions'), exact(wanted.orders));
  found.equal('units', valueIn(total, 'units'), exact(wanted.units_sold));
  found.equal('average ticket', cut(total['averageTicket']?.value, wanted.avg_ticket), wanted.avg_ticket);
  found.equal(
    'units per transaction',
    cut(total['unitsPerTransaction']?.value, wanted.units_per_transaction),
    wanted.units_per_transaction,
  );
  found.equal(
    'return rate',
    cut(total['returnRate']?.value, wanted.return_rate_value),
    wanted.return_rate_value,
  );

  const kpis = [
    ['grossSales', 'gross'],
    ['returns', 'returns'],
    ['netSales', 'net'],
    ['transactions', 'orders'],
  ] as const;
  for (const [kpi, field] of kpis) {
    const byDay = sumBy(days.series, (point) => point.businessDay, kpi);
    for (const day of wanted.by_day)
      found.equal(`${day.day} ${field}`, byDay.get(day.day) ?? 0n, exact(day[field]));
    const byMonth = sumBy(days.series, (point) => point.businessDay.slice(0, 7), kpi);
    for (const month of wanted.by_month)
      found.equal(`${month.month} ${field}`, byMonth.get(month.month) ?? 0n, exact(month[field]));
  }
  const unitsByMonth = sumBy(days.series, (point) => point.businessDay.slice(0, 7), 'units');
  for (const month of wanted.by_month)
    found.equal(`${month.month} units`, unitsByMonth.get(month.month) ?? 0n, exact(month.units));
  const weekdayOf = (day: string): string => new Date(`${day}T00:00:00Z`).toUTCString().slice(0, 3);
  const byWeekday = sumBy(days.series, (point) => weekdayOf(point.businessDay), 'grossSales');
  for (const [weekday, { gross }] of Object.entries(wanted.by_weekday)) {
    found.equal(`${weekday} gross`, byWeekday.get(weekday) ?? 0n, exact(gross));
  }

  const hours = (
    await Promise.all(HOUR_WINDOWS.map(([from, to]) => read.figures('chain', from, to, 'hour')))
  ).flatMap(({ series }) => series);
  const grossByHour = sumBy(hours, (point) => point.start.slice(11, 13), 'grossSales');
  for (const { hour, gross } of wanted.by_hour)
    found.equal(`${hour} h gross`, grossByHour.get(hour) ?? 0n, exact(gross));
  const ordersByHour = sumBy(hours, (point) => point.start.slice(11, 13), 'transactions');
  const orders = [...ordersByHour.values()].reduce((sum, count) => sum + count, 0n);
  found.equal('orders of all hours', orders, exact(wanted.orders));
  for (const { hour, orders } of wanted.by_hour) {
    // One invoice was rung up from 11:59 to 12:00; the reference counts it in both hours, we where it was opened.
    const isTwice = hour === TWICE_COUNTED_HOUR;
    found.equal(`${hour} h orders`, ordersByHour.get(hour) ?? 0n, exact(orders - (isTwice ? 1 : 0)));
  }

  for (const country of wanted.by_country) {
    const { total: ofStore } = await read.figures(`store:${slug(country.country)}`, UCI_FROM, UCI_TO);
    for (const [kpi, field] of kpis) {
      found.equal(`${country.country} ${field}`, valueIn(ofStore.figures, kpi), exact(country[field]));
    }
  }
  const byRevenue = await read.top('chain', UCI_FROM, UCI_TO, 'revenue', 30);
  wanted.top30_by_revenue.forEach(({ id, value }, index) => {
    const product = byRevenue.products[index];
    found.equal(
      `top ${index + 1} by revenue`,
      `${product?.product} ${exact(product?.grossSales)}`,
      `${id} ${exact(value)}`,
    );
  });
  const byUnits = await read.top('chain', UCI_FROM, UCI_TO, 'units', 30);
  wanted.top30_by_units.forEach(({ id, value }, index) => {
    const product = byUnits.products[index];
    found.equal(`top ${index + 1} by units`, `${product?.product} ${product?.units}`, `${id} ${value}`);
  });
  const returned = await read.top('chain', UCI_FROM, UCI_TO, 'returns', 10);
  wanted.top10_returned_by_value.forEach(({ id, units, value }, index) => {
    const product = returned.products[index];
    found.equal(
      `top ${index + 1} returned`,
      `${product?.product} ${product?.returnUnits} ${exact(product?.returns)}`,
      `${id} ${units} ${exact(value)}`,
    );
  });
  return found;
}

const TWICE_COUNTED_HOUR = '12';

interface MavenReference {
  readonly revenue: string;
  readonly units: number;
  readonly rows: number;
  readonly by_month: ReadonlyArray<{ month: string; revenue: string; lines: number; units: number }>;
  readonly by_store: ReadonlyArray<{ store: string; revenue: string; lines: number; units: number }>;
  readonly by_product: ReadonlyArray<{ product: string; revenue: string; units: number }>;
}

const MAVEN_FROM = '2017-01-01';
const MAVEN_TO = '2018-09-30';

function mavenStores(folder: string): Array<{ id: string; name: string; city: string }> {
  const [, ...rows] = readFileSync(join(folder, 'stores.csv'), 'utf8').trim().split(/\r?\n/);
  return rows.map((row) => {
    const [id = '', name = '', city = ''] = row.split(',');
    return { id, name, city };
  });
}

async function compareMaven(read: Reader, folder: string): Promise<Check> {
  const wanted = referenceOf<MavenReference>(folder);
  const found = check();
  const days = await read.figures('chain', MAVEN_FROM, MAVEN_TO);
  found.equal('revenue', valueIn(days.total.figures, 'grossSales'), exact(wanted.revenue));
  found.equal('units', valueIn(days.total.figures, 'units'), exact(wanted.units));
  found.equal('receipts', valueIn(days.total.figures, 'transactions'), exact(wanted.rows));
  const kpis = [
    ['grossSales', 'revenue'],
    ['units', 'units'],
    ['transactions', 'lines'],
  ] as const;
  for (const [kpi, field] of kpis) {
    const byMonth = sumBy(days.series, (point) => point.businessDay.slice(0, 7), kpi);
    for (const month of wanted.by_month)
      found.equal(`${month.month} ${field}`, byMonth.get(month.month) ?? 0n, exact(month[field]));
  }
  const cityOf = new Map(mavenStores(folder).map(({ id, city }) => [id, slug(city)]));
  const byCity = new Map<string, bigint[]>();
  for (const store of wanted.by_store) {
    const { total } = await read.figures(`store:${store.store}`, MAVEN_FROM, MAVEN_TO);
    kpis.forEach(([kpi, field], index) => {
      found.equal(`store ${store.store} ${field}`, valueIn(total.figures, kpi), exact(store[field]));
      const city = cityOf.get(store.store) ?? '';
      const sums = byCity.get(city) ?? [0n, 0n, 0n];
      sums[index] = (sums[index] ?? 0n) + exact(store[field]);
      byCity.set(city, sums);
    });
  }
  for (const [city, sums] of byCity) {
    const { total } = await read.figures(`city:${city}`, MAVEN_FROM, MAVEN_TO);
    kpis.forEach(([kpi, field], index) => {
      found.equal(`${city} ${field}`, valueIn(total.figures, kpi), sums[index] ?? 0n);
    });
  }
  const top = await read.top('chain', MAVEN_FROM, MAVEN_TO, 'revenue', 500);
  const productOf = new Map(top.products.map((product) => [product.product, product]));
  for (const { product, revenue, units } of wanted.by_product) {
    const ours = productOf.get(product);
    found.equal(
      `product ${product}`,
      `${exact(ours?.grossSales)} ${ours?.units}`,
      `${exact(revenue)} ${units}`,
    );
  }
  return found;
}

export const DATA_SETS: readonly DataSet[] = [
  {
    name: 'uci',
    folder: 'pos-uci-online-retail',
    csv: 'receipts.csv.gz',
    map: 'test/data-maps/uci.json',
    currency: 'GBP',
    stores: (folder) =>
      referenceOf<UciReference>(folder).by_country.map(({ country }) => ({
        id: slug(country),
        name: country,
        city: slug(country),
        region: country === 'United Kingdom' ? 'home' : 'abroad',
        timeZone: 'Europe/London',
        tills: '1',
      })),
    compare: compareUci,
    remarks: [
      'orders per hour: the reference counts one invoice, rung up from 11:59 to 12:00, in both hours (its hours add up to 12,496 for 12,495 orders); here it counts once, where it began',
    ],
  },
  {
    name: 'maven',
    folder: 'pos-maven-toys',
    csv: 'sales.csv.gz',
    map: 'test/data-maps/maven.json',
    currency: 'USD',
    stores: (folder) =>
      mavenStores(folder).map(({ id, name, city }) => ({
        id,
        name,
        city: slug(city),
        region: 'mexico',
        timeZone: 'America/Mexico_City',
        tills: '1',
      })),
    compare: compareMaven,
    remarks: ['cities: the reference has none, so they are compared with the sums of its stores'],
  },
];
