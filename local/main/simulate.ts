/** Runs the simulated day against the local cloud and tells the terminal how it goes, now and then. */
import { demoChain } from '#sim/demo-chain.ts';
import { simulateDay } from '#sim/simulate-day.ts';
import type { Cloud } from '../cloud.ts';
import { foundChain } from './found-chain.ts';
import type { Screen } from './screen.ts';

/** The same every time: a restart on kept data posts the same past again, and it must count once. */
const SEED = 'aisle';
const DAYS_BEFORE = 1;
/** About a receipt a second. */
const SPEED = 20;
const REPORT_MS = 10_000;

export async function simulate(
  cloud: Cloud,
  dataDir: string | undefined,
  screen: Screen,
  stop: AbortSignal,
): Promise<void> {
  const keys = await foundChain(cloud, demoChain, dataDir);
  screen.event(
    'simulation',
    `${demoChain.name}: ${demoChain.stores.length} stores post yesterday and today so far`,
  );
  let receipts = 0;
  let told = 0;
  const report = setInterval(() => {
    if (receipts === told) return;
    screen.event('simulation', `${receipts - told} receipts, ${receipts} in all`);
    told = receipts;
  }, REPORT_MS);
  try {
    await simulateDay({
      url: cloud.url,
      chain: demoChain,
      keyOf: ({ storeId }) => keys[storeId] ?? '',
      seed: SEED,
      speed: SPEED,
      daysBefore: DAYS_BEFORE,
      nowMs: () => Date.now(),
      post: fetch,
      wait: (ms) => waitOrStop(ms, stop),
      stop,
      onReceipt: () => {
        receipts += 1;
      },
      onLive: () => {
        screen.event('simulation', `${receipts} receipts caught up; from now on customers come live`);
        told = receipts;
      },
    });
  } finally {
    clearInterval(report);
  }
}

function waitOrStop(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (stop.aborted) done();
    else stop.addEventListener('abort', done);
  });
}
