/**
 * The local cloud: everything that the template declares, on one machine and in one process. It reads the
 * synthesised template, starts wire-level servers, creates the declared resources, runs the functions, and
 * serves one address.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { clientEnvironment, type Endpoints, openClients } from './cloud/clients.ts';
import { cloudFileOf, removeCloudFile, runningCloud, writeCloudFile } from './cloud/cloud-file.ts';
import { createResources } from './cloud/create-resources.ts';
import { openHttpEntrypoint } from './cloud/http-entrypoint.ts';
import { serveRequests } from './cloud/serve-requests.ts';
import { settleAll } from './cloud/settle-all.ts';
import { type EventSources, startEventSources } from './cloud/start-event-sources.ts';
import { type Functions, startFunctions } from './cloud/start-functions.ts';
import { adopt, startServers } from './cloud/start-servers.ts';
import { synthesise } from './cloud/synthesise.ts';
import { DEMO_STAFF } from './demo-staff.ts';
import type { EventSource } from './event-sources/event-source.ts';
import { openCheckpoints } from './event-sources/kinesis/checkpoints.ts';
import { startTtlSweep, type TtlTable } from './servers/dynamodb/ttl-sweep.ts';
import type { Note } from './servers/inbox/api.ts';
import { INBOX_PATH, openInbox } from './servers/inbox/inbox.ts';
import { openIssuer } from './servers/oidc/issuer.ts';
import type { CloudDescription, ThrottleDescription } from './template/description.ts';
import { readAssembly } from './template/read-assembly.ts';

/**
 * One line of output: printed by a function, written to the access log, or reporting a failure that was
 * survived.
 */
export interface CloudLog {
  readonly source: 'function' | 'access' | 'error';
  /** The function's folder, the API's name, or the failed task. */
  readonly name: string;
  readonly text: string;
}

export interface CloudOptions {
  /** Folder that keeps the state over restarts; where absent, the state is in memory and lost on close. */
  readonly dataDir?: string;
  /** Exactly this port, 0 for any free one; where absent, 4280 or the next free one. */
  readonly port?: number;
  /** A cloud assembly synthesised earlier; where absent, the CDK app is run. */
  readonly assemblyDir?: string;
  readonly onLog?: (line: CloudLog) => void;
  /** Limits in place of the template's limits on requests; `off` lifts those and the stream's. */
  readonly throttle?: ThrottleDescription | 'off';
}

export interface Cloud {
  /** The one address: the web app, the API and the sign-in. */
  readonly url: string;
  readonly endpoints: Endpoints;
  /** Environment variables that direct an SDK or the AWS CLI to the local servers. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: CloudDescription;
  /** The file by which the `aisle` command finds this cloud. */
  readonly cloudFile: string;
  /** The page that shows the pushes each phone received. */
  readonly inboxUrl: string;
  /**
   * Returns the pushes that the phone with this token received, the oldest first, as its app would show them.
   */
  receivedBy(pushToken: string): readonly Note[];
  /**
   * Runs the schedules of a function (named by its folder, `sync-geofences`) now instead of when their rates
   * come due, and resolves when the function has finished. A failed run is not retried.
   *
   * @throws where no schedule of the template targets the function, or the function fails
   */
  runSchedule(functionFolder: string): Promise<void>;
  /** Finishes the batches under way, for a bounded time, and stops everything. */
  close(): Promise<void>;
}

type OnLog = (line: CloudLog) => void;
type OnError = (name: string, error: unknown) => void;

const ROOT = join(import.meta.dirname, '..');
/** The OIDC client of the web app, in place of the user pool's. */
const CLIENT_ID = 'aisle-web';
const DRAIN_MS_MAX = 2_000;

