/**
 * `aisle law …`: the face settings of a store. It stores the requested settings and prints the resulting permissions: what is
 * permitted, what is withheld and why, and the store's own duties; and it prints the rules of a jurisdiction as a page.
 */
import { type BusinessDay, parseBusinessDay } from '#domain/chain/business-day.ts';
import { isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import {
  FACE_MODES,
  type FaceMode,
  JURISDICTIONS,
  type Jurisdiction,
  type LawSettings,
} from '#domain/chain/law-settings.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { countryOf, permissionsOf } from '#domain/law/compile.ts';
import type { Permissions, Withholdable } from '#domain/law/face-permissions.ts';
import { clausesOn } from '#domain/law/pack.ts';
import { PACKS } from '#domain/law/packs.ts';
import { lawPageHtml, lawPageMarkdown, limitText } from '#domain/law/page.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, openCloud, requireStore, unknownStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { isCountry } from '../input/country.ts';

/** Ten years; the bounds of the jurisdiction packs are far lower. */
const RETENTION_DAYS_MAX = 3_650;

const NO_ADVICE = 'This is not legal advice. Consult counsel before using face recognition.';

const WITHOUT_PACK = `A store elsewhere, in Australia or Canada for example, has no pack: leave its faces off.`;

function oneOf<Choice extends string>(text: string, choices: readonly Choice[], name: string): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw usageError(`${name} must be one of ${choices.join(', ')}; not "${text}"`);
  return found;
}

function daysOf(text: string, name: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= RETENTION_DAYS_MAX) return days;
  throw usageError(`${name} must be a whole number from 0 to ${RETENTION_DAYS_MAX}; not "${text}"`);
}

function dayOf(text: string, name: string): BusinessDay {
  const day = parseBusinessDay(text);
  if (day === undefined) throw usageError(`${name} must be a day such as 2026-01-01; not "${text}"`);
  return day;
}

function countriesOf(text: string): string[] {
  const countries = [...new Set(text.toUpperCase().split(/[\s,]+/))].filter((one) => one !== '');
  const bad = countries.find((one) => !isCountry(one));
  if (bad === undefined) return countries;
  throw usageError(`--read-from: "${bad}" is not an ISO 3166-1 code such as CN`);
}

const yesOrNo = (isPermitted: boolean): string => (isPermitted ? 'yes' : 'no');
const optional = (value: number | undefined): string => (value === undefined ? '' : String(value));

const LABELS: Readonly<Record<Withholdable, string>> = {
  face: 'faces',
  watchList: 'watch-list',
  visitorRetentionDays: 'visitor retention, days',
  memberRetentionDays: 'member retention, days',
  pictures: 'pictures examined in the cloud',
  staffByConsent: 'staff by their consent',
  crossBorder: 'faces may leave the country',
};

function permissionRows(law: LawSettings, permitted: Permissions): string[][] {
  return [
    ['jurisdiction', law.jurisdiction, PACKS[law.jurisdiction].name],
    ['sign since', law.signSince ?? 'no sign', ''],
    ['faces', law.face, permitted.face],
    [LABELS.pictures, '', permitted.pictures],
    ['members matched by a device', '', yesOrNo(permitted.deviceMembers)],
    [LABELS.staffByConsent, '', yesOrNo(permitted.staffByConsent)],
    ['watch-list', yesOrNo(law.watchList), yesOrNo(permitted.watchList)],
    [LABELS.visitorRetentionDays, optional(law.visitorRetentionDays), String(permitted.visitorRetentionDays)],
    [LABELS.memberRetentionDays, optional(law.memberRetentionDays), String(permitted.memberRetentionDays)],
    [LABELS.crossBorder, '', yesOrNo(permitted.crossBorder)],
    ['read from', law.readers?.join(' ') ?? '', ''],
  ];
}

