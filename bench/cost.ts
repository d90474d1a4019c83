/**
 * Measures the cost of face recognition. People pass a camera, the deployed flows process the pictures with the local
 * Rekognition and the real engine, and its calls are counted per frame, track and visit: for a camera that sends every frame,
 * and for a device that tracks by itself and sends the best shot of each track. With the assumptions below and the published
 * prices this gives the dollars per store and day.
 *
 *   npm run cost [-- --people 12]
 *
 * The calls are measured; the numbers of visitors and returning visitors and the time before a camera are assumed.
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

/** An average store of an electronics chain. */
const VISITORS_PER_DAY = 1_000;
/** Share of recognised visitors: members who consented, or visitors within the retention period. */
const KNOWN_SHARE = { members: 0.2, visitors: 0.3 } as const;
/** Stored records of a store: its members, or its visitors of a month. */
const MEMBERS = 2_000;
const VISITORS_STORED = VISITORS_PER_DAY * (1 - KNOWN_SHARE.visitors) * 30;
/** Number of stores that share an account's price tiers. */
const STORES = 100;
/** Assumed for a function of 1 GB that mostly waits for the service; the local function cannot measure it. */
const GB_SECONDS_PER_PICTURE = 0.8;

const VISITOR_LABELS = {
  members: ['non-member', 'member'],
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
  printCalls(all);
  printDollars(all);
} finally {
  await pool.close();
}

function printCalls(all: readonly Measured[]): void {
  const each = all.flatMap(({ unknown, known }) => [unknown, known]);
  const made = [...new Set(each.flatMap(Object.keys))].filter((name) => each.some((calls) => calls[name]));
  const paid = PAID_OPERATIONS.filter((name) => made.includes(name));
  const free = made.filter((name) => !paid.some((paidName) => paidName === name));
  const names = [...paid, ...free];
  console.log(
    `Calls per visit of ${TRACKS_PER_VISIT} tracks of ${SECONDS_PER_TRACK} s (${picturesPerTrack('every frame')} frames, or 1 crop); ${free.join(', ')} are free.\n`,
  );
  console.log(
    `${' '.repeat(36)}${names.map((name) => name.padStart(16)).join('')}  paid/frame  per track  per visit`,
  );
  for (const { mode, camera, unknown, known } of all) {
    for (const [index, calls] of [unknown, known].entries()) {
      const visit = paidCalls(calls);
      const track = visit / TRACKS_PER_VISIT;
      const sums = `${right(track / picturesPerTrack(camera), 12, 2)}${right(track, 11, 1)}${right(visit, 11, 1)}`;
      const label = `${mode.padEnd(10)}${camera.padEnd(13)}${(VISITOR_LABELS[mode][index] ?? '').padEnd(13)}`;
      console.log(label + names.map((name) => right(calls[name] ?? 0, 16, 2)).join('') + sums);
    }
  }
  console.log('\nPeople without a record were too small or of too low quality to be enrolled.');
  for (const { mode, camera, people, records, vectorsPerRecord } of all) {
    console.log(
      `${mode}, ${camera}: ${records} records of ${people} people, ${vectorsPerRecord.toFixed(1)} vectors each`,
    );
  }
}

/** Returns the paid calls of a store and day. */
function callsOf(unknown: Calls, known: Calls, share: number): number {
  return VISITORS_PER_DAY * (share * paidCalls(known) + (1 - share) * paidCalls(unknown));
}

function printDollars(all: readonly Measured[]): void {
  const [members, returning] = [KNOWN_SHARE.members * 100, KNOWN_SHARE.visitors * 100];
  console.log(
    `\nDollars per store and day with ${VISITORS_PER_DAY} visitors, of whom ${members} % are members, or ${returning} % return within a month.\n`,
  );
  console.log(
    `${' '.repeat(23)}paid calls     calls  + vectors  + others  = one store | each of ${STORES} stores`,
  );
  const totals = new Map<string, number>();
  for (const { mode, camera, unknown, known, vectorsPerRecord, noticesPerPicture } of all) {
    const calls = callsOf(unknown, known, KNOWN_SHARE[mode]);
    const records = mode === 'members' ? MEMBERS : VISITORS_STORED;
    const vectors = (records * vectorsPerRecord * DOLLARS_PER_VECTOR_MONTH) / DAYS_PER_MONTH;
    const pictures = VISITORS_PER_DAY * TRACKS_PER_VISIT * picturesPerTrack(camera);
    const around = aroundDollars(pictures, GB_SECONDS_PER_PICTURE, noticesPerPicture);
    const callDollars = storeDayDollars(calls, 1);
    const total = callDollars + vectors + around;
    totals.set(`${mode} ${camera}`, total);
    const ofMany = storeDayDollars(calls, STORES) + vectors + around;
    console.log(
      `${mode.padEnd(10)}${camera.padEnd(13)}${right(calls, 10, 0)}${right(callDollars, 10, 2)}${right(vectors, 11, 3)}${right(around, 10, 3)}${right(total, 13, 2)} |${right(ofMany, 14, 2)}`,
    );
  }
  console.log('');
  for (const mode of MODES) {
    const ratio = (totals.get(`${mode} every frame`) ?? 0) / (totals.get(`${mode} best shot`) ?? Number.NaN);
    console.log(`${mode}: every frame costs ${ratio.toFixed(1)} times as much as best shot`);
  }
}

function right(value: number, width: number, digits: number): string {
  return value.toFixed(digits).padStart(width);
}
