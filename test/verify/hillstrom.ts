/**
 * `npm run verify:campaign`
 *
 * Runs 64,000 customers of an e-mail campaign, dealt at random to two mails and to none, through the proof of a campaign as
 * the product takes it: a decision for each person, what they did afterwards as rows, both sides added up, rates and
 * lifts with their intervals. Each mail is a campaign whose holdout are those who got none. Compares with the reference
 * answers, and ends with an error where a rate differs in any digit or an interval does not hold the reference's lift.
 * Skipped, with the reason, where the data is not there.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type Arm, armsOf, attribute, firstDecisions } from '#domain/campaigns/attribution.ts';
import { type CampaignReport, campaignReport, type Statistic } from '#domain/campaigns/campaign-report.ts';
import type { Decision } from '#domain/campaigns/push-decision.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import type { CampaignId, PersonId, StoreId } from '#domain/chain/ids.ts';
import { formatAmount, formatQuotient, parseAmount } from '#domain/chain/money.ts';
import type { PastVisit, Purchase } from '#domain/people/customers/customer.ts';
import { check } from './check.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'campaign-hillstrom');

const NO_MAIL = 'No E-Mail';
const MAILS = ['Mens E-Mail', 'Womens E-Mail'] as const;
/** The reference counts the two weeks after the mail. */
const ATTRIBUTION_DAYS = 14;
const MAILED_AT_MS = Date.UTC(2008, 2, 20);
const AS_OF_MS = MAILED_AT_MS + 30 * 24 * HOUR_MS;
const RATE_DECIMALS = 6;
/** Of the reference's own rounding. */
const RATE_ERROR = 0.5 * 10 ** -RATE_DECIMALS;

/** Intervals of the lift of money as SciPy 1.x works them out: ttest_ind(mail, none, equal_var=False).confidence_interval(). */
const SCIPY: Readonly<Record<(typeof MAILS)[number], readonly [low: string, high: string]>> = {
  'Mens E-Mail': ['0.485140', '1.054515'],
  'Womens E-Mail': ['0.168957', '0.679868'],
};

interface Row {
  readonly segment: string;
  readonly visit: string;
  readonly conversion: string;
  readonly spend: string;
}

interface ReferenceArm {
  readonly customers: number;
  readonly visits: number;
  readonly visit_rate: number;
  readonly conversions: number;
  readonly conversion_rate: number;
  readonly spend: string;
  readonly spend_per_customer: number;
  readonly visit_lift_vs_control: number;
  readonly incremental_spend_per_customer: number;
}
interface Reference {
  readonly rows: number;
  readonly arms: Readonly<Record<string, ReferenceArm>>;
}

const STORE = 'hillstrom' as StoreId;

/** A customer, as the rows that the product would have of them. */
function personOf({ visit, spend, segment }: Row, index: number) {
  const personId = `p.${String(index).padStart(26, '0')}` as PersonId;
  const net = parseAmount(spend);
  if (net === undefined) throw new Error(`row ${index}: a spend of ${spend}`);
  const laterMs = MAILED_AT_MS + HOUR_MS;
  const day = '2008-03-20' as Purchase['day'];
  const visits: PastVisit[] =
    visit === '1'
      ? [
          {
            storeId: STORE,
            day,
            visitorId: `track.${index}` as PastVisit['visitorId'],
            firstSeenAtMs: laterMs,
            lastSeenAtMs: laterMs,
          },
        ]
      : [];
  const purchases: Purchase[] =
    net > 0n
      ? [
          {
            storeId: STORE,
            cityId: 'web' as Purchase['cityId'],
            day,
            closedAtMs: laterMs,
            receipt: `${STORE}/1/${index}`,
            net,
            units: 1,
            products: [],
          },
        ]
      : [];
  return { personId, segment, visits, purchases };
}

type Customer = ReturnType<typeof personOf>;

function decisionOf(campaign: string, { personId, segment }: Customer): Decision {
  const isHeldOut = segment === NO_MAIL;
  return {
    decisionId: `${campaign}~${STORE}~${personId}~${MAILED_AT_MS}`,
    campaignId: campaign as CampaignId,
    personId,
    storeId: STORE,
    atMs: MAILED_AT_MS,
    reason: isHeldOut ? 'held out' : 'pushed',
    isHeldOut,
    isDryRun: false,
  };
}

/** One mail as a campaign, held against those who got none. */
function proven(mail: string, customers: readonly Customer[]): CampaignReport {
  const own = customers.filter(({ segment }) => segment === mail || segment === NO_MAIL);
  const byPerson = new Map(own.map((customer) => [customer.personId, customer]));
  const decisions = firstDecisions(own.map((customer) => decisionOf(mail, customer)));
  const persons = decisions.map((decision) => {
    const rows = byPerson.get(decision.personId);
    if (rows === undefined) throw new Error(`no person ${decision.personId}`);
    return attribute(decision, rows, ATTRIBUTION_DAYS, AS_OF_MS);
  });
  return campaignReport(armsOf(persons), undefined);
}

