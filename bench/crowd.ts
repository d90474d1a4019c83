/**
 * Overloads frame ingestion: thirty faces per frame, ten frames a second, against a local cloud in this process with the real
 * face engine, which is far more than a laptop can process.
 *
 *   npm run bench:crowd [-- --seconds 60]
 *
 * Exits with 1 where a response is neither 202 nor 429 with a Retry-After, where a sighting of an accepted frame is missing on
 * the log, or where the process exceeds its memory bound.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { photographs } from '#local/main/photographs.ts';
import { type CrowdAnswer, sendCrowd, tally } from '#test/support/crowd.ts';
import { CROWD_FACES, crowdFrames } from '#test/support/crowd-frames.ts';
import { openCrowdStore } from '#test/support/crowd-store.ts';
import { machine, percentile } from './support.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const SECONDS = Number(values.seconds);
const FRAMES_PER_SECOND = 10;
/** Different pictures of the same crowd. */
const FRAMES = 5;
const RSS_EVERY_MS = 250;
const RSS_SHOWN = 10;
/** Functions, servers, tables and neural networks in one process; functions and networks once per core, up to four. */
const RSS_MB_MAX = 1_024 + 256 * Math.min(4, availableParallelism());

const rssMb = (): number => process.memoryUsage.rss() / 2 ** 20;
const samples: number[] = [];

const frames = await crowdFrames(photographs(), FRAMES);
const store = await openCrowdStore();
let failures: string[] = [];
try {
  console.log(`${machine()}; ${CROWD_FACES} faces a frame, ${FRAMES_PER_SECOND} frames/s for ${SECONDS} s\n`);
  const beforeMb = rssMb();
  const watch = setInterval(() => samples.push(rssMb()), RSS_EVERY_MS);
  const started = performance.now();
  const answers = await sendCrowd(store, frames, { seconds: SECONDS, perSecond: FRAMES_PER_SECOND });
  const tookS = (performance.now() - started) / 1_000;
  clearInterval(watch);
  const { accepted, refused, other, faces, missing } = tally(answers, await store.sightings());
  const others = [...other].map(([status, count]) => `${count} × ${status}`).join(', ');
  const mostMb = Math.max(beforeMb, ...samples);
  console.log(`sent      ${answers.length} frames; last response after ${tookS.toFixed(1)} s`);
  console.log(`accepted  ${accepted}, with ${faces} faces, of which ${missing} are missing on the log`);
  console.log(`refused   ${refused} with 429 and Retry-After`);
  console.log(`other     ${others || 'none'}`);
  console.log(`response  ${times(answers, 202)}; refused ${times(answers, 429)}  (p50, p99 in ms)`);
  console.log(
    `memory    ${curve(samples)} MB over time; ${mostMb.toFixed(0)} at most, ${RSS_MB_MAX} allowed`,
  );
  failures = [
    ...(other.size > 0 ? [`unexpected responses: ${others}`] : []),
    ...(missing > 0 ? [`${missing} accepted sightings are missing`] : []),
    ...(accepted === 0 || faces === 0 ? ['nothing was accepted, so the run proves nothing'] : []),
    ...(mostMb > RSS_MB_MAX ? [`${mostMb.toFixed(0)} MB of memory`] : []),
  ];
} finally {
  await store.close();
}
for (const failure of failures) console.log(`FAILED    ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);

function times(answers: readonly CrowdAnswer[], status: number): string {
  const sorted = answers
    .filter((answer) => answer.status === status)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return 'none';
  return `${percentile(sorted, 0.5).toFixed(0)} ${percentile(sorted, 0.99).toFixed(0)}`;
}

/** Returns a few of the samples, evenly spaced. */
function curve(all: readonly number[]): string {
  const step = Math.max(1, Math.ceil(all.length / RSS_SHOWN));
  return all
    .filter((_, index) => index % step === 0)
    .map((mb) => mb.toFixed(0))
    .join(' ');
}