/** Returns a store's settings and the resulting permissions on a day as text. */
function describeLaw(store: Store, cloud: Cloud, today: BusinessDay): string {
  const { law } = store;
  if (law === undefined) {
    return `${store.storeId}: no settings, so faces are off. See: aisle law set --help`;
  }
  const permitted = permissionsOf(store, cloud.location, today);
  const pack = PACKS[law.jurisdiction];
  const withheld = permitted.withheld.map(
    ({ what, reason, source }) => `  ${LABELS[what]}: ${reason}\n    (${source})`,
  );
  const rulesOf = (about: 'duty' | 'pushAge' | 'refusal' | 'pushSender' | 'healthFence') =>
    clausesOn(pack, about, today, countryOf(store)).map((clause) => {
      const limit = limitText(clause);
      return `  ${limit === '' ? '' : `${limit}: `}${clause.says}\n    (${clause.source})`;
    });
  const pushes = (['pushAge', 'refusal', 'pushSender', 'healthFence'] as const).flatMap(rulesOf);
  return [
    `${store.storeId} on ${today}`,
    table(['', 'requested', 'permitted'], permissionRows(law, permitted)),
    ...(withheld.length === 0 ? [] : ['\nWithheld:', ...withheld]),
    ...(permitted.face === 'off' ? [] : ["\nThe store's duties:", ...rulesOf('duty')]),
    '\nPushes:',
    ...pushes,
    `\n${NO_ADVICE}`,
  ].join('\n');
}

