/**
 * The whole chain, from the template up: the real CDK app synthesised, its real bundles run. One cloud serves every suite;
 * their order is what each says of itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type DemoCloud, startDemoCloud } from '../support/demo-cloud.ts';
import { erasureSuites } from './suites/erasure.ts';
import { describeLivePage } from './suites/live-page.ts';
import { describeReceipts, describeRestart } from './suites/receipts.ts';
import { describeStreet } from './suites/street.ts';
import { describeVisits } from './suites/visits.ts';

/** Two cores may be shared with every other test. */
const TEST_MS_MAX = 240_000;

const dataDir = mkdtempSync(join(tmpdir(), 'aisle-chain-'));
let started: DemoCloud | undefined;
beforeAll(async () => {
  started = await startDemoCloud(dataDir);
}, TEST_MS_MAX);
afterAll(async () => {
  await started?.close();
  rmSync(dataDir, { recursive: true });
});

const world = (): DemoCloud => {
  if (started === undefined) throw new Error('the cloud did not start');
  return started;
};

describe('one cloud', { timeout: TEST_MS_MAX }, () => {
  const erasure = erasureSuites(world);
  // The live page sells first: it shows the sum of its day.
  describeLivePage(world);
  erasure.describeRequest();
  describeReceipts(world);
  describeVisits(world);
  describeStreet(world);
  erasure.describeOutcome();
  describeRestart(world);
});
