/**
 * `aisle law …`: what a store may do with faces. It sets what its people want and always says what that comes to: what is
 * permitted, what is withheld and why, and what the store has to see to itself.
 */
import { parseBusinessDay } from '#domain/chain/business-day.ts';
import { isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import { PACKS } from '#domain/law/packs.ts';
import {
  FACE_MODES,
  type FaceMode,
  JURISDICTIONS,
  type Jurisdiction,
  type LawSettings,
} from '#domain/law/permissions.ts';
import { dayAt } from '#domain/place/zoning-days.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';

/** Ten years; the pack's own bound is far below. */
const RETENTION_DAYS_MAX = 3_650;

const NO_ADVICE = 'This is no legal advice. Ask counsel before the first camera looks at a face.';

function oneOf<Choice extends string>(text: string, choices: readonly Choice[], name: string): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw usageError(`${name} takes ${choices.join(', ')}; not "${text}"`);
  return found;
}

function retentionDaysOf(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= RETENTION_DAYS_MAX) return days;
  throw usageError(`--retention-days takes a whole number from 0 to ${RETENTION_DAYS_MAX}; not "${text}"`);
}

/** Settings and what they come to, in lines for people. */
function told(store: Store, nowMs: number): string {
  const today = dayAt(nowMs, store);
  const { law } = store;
  const permitted = permissionsOf(law, today);
  if (law === undefined) {
    return `${store.storeId}: nothing is set, so faces are off. See: aisle law set --help`;
  }
  const rows = [
    ['jurisdiction', law.jurisdiction, PACKS[law.jurisdiction].name],
    ['sign since', law.signSince ?? 'no sign', ''],
    ['faces', law.face, permitted.face],
    ['watch-list', law.watchList ? 'yes' : 'no', permitted.watchList ? 'yes' : 'no'],
    [
      'visitors kept, days',
      law.visitorRetentionDays === undefined ? '' : String(law.visitorRetentionDays),
      String(permitted.visitorRetentionDays),
    ],
    ['faces may leave the country', '', permitted.crossBorder ? 'yes' : 'no'],
  ];
  const reasons = permitted.withheld.map(
    ({ what, because, source }) => `  ${WISHES[what]}: ${because}\n    (${source})`,
  );
  const duties = PACKS[law.jurisdiction].duties.map(({ says, source }) => `  ${says}\n    (${source})`);
  return [
    `${store.storeId} on ${today}`,
    table(['', 'wanted', 'permitted'], rows),
    ...(reasons.length === 0 ? [] : ['\nWithheld:', ...reasons]),
    ...(permitted.face === 'off' ? [] : ['\nFor the store to see to:', ...duties]),
    `\n${NO_ADVICE}`,
  ].join('\n');
}

const WISHES = {
  face: 'faces',
  watchList: 'watch-list',
  visitorRetentionDays: 'visitors kept, days',
} as const;

const notThere = (storeId: string): UserError =>
  new UserError(`there is no store ${storeId}; see: aisle stores list`);

export const lawSet: Command = {
  name: 'law set',
  summary: 'say what a store wants to do with faces',
  help: `Usage: aisle law set --store sz01 --jurisdiction CN --sign-since 2026-01-01 --face members

  --jurisdiction   ${JURISDICTIONS.join(', ')}: whose rules hold where the store stands
  --sign-since     the day since which a sign at every entrance says what the cameras do; without a
                   sign nothing is permitted
  --face           off; members (who agreed may be known, nobody else is kept); visitors (whoever
                   comes in may be told from others)
  --watch-list     look for the people on the store's watch-list, too
  --retention-days how long visitors are kept after their last visit, where the law leaves a choice

Replaces what was set before as a whole, and prints what it comes to: the law permits less than is
wanted in most places. Functions follow within a minute. ${NO_ADVICE}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      jurisdiction: { type: 'string' },
      'sign-since': { type: 'string' },
      face: { type: 'string' },
      'watch-list': { type: 'boolean', default: false },
      'retention-days': { type: 'string' },
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
    const signSince = signText === undefined ? undefined : parseBusinessDay(signText);
    if (signText !== undefined && signSince === undefined) {
      throw usageError(`--sign-since takes a day such as 2026-01-01; not "${signText}"`);
    }
    const retentionText = values['retention-days'];
    const law: LawSettings = {
      jurisdiction,
      ...(signSince === undefined ? {} : { signSince }),
      face,
      watchList: values['watch-list'],
      ...(retentionText === undefined ? {} : { visitorRetentionDays: retentionDaysOf(retentionText) }),
    };
    const chain = openCloud(values, terminal).chain();
    if (!isPlaceId(storeId) || (await chain.putLaw(storeId, law)).kind === 'no store') {
      throw notThere(storeId);
    }
    const store = await chain.store(storeId);
    if (store === undefined) throw notThere(storeId);
    terminal.out(`${told(store, terminal.nowMs())}\n`);
    return EXIT.ok;
  },
};

export const lawShow: Command = {
  name: 'law show',
  summary: 'show what stores may do with faces, and why not more',
  help: `Usage: aisle law show [--store sz01]

One store in full, or a line for each. ${NO_ADVICE}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS });
    const chain = openCloud(values, terminal).chain();
    if (values.store !== undefined) {
      const store = await chain.store(values.store as StoreId);
      if (store === undefined) throw notThere(values.store);
      terminal.out(`${told(store, terminal.nowMs())}\n`);
      return EXIT.ok;
    }
    const rows = (await chain.stores()).map((store) => {
      const permitted = permissionsOf(store.law, dayAt(terminal.nowMs(), store));
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
    const heads = ['store', 'jurisdiction', 'sign since', 'wanted', 'permitted', 'watch-list', 'withheld'];
    terminal.out(`${table(heads, rows)}\n`);
    return EXIT.ok;
  },
};