export const lawSet: Command = {
  name: 'law set',
  summary: "set a store's jurisdiction and face settings",
  help: `Usage: aisle law set --store sz01 --jurisdiction CN --sign-since 2026-01-01 --face members
                     --member-retention-days 365

  --jurisdiction   ${JURISDICTIONS.join(', ')}:
                   the jurisdiction of the store; demo works in the local cloud only. ${WITHOUT_PACK}
  --sign-since     the day since which signs at every entrance announce the cameras; without signs
                   nothing is permitted
  --face           off; members (recognise members who consented, retain no other face); visitors
                   (recognise every returning visitor)
  --watch-list     also look for the faces on the store's watch-list
  --retention-days how long visitors are retained after their last visit, where the law leaves a choice
  --member-retention-days
                   how long the faces of members are retained after their last visit; some laws
                   require the store to decide
  --read-from      countries, ISO 3166-1, from which people read the store's customers; by default the
                   country of the chain. From some, United States law lets no one read

Replaces all previous settings, and prints the resulting permissions: most jurisdictions permit less
than requested. Takes effect within a minute. ${NO_ADVICE}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      jurisdiction: { type: 'string' },
      'sign-since': { type: 'string' },
      face: { type: 'string' },
      'watch-list': { type: 'boolean', default: false },
      'retention-days': { type: 'string' },
      'member-retention-days': { type: 'string' },
      'read-from': { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const storeId = required(values.store, '--store') as StoreId;
    const jurisdiction = oneOf<Jurisdiction>(
      required(values.jurisdiction, '--jurisdiction'),
      JURISDICTIONS,
      '--jurisdiction',
    );
    const face = oneOf<FaceMode>(required(values.face, '--face'), FACE_MODES, '--face');
    const signText = values['sign-since'];
    const retentionText = values['retention-days'];
    const memberText = values['member-retention-days'];
    const readersText = values['read-from'];
    const law: LawSettings = {
      jurisdiction,
      ...(signText === undefined ? {} : { signSince: dayOf(signText, '--sign-since') }),
      face,
      watchList: values['watch-list'],
      ...(retentionText === undefined
        ? {}
        : { visitorRetentionDays: daysOf(retentionText, '--retention-days') }),
      ...(memberText === undefined
        ? {}
        : { memberRetentionDays: daysOf(memberText, '--member-retention-days') }),
      ...(readersText === undefined ? {} : { readers: countriesOf(readersText) }),
    };
    const cloud = openCloud(values, terminal);
    await assertApplies(cloud, storeId, jurisdiction);
    const chainCountry = (await cloud.chain().chain())?.country;
    const readers = law.readers ?? (chainCountry === undefined ? undefined : [chainCountry]);
    await cloud.chain().putLaw(storeId, { ...law, ...(readers === undefined ? {} : { readers }) });
    const store = await requireStore(cloud, storeId);
    terminal.out(`${describeLaw(store, cloud, dayAt(terminal.nowMs(), store))}\n`);
    return EXIT.ok;
  },
};

/** Throws a UserError where the store does not exist, or is no store of the jurisdiction. */
async function assertApplies(cloud: Cloud, storeId: StoreId, jurisdiction: Jurisdiction): Promise<void> {
  if (!isPlaceId(storeId)) throw unknownStore(storeId);
  const { country } = await requireStore(cloud, storeId);
  const { countries, name, clauses } = PACKS[jurisdiction];
  const localOnly = clauses.find(({ about }) => about === 'localOnly');
  if (localOnly !== undefined && !cloud.isLocal) {
    throw new UserError(`--jurisdiction ${jurisdiction}: ${localOnly.says} (${localOnly.source})`);
  }
  if (country === undefined || countries.length === 0 || countries.includes(country)) return;
  throw new UserError(`${storeId} is in ${country}, where the law of ${name} does not apply`);
}

export const lawShow: Command = {
  name: 'law show',
  summary: 'show the face permissions of stores, and why not more is permitted',
  help: `Usage: aisle law show [--store sz01] [--on 2027-12-02]

  --on     the day of which the law is shown; default: today

Prints one store in detail, or one line per store. ${NO_ADVICE}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      on: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const on = values.on === undefined ? undefined : dayOf(values.on, '--on');
    const cloud = openCloud(values, terminal);
    const dayFor = (store: Store): BusinessDay => on ?? dayAt(terminal.nowMs(), store);
    if (values.store !== undefined) {
      const store = await requireStore(cloud, values.store);
      terminal.out(`${describeLaw(store, cloud, dayFor(store))}\n`);
      return EXIT.ok;
    }
    const rows = (await cloud.chain().stores()).map((store) => {
      const permitted = permissionsOf(store, cloud.location, dayFor(store));
      return [
        store.storeId,
        store.law?.jurisdiction ?? '',
        store.law?.signSince ?? '',
        store.law?.face ?? 'off',
        permitted.face,
        permitted.watchList ? 'yes' : 'no',
        String(permitted.withheld.length),
      ];
    });
    const heads = ['store', 'jurisdiction', 'sign since', 'requested', 'permitted', 'watch-list', 'withheld'];
    terminal.out(`${table(heads, rows)}\n${NO_ADVICE}\n`);
    return EXIT.ok;
  },
};

export const lawPage: Command = {
  name: 'law page',
  summary: 'print the rules of a jurisdiction with their sources, for a lawyer to check',
  help: `Usage: aisle law page --jurisdiction CN [--on 2027-12-02] [--format html] > cn.html

  --jurisdiction   ${JURISDICTIONS.join(', ')}
  --on             the day of which the law is shown; default: today
  --format         markdown (default) or html, which prints on A4

No lawyer has read the rules yet. ${NO_ADVICE}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      jurisdiction: { type: 'string' },
      on: { type: 'string' },
      format: { type: 'string', default: 'markdown' },
    });
    const jurisdiction = required(values.jurisdiction, '--jurisdiction');
    const pack = PACKS[oneOf<Jurisdiction>(jurisdiction, JURISDICTIONS, '--jurisdiction')];
    const format = oneOf(values.format, ['markdown', 'html'] as const, '--format');
    const today = new Date(terminal.nowMs()).toISOString().slice(0, 'YYYY-MM-DD'.length);
    const day = dayOf(values.on ?? today, '--on');
    terminal.out(format === 'html' ? lawPageHtml(pack, day) : lawPageMarkdown(pack, day));
    return EXIT.ok;
  },
};
