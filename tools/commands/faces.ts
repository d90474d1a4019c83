/**
 * `aisle faces …`: who may be known by their face, by their own consent, and who no longer. A photograph is read, turned
 * into a vector and not kept; what is kept beside the vector is the proof of the consent.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeVectors } from '#adapters/rekognition/face-users.ts';
import { partUsers } from '#adapters/rekognition/part-users.ts';
import { FRAME_BYTES_MAX } from '#contracts/frames.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import { readJpeg, unusableSize } from '#domain/people/jpeg.ts';
import { userOfNumber } from '#domain/people/user.ts';
import { dayAt } from '#domain/place/zoning-days.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { enrolFace } from '../faces/enrol-face.ts';

const PERSON_OPTIONS = {
  member: { type: 'string' },
  staff: { type: 'string' },
  ...CLOUD_OPTIONS,
} as const;

interface Named {
  readonly kind: 'member' | 'staff';
  readonly number: string;
  readonly userId: string;
}

function personOf({ member, staff }: { member?: string | undefined; staff?: string | undefined }): Named {
  if ((member === undefined) === (staff === undefined)) throw usageError('say --member or --staff');
  const kind = member === undefined ? 'staff' : 'member';
  const number = required(member ?? staff, `--${kind}`);
  const userId = userOfNumber(kind, number);
  if (userId === undefined) throw usageError(`"${number}" is too long to name a face`);
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
  if (size.kind !== 'jpeg') throw new UserError(`${path} is not a whole JPEG`);
  const unusable = unusableSize(size);
  if (unusable !== undefined) throw new UserError(unusable);
  return { bytes, width: size.width, height: size.height };
}

/** The store, where its law lets faces be looked at today. */
async function storeWithFaces(cloud: Cloud, storeId: StoreId, nowMs: number) {
  const store = await cloud.chain().store(storeId);
  if (store === undefined) throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
  const permissions = permissionsOf(store.law, dayAt(nowMs, store));
  if (permissions.face !== 'off') return store;
  const why = permissions.withheld.map(({ because, source }) => ` ${because} (${source})`).join('');
  throw new UserError(`faces are off in ${storeId}.${why}`);
}

export const facesEnrol: Command = {
  name: 'faces enrol',
  summary: 'let a member or one of the staff be known by their face',
  help: `Usage: aisle faces enrol --member M1 --photo x.jpg --store sz01 --consent "form 4711"
       aisle faces enrol --staff S1 --photo x.jpg --store sz01 --consent "contract, §7"

Turns the one face of a photograph into a vector and keeps it, with the proof of the person's consent and
the time. The photograph is not kept. Further photographs of the same person make them better known, up to
five. The store's law has to permit faces; see: aisle law show

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...PERSON_OPTIONS,
      photo: { type: 'string' },
      store: { type: 'string' },
      consent: { type: 'string' },
    });
    const person = personOf(values);
    const proof = required(values.consent, '--consent').trim();
    if (proof === '') throw usageError('--consent must say what proves it');
    const photo = readPhoto(resolve(terminal.cwd, required(values.photo, '--photo')));
    const cloud = openCloud(values, terminal);
    const nowMs = terminal.nowMs();
    const store = await storeWithFaces(cloud, required(values.store, '--store') as StoreId, nowMs);
    const ports = { index: cloud.faceIndex(), store: cloud.faces() };
    const consent = { proof, grantedAtMs: nowMs };
    const { kind, userId } = person;
    const enrolled = await enrolFace(ports, { userId, kind, storeId: store.storeId, consent }, photo, nowMs);
    if (enrolled.kind === 'refused') throw new UserError(enrolled.why);
    terminal.out(`${kind} ${person.number} is known by ${enrolled.faces} face(s), as ${userId}.\n`);
    return EXIT.ok;
  },
};

export const facesWithdraw: Command = {
  name: 'faces withdraw',
  summary: 'forget the face of a member or one of the staff',
  help: `Usage: aisle faces withdraw --member M1
       aisle faces withdraw --staff S1

Writes down that the consent is withdrawn, from which moment nobody is taken for this person, and removes
every vector of theirs. That there was a consent, and when it ended, is kept as proof.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, PERSON_OPTIONS);
    const { kind, number, userId } = personOf(values);
    const cloud = openCloud(values, terminal);
    const store = cloud.faces();
    const [user] = await store.users([userId]);
    if (user === undefined) throw new UserError(`${kind} ${number} was never enrolled`);
    await store.withdraw(userId, terminal.nowMs());
    await removeVectors({ index: cloud.faceIndex(), store }, user);
    terminal.out(`${kind} ${number} is known no more; ${user.faceIds.length} face(s) are gone.\n`);
    return EXIT.ok;
  },
};

const timeText = (ms: number): string => new Date(ms).toISOString();

export const facesList: Command = {
  name: 'faces list',
  summary: 'list who may be known by their face, and on what ground',
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
    const heads = ['user', 'kind', 'store', 'faces', 'enrolled', 'last seen', 'consent', 'withdrawn', 'is'];
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
  summary: 'part two visitors that had been taken for one',
  help: `Usage: aisle faces unmerge <visitor>

Takes back that a visitor was found to be another one: their faces are theirs again, and so are their visits.
The two are never made one again by their faces. Run it again where it was cut off. "aisle faces list" shows
who was merged into whom.

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
    const parted = await partUsers(ports, visitor, '/tools/aisle');
    if (parted.kind === 'not merged') throw new UserError(`${visitor} is merged with nobody`);
    terminal.out(
      `${visitor} and ${parted.into} are two again: ${parted.faces} face(s), ${parted.days} day(s) of visits.\n`,
    );
    return EXIT.ok;
  },
};

export const facesBudget: Command = {
  name: 'faces budget',
  summary: 'set how many paid calls a store may make in a day',
  help: `Usage: aisle faces budget --store sz01 --calls 20000

Each face that is looked at costs calls of the face service, which are paid for. Beyond this many in a day of
the store nobody is looked for any more, and people are only counted. It takes effect within seconds.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      calls: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const storeId = required(values.store, '--store') as StoreId;
    const written = required(values.calls, '--calls');
    if (!/^\d{1,9}$/.test(written)) throw usageError('--calls takes a whole number');
    const cloud = openCloud(values, terminal);
    if ((await cloud.chain().store(storeId)) === undefined) {
      throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
    }
    await cloud.faces().setCallsMax(storeId, Number(written));
    terminal.out(`${storeId} may make ${Number(written)} paid calls in a day.\n`);
    return EXIT.ok;
  },
};
