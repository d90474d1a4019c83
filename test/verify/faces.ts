/**
 * `npm run verify:faces`
 *
 * Enrols every person of a set of photographs with a neutral expression and searches with the smiling one, through
 * the local Rekognition over the real engine. Prints the matches and false matches at each threshold and the time on
 * one core, and exits with 1 where recognition or speed is worse than required. Skips, with the reason, where the
 * photographs are missing.
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
import { CONDITIONS, degraded } from './faces-hard.ts';
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

/** Required: percent, and milliseconds of one core. */
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

/** Prints a requirement with its result, and counts it as a failure where it is not met. */
function check(isMet: boolean, requirement: string): void {
  console.log(`  ${isMet ? 'held ' : 'WRONG'}  ${requirement}`);
  if (!isMet) failures.push(requirement);
}

interface Searches {
  readonly users: readonly Search[];
  readonly faces: readonly Search[];
  /** Name of the condition → searches with the photographs degraded by it. */
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
    for (const [name, degrade] of CONDITIONS) {
      hard.set(name, await searchUsers(client, await degraded(smiling, degrade)));
    }
    return { users: await searchUsers(client, smiling), faces: await searchFaces(client, smiling), hard };
  } finally {
    client.destroy();
    await server.close();
    await pool.close();
  }
}

function printMatches(label: string, searches: readonly Search[]): void {
  const { same, other } = pairsOf(searches);
  const spread = (values: readonly number[], shares: readonly number[]): string =>
    shares.map((share) => quantile(values, share).toFixed(1)).join(' · ');
  console.log(`  ${label}: ${searches.length} searches, ${same.length + other.length} pairs`);
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
  check(rank >= RANK_ONE_MIN, `${label}: rank-1 is ${rank.toFixed(2)} %, promised are ${RANK_ONE_MIN} %`);
  const falseMatches = other.filter((similarity) => similarity >= WATCH_LIST_MATCH_MIN).length;
  check(
    falseMatches === 0,
    `${label}: ${falseMatches} false matches at the watch-list's ${WATCH_LIST_MATCH_MIN}`,
  );
}

/** Prints matches and false matches per threshold under a camera's conditions; nothing is required of them. */
function printDegraded(hard: Searches['hard']): void {
  const thresholds = [...new Set(THRESHOLDS.map(([, min]) => min))].sort((a, b) => a - b);
  console.log(`  harder pictures, found and mistaken at ${thresholds.join(', ')}:`);
  for (const [name, searches] of hard) {
    const { same, other } = pairsOf(searches);
    const countFrom = (values: readonly number[], min: number) =>
      values.filter((similarity) => similarity >= min).length;
    const counts = thresholds.map((min) => `${countFrom(same, min)}/${countFrom(other, min)}`);
    console.log(`    ${name}: ${counts.join(' · ')}  of ${searches.length}/${other.length}`);
  }
}

async function printSpeed(): Promise<void> {
  const photographs = photographsIn(join(FOLDER, 'neutral_front')).map(({ bytes }) => bytes);
  const { perFace, perFrame, perJpegFrame } = await measureSpeed(photographs);
  const format = ({ coreMs, wallMs, leastMs, mostMs }: Times): string =>
    `${coreMs.toFixed(1)} ms of one core (rounds from ${leastMs.toFixed(1)} to ${mostMs.toFixed(1)}; ${wallMs.toFixed(1)} ms wall clock)`;
  check(
    perFace.coreMs <= FACE_MS_MAX,
    `a face of 400×400 pixels: ${format(perFace)}, at most ${FACE_MS_MAX}`,
  );
  check(
    perFrame.coreMs <= FRAME_MS_MAX,
    `1280×720 with four faces: ${format(perFrame)}, at most ${FRAME_MS_MAX}`,
  );
  console.log(`         the same from a JPEG: ${format(perJpegFrame)}`);
}

if (existsSync(FOLDER)) {
  console.log(`faces-london: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`);
  const { users, faces, hard } = await searchAll();
  printMatches('users', users);
  printMatches('faces', faces);
  printDegraded(hard);
  await printSpeed();
  process.exitCode = failures.length === 0 ? 0 : 1;
} else {
  console.log(`faces-london: skipped, because ${FOLDER} does not exist`);
}
