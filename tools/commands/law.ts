/**
 * `aisle law …`: the face settings of a store. It stores the requested settings and prints the resulting permissions: what is
 * permitted, what is withheld and why, and the store's own duties.
 */
import { parseBusinessDay } from '#domain/chain/business-day.ts';
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
import { permissionsOf } from '#domain/law/compile.ts';
import { PACKS } from '#domain/law/packs.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud, requireStore, unknownStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, usageError } from '../command.ts';

/** Ten years; the bounds of the jurisdiction packs are far lower. */
const RETENTION_DAYS_MAX = 3_650;

const NO_ADVICE = 'This is not legal advice. Consult counsel before using face recognition.';

function oneOf<Choice extends string>(text: string, choices: readonly Choice[], name: string): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw usageError(`${name} must be one of ${choices.join(', ')}; not "${text}"`);
  return found;
}

function retentionDaysOf(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= RETENTION_DAYS_MAX) return days;
  throw usageError(`--retention-days must be a whole number from 0 to ${RETENTION_DAYS_MAX}; not "${text}"`);
}

/** Returns a store's settings and the resulting permissions as text. */
function describeLaw(store: Store, nowMs: number): string {
  const today = dayAt(nowMs, store);
  const { law } = store;
  const permitted = permissionsOf(law, today);
  if (law === undefined) {
    return `${store.storeId}: no settings, so faces are off. See: aisle law set --help`;
  }
  const rows = [
    ['jurisdiction', law.jurisdiction, PACKS[law.jurisdiction].name],
    ['sign since', law.signSince ?? 'no sign', ''],
    ['faces', law.face, permitted.face],
    ['watch-list', law.watchList ? 'yes' : 'no', permitted.watchList ? 'yes' : 'no'],
    [
      LABELS.visitorRetentionDays,
      law.visitorRetentionDays === undefined ? '' : String(law.visitorRetentionDays),
      String(permitted.visitorRetentionDays),
    ],
    ['faces may leave the country', '', permitted.crossBorder ? 'yes' : 'no'],
  ];
  const reasons = permitted.withheld.map(
    ({ what, reason, source }) => `  ${LABELS[what]}: ${reason}\n    (${source})`,
  );
  const duties = PACKS[law.jurisdiction].duties.map(({ says, source }) => `  ${says}\n    (${source})`);
  return [
    `${store.storeId} on ${today}`,
    table(['', 'requested', 'permitted'], rows),
    ...(reasons.length === 0 ? [] : ['\nWithheld:', ...reasons]),
    ...(permitted.face === 'off' ? [] : ["\nThe store's duties:", ...duties]),
    `\n${NO_ADVICE}`,
  ].join('\n');
}

const LABELS = {
  face: 'faces',
  watchList: 'watch-list',
  visitorRetentionDays: 'visitor retention, days',
} as const;

export const lawSet: Command = {
  name: 'law set',
  summary: "set a store's jurisdiction and face settings",
  help: `Usage: aisle law set --store sz01 --jurisdiction CN --sign-since 2026-01-01 --face members

  --jurisdiction   ${JURISDICTIONS.join(', ')}: the jurisdiction of the store
  --sign-since     the day since which signs at every entrance announce the cameras; without signs
                   nothing is permitted
  --face           off; members (recognise members who consented, retain no other face); visitors
                   (recognise every returning visitor)
  --watch-list     also look for the faces on the store's watch-list
  --retention-days how long visitors are retained after their last visit, where the law leaves a choice

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
      throw usageError(`--sign-since must be a day such as 2026-01-01; not "${signText}"`);
    }
    const retentionText = values['retention-days'];
    const law: LawSettings = {
      jurisdiction,
      ...(signSince === undefined ? {} : { signSince }),
      face,
      watchList: values['watch-list'],
      ...(retentionText === undefined ? {} : { visitorRetentionDays: retentionDaysOf(retentionText) }),
    };
    const cloud = openCloud(values, terminal);
    if (!isPlaceId(storeId) || (await cloud.chain().putLaw(storeId, law)).kind === 'no store') {
      throw unknownStore(storeId);
    }
    terminal.out(`${describeLaw(await requireStore(cloud, storeId), terminal.nowMs())}\n`);
    return EXIT.ok;
  },
};

export const lawShow: Command = {
  name: 'law show',
  summary: 'show the face permissions of stores, and why not more is permitted',
  help: `Usage: aisle law show [--store sz01]

Prints one store in detail, or one line per store. ${NO_ADVICE}

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS });
    const cloud = openCloud(values, terminal);
    if (values.store !== undefined) {
      terminal.out(`${describeLaw(await requireStore(cloud, values.store), terminal.nowMs())}\n`);
      return EXIT.ok;
    }
    const rows = (await cloud.chain().stores()).map((store) => {
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
    const heads = ['store', 'jurisdiction', 'sign since', 'requested', 'permitted', 'watch-list', 'withheld'];
    terminal.out(`${table(heads, rows)}\n`);
    return EXIT.ok;
  },
};
