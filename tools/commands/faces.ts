/**
 * `aisle faces …`: enrols and withdraws the faces of members and staff. A photograph is converted to a vector and not stored;
 * the proof of consent is stored beside the vector.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeVectors } from '#application/faces/move-faces.ts';
import { splitUsers } from '#application/faces/split-users.ts';
import { FRAME_BYTES_MAX } from '#contracts/http/frames.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { barsOf, permissionsOf } from '#domain/law/compile.ts';
import type { CloudLocation } from '#domain/law/countries.ts';
import { reasonsText, whyWithheld } from '#domain/law/face-permissions.ts';
import { memberUserId } from '#domain/people/faces/face-user.ts';
import { readJpeg, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud, requireStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { enrolFace } from '../faces/enrol-face.ts';

const PERSON_OPTIONS = {
  member: { type: 'string' },
  staff: { type: 'string' },
  ...CLOUD_OPTIONS,
} as const;

interface Enrolee {
  readonly kind: 'member' | 'staff';
  readonly number: string;
  readonly userId: string;
}

function enroleeOf({ member, staff }: { member?: string | undefined; staff?: string | undefined }): Enrolee {
  if ((member === undefined) === (staff === undefined)) throw usageError('pass --member or --staff');
  const kind = member === undefined ? 'staff' : 'member';
  const number = required(member ?? staff, `--${kind}`);
  const userId = memberUserId(kind, number);
  if (userId === undefined) throw usageError(`--${kind} "${number}" is too long`);
  return { kind, number, userId };
}

function readPhoto(path: string): { bytes: Uint8Array; width: number; height: number } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  if (bytes.byteLength > FRAME_BYTES_MAX)
    throw new UserError(`${path} is larger than ${FRAME_BYTES_MAX} bytes`);
  const size = readJpeg(bytes);
  if (size.kind !== 'jpeg') throw new UserError(`${path} is not a complete JPEG`);
  const unusable = unusableSize(size);
  if (unusable !== undefined) throw new UserError(unusable);
  return { bytes, width: size.width, height: size.height };
}

/** Throws a UserError where the law, or the store's settings, do not permit to enrol a face of this kind today. */
function assertMayEnrol(store: Store, cloud: CloudLocation, kind: Enrolee['kind'], nowMs: number): void {
  const today = dayAt(nowMs, store);
  const bars = barsOf(store, cloud, today);
  if (bars.length > 0) {
    throw new UserError(`no face of ${store.storeId} may be enrolled in this cloud.${reasonsText(bars)}`);
  }
  const permissions = permissionsOf(store, cloud, today);
  if (permissions.face === 'off') {
    throw new UserError(`faces are off in ${store.storeId}.${whyWithheld(permissions)}`);
  }
  if (kind === 'member' || permissions.staffByConsent) return;
  const why = whyWithheld(permissions, 'staffByConsent');
  throw new UserError(`staff of ${store.storeId} may not be enrolled by their consent.${why}`);
}

export const facesEnrol: Command = {
  name: 'faces enrol',
  summary: 'enrol the face of a member or a staff member',
  help: `Usage: aisle faces enrol --member M1 --photo x.jpg --store sz01 --consent "form 4711"
       aisle faces enrol --staff S1 --photo x.jpg --store sz01 --consent "contract, §7"

Converts the only face of a photograph to a vector and stores it with the proof and time of the consent.
The photograph is not stored. Further photographs of the same person improve recognition, up to five. The
store's law settings must permit faces; see: aisle law show

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...PERSON_OPTIONS,
      photo: { type: 'string' },
      store: { type: 'string' },
      consent: { type: 'string' },
    });
    const { kind, number, userId } = enroleeOf(values);
    const proof = required(values.consent, '--consent').trim();
    if (proof === '') throw usageError('--consent must name the proof of the consent');
    const photo = readPhoto(resolve(terminal.cwd, required(values.photo, '--photo')));
    const cloud = openCloud(values, terminal);
    const nowMs = terminal.nowMs();
    const store = await requireStore(cloud, required(values.store, '--store'));
    assertMayEnrol(store, cloud.location, kind, nowMs);
    const ports = { index: cloud.faceIndex(), store: cloud.faces() };
    const consent = { proof, grantedAtMs: nowMs };
    const enrolled = await enrolFace(ports, { userId, kind, storeId: store.storeId, consent }, photo, nowMs);
    if (enrolled.kind === 'refused') throw new UserError(enrolled.why);
    terminal.out(`Enrolled ${kind} ${number} as ${userId}, ${enrolled.faces} face(s) in total.\n`);
    return EXIT.ok;
  },
};

export const facesWithdraw: Command = {
  name: 'faces withdraw',
  summary: 'delete the faces of a member or a staff member',
  help: `Usage: aisle faces withdraw --member M1
       aisle faces withdraw --staff S1

Records that the consent is withdrawn, which ends recognition at once, and deletes all face vectors. The
consent and the time of its withdrawal are retained as evidence.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, PERSON_OPTIONS);
    const { kind, number, userId } = enroleeOf(values);
    const cloud = openCloud(values, terminal);
    const store = cloud.faces();
    const [user] = await store.users([userId]);
    if (user === undefined) throw new UserError(`${kind} ${number} is not enrolled`);
    await store.withdraw(userId, terminal.nowMs());
    await removeVectors({ index: cloud.faceIndex(), store }, user);
    terminal.out(`Withdrew ${kind} ${number}; deleted ${user.faceIds.length} face(s).\n`);
    return EXIT.ok;
  },
};

