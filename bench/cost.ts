/**
 * What does it cost to look at faces? People walk before a camera, the shipped flows look at them over the local
 * Rekognition with the real engine, and the calls that it answered are counted: per frame, per track and per visit, where
 * the camera sends every frame and where a device that tracks by itself sends one crop of each track. With the assumptions
 * below and the published prices they come to dollars for a store's day.
 *
 *   npm run cost [-- --people 12]
 *
 * The calls are measured. How many people come, come back, and look into a camera for how long is assumed.
 */
import { parseArgs } from 'node:util';
import { createFacePool } from '#vision/engine/face-pool.ts';
import {
  CAMERAS,
  type Calls,
  type Measured,
  MODES,
  measure,
  picturesPerTrack,
  SECONDS_PER_TRACK,
  TRACKS_PER_VISIT,
} from './cost-calls.ts';
import {
  aroundDollars,
  DAYS_PER_MONTH,
  DOLLARS_PER_VECTOR_MONTH,
  PAID_OPERATIONS,
  paidCalls,
  storeDayDollars,
} from './prices.ts';
import { machine } from './support.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '12' } } });
const PEOPLE = Number(values.people);

/** A middling store of an electronics chain. */
const VISITORS_PER_DAY = 1_000;
/** Of them, those who are known: who agreed as a member, or was here while strangers are kept. */
const KNOWN_SHARE = { members: 0.2, visitors: 0.3 } as const;
/** Records that a store keeps: its members, or its strangers of a month. */
const MEMBERS = 2_000;
const STRANGERS = VISITORS_PER_DAY * (1 - KNOWN_SHARE.visitors) * 30;
/** Stores that share an account, and with it the steps of the price. */
const STORES = 100;
/** A function of 1 GB that mostly waits for the service; the local one is no measure of it. */
const GB_SECONDS_PER_PICTURE = 0.8;

const WHO = {
  members: ['a stranger', 'a member'],
  visitors: ['first visit', 'second visit'],
} as const;

const pool = await createFacePool();
try {
  const started = performance.now();
  const all: Measured[] = [];
  for (const mode of MODES) {
    for (const camera of CAMERAS) all.push(await measure(pool, mode, camera, PEOPLE));
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`${machine()}; ${PEOPLE} people, measured in ${seconds} s\n`);
  tellCalls(all);
  tellDollars(all);
} finally {
  await pool.close();
}

function tellCalls(all: readonly Measured[]): void {
  const each = all.flatMap(({ unknown, known }) => [unknown, known]);
  const made = [...new Set(each.flatMap(Object.keys))].filter((name) => each.some((calls) => calls[name]));
  const paid = PAID_OPERATIONS.filter((name) => made.includes(name));
  const free = made.filter((name) => !paid.some((one) => one === name));
  const names = [...paid, ...free];
  console.log(
    `Calls of a visit of ${TRACKS_PER_VISIT} tracks of ${SECONDS_PER_TRACK} s (${picturesPerTrack('every frame')} frames, or 1 crop); ${free.join(', ')} are free.\n`,
  );
  console.log(
    `${' '.repeat(36)}${names.map((name) => name.padStart(16)).join('')}  paid a frame  a track  a visit`,
  );
  for (const { mode, camera, unknown, known } of all) {
    for (const [place, calls] of [unknown, known].entries()) {
      const visit = paidCalls(calls);
      const track = visit / TRACKS_PER_VISIT;
      const sums = `${right(track / picturesPerTrack(camera), 14, 2)}${right(track, 9, 1)}${right(visit, 9, 1)}`;
      const label = `${mode.padEnd(10)}${camera.padEnd(13)}${(WHO[mode][place] ?? '').padEnd(13)}`;
      console.log(label + names.map((name) => right(calls[name] ?? 0, 16, 2)).join('') + sums);
    }
  }
  console.log('\nWho has no record was seen too small or too poorly to be enrolled.');
  for (const { mode, camera, people, records, vectorsPerRecord } of all) {
    console.log(
      `${mode}, ${camera}: ${records} records of ${people} people, ${vectorsPerRecord.toFixed(1)} vectors each`,
    );
  }
}

/** Calls of a store's day. */
function callsOf(unknown: Calls, known: Calls, share: number): number {
  return VISITORS_PER_DAY * (share * paidCalls(known) + (1 - share) * paidCalls(unknown));
}

function tellDollars(all: readonly Measured[]): void {
  const [members, strangers] = [KNOWN_SHARE.members * 100, KNOWN_SHARE.visitors * 100];
  console.log(
    `\nDollars of a store's day with ${VISITORS_PER_DAY} visitors, of whom ${members} % are members, or ${strangers} % were here this month.\n`,
  );
  console.log(
    `${' '.repeat(23)}paid calls   looking  + vectors  + around  = one store | of ${STORES} stores each`,
  );
  const totals = new Map<string, number>();
  for (const { mode, camera, unknown, known, vectorsPerRecord, noticesPerPicture } of all) {
    const calls = callsOf(unknown, known, KNOWN_SHARE[mode]);
    const records = mode === 'members' ? MEMBERS : STRANGERS;
    const vectors = (records * vectorsPerRecord * DOLLARS_PER_VECTOR_MONTH) / DAYS_PER_MONTH;
    const pictures = VISITORS_PER_DAY * TRACKS_PER_VISIT * picturesPerTrack(camera);
    const around = aroundDollars(pictures, GB_SECONDS_PER_PICTURE, noticesPerPicture);
    const looking = storeDayDollars(calls, 1);
    const total = looking + vectors + around;
    totals.set(`${mode} ${camera}`, total);
    const ofMany = storeDayDollars(calls, STORES) + vectors + around;
    console.log(
      `${mode.padEnd(10)}${camera.padEnd(13)}${right(calls, 10, 0)}${right(looking, 10, 2)}${right(vectors, 11, 3)}${right(around, 10, 3)}${right(total, 13, 2)} |${right(ofMany, 14, 2)}`,
    );
  }
  console.log('');
  for (const mode of MODES) {
    const ratio = (totals.get(`${mode} every frame`) ?? 0) / (totals.get(`${mode} best shot`) ?? Number.NaN);
    console.log(`${mode}: every frame costs ${ratio.toFixed(1)} times what best shot does`);
  }
}

function right(value: number, width: number, digits: number): string {
  return value.toFixed(digits).padStart(width);
}
