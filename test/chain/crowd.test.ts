/** A crowd before a camera of a running cloud, with the real face engine: more than it can look at. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photographs } from '#local/main/photographs.ts';
import { sendCrowd, tally } from '../support/crowd.ts';
import { CROWD_FACES, crowdFrames } from '../support/crowd-frames.ts';
import { type CrowdStore, openCrowdStore } from '../support/crowd-store.ts';

const SECONDS = 3;
const FRAMES_PER_SECOND = 10;
/** Two cores may be shared with every other test. */
const TEST_MS_MAX = 120_000;
/** The detector may miss one of a grid now and then; a frame in which it found half would be no crowd. */
const FACES_FOUND_MIN = 0.8;

let store: CrowdStore | undefined;
let frames: Uint8Array[];

beforeAll(async () => {
  frames = await crowdFrames(photographs(), 3);
  store = await openCrowdStore();
}, TEST_MS_MAX);
afterAll(() => store?.close());

describe('a camera that sends thirty faces ten times a second', { timeout: TEST_MS_MAX }, () => {
  it('is taken at its word or asked to come again, and loses nothing that was accepted', async () => {
    if (store === undefined) throw new Error('the cloud did not start');
    const answers = await sendCrowd(store, frames, { seconds: SECONDS, perSecond: FRAMES_PER_SECOND });
    const { accepted, refused, other, faces, missing } = tally(answers, await store.sightings());
    expect(Object.fromEntries(other)).toEqual({});
    expect(accepted + refused).toBe(SECONDS * FRAMES_PER_SECOND);
    expect(missing).toBe(0);
    expect(accepted).toBeGreaterThan(0);
    expect(faces).toBeGreaterThanOrEqual(accepted * CROWD_FACES * FACES_FOUND_MIN);
  });
});
