/**
 * `npm run verify:faces`
 *
 * Enrols every person of a set of photographs from the neutral one and searches for each with the smiling one, through
 * the wire server over the real engine; tells who was found, what would be taken for somebody else at which threshold,
 * and how long it took on one core. Ends with an error when any of it is worse than promised. Skipped, with the reason,
 * where the photographs are not there.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  MEMBER_MATCH_MIN,
  MERGE_MATCH_MIN,
  VISITOR_MATCH_MIN,
  WATCH_LIST_MATCH_MIN,
} from '#domain/people/faces/thresholds.ts';
import { ASSOCIATE_MATCH_MIN_DEFAULT, MATCH_MIN_DEFAULT } from '#local/servers/rekognition/limits.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { createFacePool } from '#vision/engine/face-pool.ts';
import { CONDITIONS, worsened } from './faces-hard.ts';
import {
  enrol,
  pairsOf,
  photographsIn,
  rankOne,
  type Search,
  searchFaces,
  searchUsers,
} from './faces-match.ts';
import { measureSpeed, quantile, type Times } from './faces-speed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'faces-london');

/** What is promised. */
const RANK_ONE_MIN = 98;
const FACE_MS_MAX = 25;
const FRAME_MS_MAX = 60;

const THRESHOLDS = [
  ['to associate, by the service', ASSOCIATE_MATCH_MIN_DEFAULT],
  ['to match, by the service', MATCH_MIN_DEFAULT],
  ['a visitor', VISITOR_MATCH_MIN],
  ['a member', MEMBER_MATCH_MIN],
  ['to merge two records', MERGE_MATCH_MIN],
  ['the watch-list', WATCH_LIST_MATCH_MIN],
] as const;

const failures: string[] = [];

function hold(isHeld: boolean, what: string): void {
  console.log(`  ${isHeld ? 'held ' : 'WRONG'}  ${what}`);
  if (!isHeld) failures.push(what);
}

interface Searches {
  readonly users: readonly Search[];
  readonly faces: readonly Search[];
  /** By the name of the condition. */
  readonly hard: ReadonlyMap<string, readonly Search[]>;
}

async function searchAll(): Promise<Searches> {
  const pool = await createFacePool({ workers: 1 });
  const server = await startRekognition({ faces: pool, delays: { userReadyMs: 0 } });
  const client = new RekognitionClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await enrol(client, photographsIn(join(FOLDER, 'neutral_front')));
    const smiling = photographsIn(join(FOLDER, 'smiling_front'));
    const hard = new Map<string, readonly Search[]>();
    for (const [name, worsen] of CONDITIONS) {
      hard.set(name, await searchUsers(client, await worsened(smiling, worsen)));
    }
    return { users: await searchUsers(client, smiling), faces: await searchFaces(client, smiling), hard };
  } finally {
    client.destroy();
    await server.close();
    await pool.close();
  }
}

function tellMatches(what: string, searches: readonly Search[]): void {
  const { same, other } = pairsOf(searches);
  const spread = (values: readonly number[], shares: readonly number[]): string =>
    shares.map((share) => quantile(values, share).toFixed(1)).join(' · ');
  console.log(`  ${what}: ${searches.length} searches, ${same.length + other.length} pairs`);
  console.log(`    one person:  lowest, 5 %, middle, highest  ${spread(same, [0, 0.05, 0.5, 1])}`);
  console.log(`    two people:  middle, 99 %, 99.9 %, highest  ${spread(other, [0.5, 0.99, 0.999, 1])}`);
  for (const [purpose, min] of THRESHOLDS) {
    const found = same.filter((similarity) => similarity >= min).length;
    const wrong = other.filter((similarity) => similarity >= min).length;
    console.log(
      `    at ${min} (${purpose}): ${found} of ${same.length} found, ${wrong} of ${other.length} taken for another`,
    );
  }
  const rank = rankOne(searches);
  hold(rank >= RANK_ONE_MIN, `${what}: rank-1 is ${rank.toFixed(2)} %, promised are ${RANK_ONE_MIN} %`);
  const suspected = other.filter((similarity) => similarity >= WATCH_LIST_MATCH_MIN).length;
  hold(suspected === 0, `${what}: ${suspected} false matches at the watch-list's ${WATCH_LIST_MATCH_MIN}`);
}

/** Told, not held to anything: what the thresholds cost and spare under a camera's conditions. */
function tellHard(hard: Searches['hard']): void {
  const thresholds = [...new Set(THRESHOLDS.map(([, min]) => min))].sort((a, b) => a - b);
  console.log(`  harder pictures, found and mistaken at ${thresholds.join(', ')}:`);
  for (const [name, searches] of hard) {
    const { same, other } = pairsOf(searches);
    const reach = (values: readonly number[], min: number) =>
      values.filter((similarity) => similarity >= min).length;
    const told = thresholds.map((min) => `${reach(same, min)}/${reach(other, min)}`);
    console.log(`    ${name}: ${told.join(' · ')}  of ${searches.length}/${other.length}`);
  }
}

async function tellSpeed(): Promise<void> {
  const photographs = photographsIn(join(FOLDER, 'neutral_front')).map(({ bytes }) => bytes);
  const { perFace, perFrame, perJpegFrame } = await measureSpeed(photographs);
  const told = ({ coreMs, wallMs, leastMs, mostMs }: Times): string =>
    `${coreMs.toFixed(1)} ms of one core (rounds from ${leastMs.toFixed(1)} to ${mostMs.toFixed(1)}; ${wallMs.toFixed(1)} ms on the wall)`;
  hold(perFace.coreMs <= FACE_MS_MAX, `a face of 400×400 pixels: ${told(perFace)}, at most ${FACE_MS_MAX}`);
  hold(
    perFrame.coreMs <= FRAME_MS_MAX,
    `1280×720 with four faces: ${told(perFrame)}, at most ${FRAME_MS_MAX}`,
  );
  console.log(`         the same from a JPEG: ${told(perJpegFrame)}`);
}

if (existsSync(FOLDER)) {
  console.log(`faces-london: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`);
  const { users, faces, hard } = await searchAll();
  tellMatches('users', users);
  tellMatches('faces', faces);
  tellHard(hard);
  await tellSpeed();
  process.exitCode = failures.length === 0 ? 0 : 1;
} else {
  console.log(`faces-london: skipped, because ${FOLDER} is not there`);
}
