/**
 * `npm start`: the whole of Aisle on this machine, until it is told to stop. The first signal stops everything in
 * order and ends with 0; a second one does not wait.
 */
import { resolve } from 'node:path';
import { type Cloud, startCloud } from './cloud.ts';
import { DEMO_STAFF } from './demo-staff.ts';
import { HELP, parseOptions, type StartOptions } from './main/options.ts';
import { createScreen, type Screen } from './main/screen.ts';
import { simulate } from './main/simulate.ts';

const EXIT_FAILED = 1;
const EXIT_MISTAKEN = 2;
/** What shells expect of a process that a signal ended. */
const EXIT_FORCED = 130;

const parsed = parseOptions(process.argv.slice(2), process.env);
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'mistaken':
    process.stderr.write(`${parsed.why}\n\n${HELP}`);
    process.exitCode = EXIT_MISTAKEN;
    break;
  case 'start':
    await main(parsed.options);
}

async function main(options: StartOptions): Promise<void> {
  const screen = createScreen((line) => process.stdout.write(`${line}\n`), options.isVerbose);
  const stopping = stopOnSignal();
  process.stdout.write('\n  Aisle, on this machine\n\n');
  try {
    const startedAtMs = performance.now();
    const cloud = await startCloud({
      ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
      ...(options.port !== undefined && { port: options.port }),
      onLog: screen.log,
    });
    introduce(cloud, options, screen, performance.now() - startedAtMs);
    try {
      if (options.simulates) await simulate(cloud, options.dataDir, screen, stopping);
      await stopped(stopping);
    } finally {
      await cloud.close();
    }
    process.stdout.write('\n  Stopped.\n');
  } catch (error) {
    // Ctrl-C reaches the synthesis as well, which then fails because it was told to.
    if (stopping.aborted) return;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

function introduce(cloud: Cloud, { dataDir }: StartOptions, screen: Screen, tookMs: number): void {
  const { functions, tables, streams, queues } = cloud.description;
  const parts = `${functions.length} functions, ${tables.length} tables, ${streams.length} stream, ${queues.length} queues`;
  screen.fact('Running', `${parts}, started in ${(tookMs / 1000).toFixed(1)} s`);
  screen.fact('Open', cloud.url);
  screen.fact('Be', `${DEMO_STAFF.map(({ id }) => id).join(', ')} (no password)`);
  screen.fact('API', `${cloud.url}/docs`);
  screen.fact('Phones', cloud.inboxUrl);
  screen.fact('Command', 'npx aisle --help');
  screen.fact('Data', dataDir === undefined ? 'forgotten on exit; --data DIR keeps it' : resolve(dataDir));
  screen.fact('Stop', 'Ctrl-C');
  process.stdout.write('\n');
}

/** Aborts on the first SIGINT or SIGTERM, and ends the process at once on the second. */
function stopOnSignal(): AbortSignal {
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) process.exit(EXIT_FORCED);
    stopping.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stopping.signal;
}

/** The front door's open port is what keeps the process waiting. */
function stopped(stopping: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (stopping.aborted) done();
    else stopping.addEventListener('abort', () => done());
  });
}