const found = check();
const text = (value: number): string => value.toFixed(RATE_DECIMALS);

function holdArm(name: string, arm: Arm, wanted: ReferenceArm): void {
  const rate = (count: bigint, scale = 1n): string =>
    formatQuotient(count, BigInt(arm.persons) * scale, RATE_DECIMALS);
  found.equal(`${name}: customers`, String(arm.persons), String(wanted.customers));
  found.equal(`${name}: visitors`, String(arm.visitors), String(wanted.visits));
  found.equal(`${name}: visit rate`, rate(BigInt(arm.visitors)), text(wanted.visit_rate));
  found.equal(`${name}: buyers`, String(arm.buyers), String(wanted.conversions));
  found.equal(`${name}: buyer rate`, rate(BigInt(arm.buyers)), text(wanted.conversion_rate));
  found.equal(`${name}: money`, formatAmount(arm.net), wanted.spend);
  found.equal(`${name}: money per person`, rate(arm.net, 10_000n), text(wanted.spend_per_customer));
}

/** The line of a lift, and whether its interval holds what the reference says. */
function holdLift(name: string, told: Statistic, wanted: number): void {
  if (told.kind === 'withheld') {
    found.equal(name, `withheld: ${told.reason}`, text(wanted));
    return;
  }
  const { value, low, high } = told;
  console.log(
    `    ${name.padEnd(32)} ${text(value).padStart(10)}   ${text(low)} … ${text(high)}   reference ${text(wanted)}`,
  );
  const isValue = Math.abs(value - wanted) <= 2 * RATE_ERROR;
  found.equal(`${name}: value`, isValue ? text(wanted) : text(value), text(wanted));
  const isCovered = low <= wanted && wanted <= high && low < value && value < high;
  found.equal(`${name}: interval`, isCovered ? 'holds it' : `${text(low)} … ${text(high)}`, 'holds it');
}

function tellRate(name: string, told: Statistic): void {
  if (told.kind === 'withheld') console.log(`    ${name.padEnd(32)} ${told.reason}`);
  else
    console.log(
      `    ${name.padEnd(32)} ${text(told.value).padStart(10)}   ${text(told.low)} … ${text(told.high)}`,
    );
}

function tellTotal(name: string, told: Statistic): void {
  if (told.kind === 'known')
    console.log(
      `    ${name.padEnd(32)} ${told.value.toFixed(0).padStart(10)}   ${told.low.toFixed(0)} … ${told.high.toFixed(0)}`,
    );
}

function verify(): void {
  const rows = parse(gunzipSync(readFileSync(join(FOLDER, 'hillstrom.csv.gz'))), { columns: true }) as Row[];
  const reference = JSON.parse(readFileSync(join(FOLDER, 'reference.json'), 'utf8')) as Reference;
  const customers = rows.map(personOf);
  console.log(`campaign-hillstrom: ${customers.length} customers, intervals of 95 %`);
  found.equal('rows', String(customers.length), String(reference.rows));
  const control = reference.arms[NO_MAIL];
  if (control === undefined) throw new Error(`the reference has no arm ${NO_MAIL}`);
  for (const mail of MAILS) {
    const wanted = reference.arms[mail];
    if (wanted === undefined) throw new Error(`the reference has no arm ${mail}`);
    const { pushed, heldOut, lift, incremental } = proven(mail, customers);
    console.log(`  ${mail} against ${NO_MAIL}`);
    for (const [name, side, of] of [
      [mail, pushed, wanted],
      [NO_MAIL, heldOut, control],
    ] as const) {
      holdArm(`${mail}, ${name}`, side.arm, of);
      tellRate(`${name}: visit rate`, side.visitRate);
      tellRate(`${name}: buyer rate`, side.buyerRate);
      tellRate(`${name}: money per person`, side.moneyPerPerson);
    }
    holdLift('lift of the visit rate', lift.visitRate, wanted.visit_lift_vs_control);
    holdLift('lift of the buyer rate', lift.buyerRate, wanted.conversion_rate - control.conversion_rate);
    holdLift('lift of money per person', lift.moneyPerPerson, wanted.incremental_spend_per_customer);
    if (lift.moneyPerPerson.kind === 'known') {
      const { low, high } = lift.moneyPerPerson;
      found.equal(`${mail}: interval of money`, `${text(low)} … ${text(high)}`, SCIPY[mail].join(' … '));
    }
    tellTotal('visitors more', incremental.visitors);
    tellTotal('buyers more', incremental.buyers);
    tellTotal('money more', incremental.money);
  }
  console.log(`  ${found.agreed} comparisons agree, ${found.differences.length} do not`);
  for (const difference of found.differences) console.log(`  WRONG ${difference}`);
  process.exitCode = found.differences.length === 0 ? 0 : 1;
}

if (existsSync(FOLDER)) verify();
else console.log(`campaign-hillstrom: skipped, because ${FOLDER} is not there`);
