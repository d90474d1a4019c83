/**
 * `npm start`: all of Aisle on this machine, until a signal stops it. The first SIGINT or SIGTERM stops
 * everything in order, with exit code 0; a second one ends the process at once.
 */
import { resolve } from 'node:path';
import { type Cloud, startCloud } from './cloud.ts';
import { DEMO_STAFF } from './demo-staff.ts';
import { HELP, parseOptions, type StartOptions } from './main/options.ts';
import { createScreen, type Screen } from './main/screen.ts';
import { simulate } from './main/simulate.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** The conventional exit code of a process that SIGINT ended. */
const EXIT_FORCED = 130;

const parsed = parseOptions(process.argv.slice(2), process.env);
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'invalid':
    process.stderr.write(`${parsed.why}\n\n${HELP}`);
    process.exitCode = EXIT_USAGE;
    break;
  case 'start':
    await main(parsed.options);
}

async function main(options: StartOptions): Promise<void> {
  const screen = createScreen((line) => process.stdout.write(`${line}\n`), options.isVerbose);
  const stop = stopOnSignal();
  process.stdout.write('\n  Aisle, on this machine\n\n');
  try {
    const startedAtMs = performance.now();
    const cloud = await startCloud({
      ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
      ...(options.port !== undefined && { port: options.port }),
      onLog: screen.log,
    });
    printStart(cloud, options, screen, performance.now() - startedAtMs);
    try {
      if (options.simulates) await simulate(cloud, options.dataDir, screen, stop);
      await stopped(stop);
    } finally {
      await cloud.close();
    }
    process.stdout.write('\n  Stopped.\n');
  } catch (error) {
    // Ctrl-C also ends the process of the synthesis, which then reports a failure.
    if (stop.aborted) return;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

function printStart(cloud: Cloud, { dataDir }: StartOptions, screen: Screen, tookMs: number): void {
  const { functions, tables, streams, queues } = cloud.description;
  const parts = `${functions.length} functions, ${tables.length} tables, ${streams.length} stream, ${queues.length} queues`;
  screen.fact('Running', `${parts}, started in ${(tookMs / 1000).toFixed(1)} s`);
  screen.fact('Open', cloud.url);
  screen.fact('Sign in as', `${DEMO_STAFF.map(({ id }) => id).join(', ')} (no password)`);
  screen.fact('API', `${cloud.url}/docs`);
  screen.fact('Phones', cloud.inboxUrl);
  screen.fact('Command', 'npx aisle --help');
  screen.fact(
    'Data',
    dataDir === undefined ? 'in memory; --data DIR keeps it over restarts' : resolve(dataDir),
  );
  screen.fact('Stop', 'Ctrl-C');
  process.stdout.write('\n');
}

/** Returns a signal that the first SIGINT or SIGTERM aborts; the second one ends the process at once. */
function stopOnSignal(): AbortSignal {
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) process.exit(EXIT_FORCED);
    stopping.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stopping.signal;
}

/**
 * Resolves when the signal is aborted; the open port of the local cloud keeps the process alive until then.
 */
function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (stop.aborted) done();
    else stop.addEventListener('abort', () => done());
  });
}