/**
 * Starts the local cloud and returns it. Sets the process's time zone to UTC, as Lambda does: worker threads
 * share it.
 *
 * @throws where a cloud is running on the same data, or a part cannot start; nothing stays open then
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  process.env['TZ'] = 'UTC';
  await using stack = new AsyncDisposableStack();
  const cloud = await open(options, stack);
  const running = stack.move();
  return { ...cloud, close: () => running.disposeAsync() };
}

async function open(options: CloudOptions, stack: AsyncDisposableStack): Promise<Omit<Cloud, 'close'>> {
  const { onLog = () => {}, throttle } = options;
  const onError: OnError = (name, error) => onLog({ source: 'error', name, text: String(error) });
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  const cloudFile = join(dataDir ?? join(ROOT, '.aisle'), 'cloud.json');
  if (dataDir !== undefined) prepareData(dataDir, cloudFile);

  const assemblyDir = options.assemblyDir ?? scratchDir(stack);
  // The servers that publish events start before the rules that receive them.
  let onEvent: (event: unknown) => void = () => {};
  const [{ endpoints, sns }, entrypoint] = await settleAll([
    startServers({ dataDir, isUnthrottled: throttle === 'off', onEvent: (event) => onEvent(event) }, stack),
    adopt(openHttpEntrypoint(options.port), stack),
    options.assemblyDir === undefined && synthesise(assemblyDir),
  ]);
  const { url } = entrypoint;
  const issuer = await openIssuer({ origin: url, clientId: CLIENT_ID, staff: DEMO_STAFF, dataDir });
  const addresses = { sqsUrl: endpoints.sqs, apiUrl: url, issuer: issuer.issuer, clientId: CLIENT_ID };
  const description = readAssembly(assemblyDir, addresses);

  const { functions, eventSources } = await startWork(
    { description, endpoints, dataDir, onLog, onError },
    stack,
  );
  onEvent = eventSources.publish;

  const inbox = openInbox(sns);
  const onAccess = (name: string, text: string) => onLog({ source: 'access', name, text });
  entrypoint.open(
    serveRequests({ description, functions, issuer, inbox, url, clientId: CLIENT_ID, throttle, onAccess }),
  );
  // Closed again here, before the functions behind it: requests under way get a response, and no new ones
  // enter.
  stack.defer(() => entrypoint.close());

  writeCloudFile(cloudFile, cloudFileOf(description, { url, endpoints, dataDir }));
  stack.defer(() => removeCloudFile(cloudFile, url));
  return {
    url,
    endpoints,
    env: clientEnvironment(endpoints),
    description,
    cloudFile,
    inboxUrl: url + INBOX_PATH,
    receivedBy: inbox.receivedBy,
    runSchedule: eventSources.runSchedule,
  };
}

interface WorkSetup {
  readonly description: CloudDescription;
  readonly endpoints: Endpoints;
  readonly dataDir: string | undefined;
  readonly onLog: OnLog;
  readonly onError: OnError;
}

/** Creates the resources, and starts the functions and what invokes them without a request. */
async function startWork(
  { description, endpoints, dataDir, onLog, onError }: WorkSetup,
  stack: AsyncDisposableStack,
): Promise<{ readonly functions: Functions; readonly eventSources: EventSources }> {
  const clients = openClients(endpoints);
  stack.defer(() => clients.destroy());
  await createResources(description, clients);

  const functions = startFunctions({
    functions: description.functions,
    env: clientEnvironment(endpoints),
    onLog: (name, { text }) => onLog({ source: 'function', name, text }),
  });
  const checkpoints = openCheckpoints(dataDir);
  stack.defer(() => checkpoints.close());
  const eventSources = startEventSources({ cloud: description, clients, functions, checkpoints, onError });
  stack.defer(() => stopWork(eventSources, functions));
  const sweep = startTtlSweep({ client: clients.dynamodb, tables: expiringTables(description), onError });
  stack.defer(() => sweep.close());
  return { functions, eventSources };
}

/** The data are customers': no other user of the machine may read them. */
const OWNER_ONLY = 0o700;

/** Two clouds on the same files would each treat the queues and the stream as their own. */
function prepareData(dataDir: string, cloudFile: string): void {
  mkdirSync(dataDir, { recursive: true, mode: OWNER_ONLY });
  // It may have existed before, or been created with other permissions.
  chmodSync(dataDir, OWNER_ONLY);
  const url = runningCloud(cloudFile);
  if (url) throw new Error(`a local cloud is already running on ${dataDir}, at ${url}`);
}

/** Creates a folder for the assembly, which holds the functions' code while they run. */
function scratchDir(stack: AsyncDisposableStack): string {
  const dir = mkdtempSync(join(tmpdir(), 'aisle-'));
  stack.defer(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/**
 * Lets the batches under way finish, but not for as long as a function may run: after Ctrl-C the user waits.
 * A batch that is cut off was not checkpointed or deleted, so it is delivered again after a restart, as after
 * a crash.
 */
async function stopWork(eventSources: EventSource, functions: Functions): Promise<void> {
  const finished = eventSources.close();
  const { promise: drainTimeout, resolve: stopWaiting } = Promise.withResolvers<void>();
  const timer = setTimeout(stopWaiting, DRAIN_MS_MAX);
  await Promise.race([finished, drainTimeout]);
  clearTimeout(timer);
  await functions.close();
  await finished;
}

function expiringTables({ tables }: CloudDescription): TtlTable[] {
  return tables.flatMap(({ tableName, ttlAttribute }) =>
    ttlAttribute === undefined ? [] : [{ tableName, attribute: ttlAttribute }],
  );
}
