/** Runs the simulated day against the local cloud and reports its progress to the terminal at intervals. */
import { demoChain } from '#sim/chain/demo-chain.ts';
import { simulatePhones } from '#sim/phones/simulate-phones.ts';
import { simulateTills } from '#sim/tills/simulate-tills.ts';
import { type SeenFace, simulateVisitors } from '#sim/visitors/simulate-visitors.ts';
import type { Cloud } from '../cloud.ts';
import { photographs } from './photographs.ts';
import type { Screen } from './screen.ts';
import { APP_SERVER, keyName, seedDemoChain } from './seed-demo-chain.ts';

/** Constant: a restart on kept data posts the same past again, which must count once. */
const SEED = 'aisle';
const DAYS_BEFORE = 1;
/** About a receipt a second. */
const SPEED = 20;
const REPORT_MS = 10_000;

/** Seeds the demonstration chain and simulates it until `stop` is aborted. */
export async function simulate(
  cloud: Cloud,
  dataDir: string | undefined,
  screen: Screen,
  stop: AbortSignal,
): Promise<void> {
  const keys = await seedDemoChain(cloud, demoChain, dataDir);
  screen.event(
    'simulation',
    `${demoChain.name}: ${demoChain.stores.length} stores post their receipts of yesterday and today`,
  );
  let receipts = 0;
  let reported = 0;
  const report = setInterval(() => {
    if (receipts === reported) return;
    screen.event('simulation', `receipts: ${receipts - reported} new, ${receipts} in total`);
    reported = receipts;
  }, REPORT_MS);
  const common = {
    url: cloud.url,
    chain: demoChain,
    seed: SEED,
    daysBefore: DAYS_BEFORE,
    nowMs: () => Date.now(),
    post: fetch,
    wait: (ms: number) => waitOrStop(ms, stop),
    stop,
  };
  try {
    await Promise.all([
      simulateTills({
        ...common,
        keyOf: ({ storeId }) => keys[keyName(storeId, 'tills')] ?? '',
        speed: SPEED,
        onReceipt: () => {
          receipts += 1;
        },
        onLive: () => {
          screen.event('simulation', `${receipts} receipts of the past posted; live from now on`);
          reported = receipts;
        },
      }),
      simulateVisitors({
        ...common,
        keyOf: ({ storeId }) => keys[keyName(storeId, 'sensors')] ?? '',
        speed: SPEED,
        photographs: photographs(),
        onFace: reportFaces(screen),
      }),
      simulatePhones({
        ...common,
        key: keys[APP_SERVER] ?? '',
        inboxOf: cloud.receivedBy,
        onPush: ({ store, title }) =>
          screen.event(`${store.storeId} street`, `an earlier buyer walks by and receives: ${title}`),
      }),
    ]);
  } finally {
    clearInterval(report);
  }
}

/** Returns a listener that reports a face once per visit, though a camera sees it in several frames. */
function reportFaces(screen: Screen): (seen: SeenFace) => void {
  let last: string | undefined;
  return ({ store, outcome, visitor, isLive }) => {
    if (!isLive || visitor === undefined || visitor === last) return;
    last = visitor;
    const what = outcome === 'enrolled' ? 'a new face' : 'a known face';
    screen.event(`${store.storeId} camera`, `${what}: ${visitor.slice(0, VISITOR_SHOWN_MAX)}`);
  };
}

/** Long enough to distinguish two visitors on a screen. */
const VISITOR_SHOWN_MAX = 16;

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