const timeText = (ms: number): string => new Date(ms).toISOString();

export const facesList: Command = {
  name: 'faces list',
  summary: 'list face users with their consents',
  help: `Usage: aisle faces list [--store sz01] [--kind member]

  --kind   visitor, member, staff or watch

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      kind: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const rows: string[][] = [];
    for await (const user of openCloud(values, terminal).faces().allUsers()) {
      if (values.store !== undefined && user.storeId !== values.store) continue;
      if (values.kind !== undefined && user.kind !== values.kind) continue;
      const { consent } = user;
      rows.push([
        user.userId,
        user.kind,
        user.storeId,
        String(user.faceIds.length),
        timeText(user.enrolledAtMs),
        timeText(user.lastSeenAtMs),
        consent === undefined ? '' : consent.proof,
        consent?.withdrawnAtMs === undefined ? '' : timeText(consent.withdrawnAtMs),
        user.mergedInto ?? '',
      ]);
    }
    const heads = [
      'user',
      'kind',
      'store',
      'faces',
      'enrolled',
      'last seen',
      'consent',
      'withdrawn',
      'merged into',
    ];
    terminal.out(
      `${table(
        heads,
        rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
      )}\n`,
    );
    return EXIT.ok;
  },
};

export const facesUnmerge: Command = {
  name: 'faces unmerge',
  summary: 'undo the merge of two visitors',
  help: `Usage: aisle faces unmerge <visitor>

Undoes a merge: the visitor gets back their faces and visits, and the two are never merged by their faces
again. Re-run it after an interruption. "aisle faces list" shows the merges.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, CLOUD_OPTIONS, 1);
    const visitor = required(positionals[0], 'the visitor').replace(/^user\./, '');
    const cloud = openCloud(values, terminal);
    const ports = {
      index: cloud.faceIndex(),
      store: cloud.faces(),
      log: cloud.log(),
      pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
      nowMs: terminal.nowMs,
    };
    const parted = await splitUsers(ports, visitor, '/tools/aisle');
    if (parted.kind === 'not merged') throw new UserError(`${visitor} is not merged with another visitor`);
    terminal.out(
      `Separated ${visitor} from ${parted.into}: ${parted.faces} face(s), ${parted.days} day(s) of visits.\n`,
    );
    return EXIT.ok;
  },
};

export const facesBudget: Command = {
  name: 'faces budget',
  summary: "set a store's daily budget of paid face calls",
  help: `Usage: aisle faces budget --store sz01 --calls 20000

Every face costs paid calls to the face service. Once a store has used up its daily budget, faces are no
longer recognised and people are only counted. Takes effect within seconds.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      calls: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const store = required(values.store, '--store');
    const calls = required(values.calls, '--calls');
    if (!/^\d{1,9}$/.test(calls)) throw usageError('--calls must be a whole number');
    const cloud = openCloud(values, terminal);
    const { storeId } = await requireStore(cloud, store);
    await cloud.faces().setCallsMax(storeId, Number(calls));
    terminal.out(`Set the budget of ${storeId} to ${Number(calls)} paid calls per day.\n`);
    return EXIT.ok;
  },
};
