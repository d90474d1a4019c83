/**
 * The local cloud: everything the template declares, on one machine, in one process. It reads the synthesised
 * template, starts wire-level servers, creates what is declared, runs the functions, and opens one address.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { clientEnvironment, type Endpoints, openClients } from './cloud/clients.ts';
import { type Closing, createClosing } from './cloud/closing.ts';
import { cloudFileOf, removeCloudFile, runningCloud, writeCloudFile } from './cloud/cloud-file.ts';
import { createResources } from './cloud/create-resources.ts';
import { openHttpEntrypoint } from './cloud/http-entrypoint.ts';
import { createLazyFaceEngine } from './cloud/lazy-face-engine.ts';
import { settleAll } from './cloud/settle-all.ts';
import { startEventSources } from './cloud/start-event-sources.ts';
import { type Functions, startFunctions } from './cloud/start-functions.ts';
import { synthesise } from './cloud/synthesise.ts';
import { DEMO_STAFF } from './demo-staff.ts';
import type { EventSource } from './event-sources/event-source.ts';
import { openCheckpoints } from './event-sources/kinesis/checkpoints.ts';
import { startDynamoDb } from './servers/dynamodb/server.ts';
import { startTtlSweep, type TtlTable } from './servers/dynamodb/ttl-sweep.ts';
import { createHttpApi, type HttpApi } from './servers/http-api/http-api.ts';
import { serveStaticFiles } from './servers/http-api/static-files.ts';
import type { Note } from './servers/inbox/api.ts';
import { INBOX_PATH, openInbox } from './servers/inbox/inbox.ts';
import { startKinesis } from './servers/kinesis/server.ts';
import { startLocation } from './servers/location/server.ts';
import { openIssuer } from './servers/oidc/issuer.ts';
import type { StaffMember } from './servers/oidc/staff.ts';
import { startRekognition } from './servers/rekognition/server.ts';
import { type SnsServer, startSns } from './servers/sns/server.ts';
import { startSqs } from './servers/sqs/server.ts';
import type { CloudDescription, HttpApiDescription, ThrottleDescription } from './template/description.ts';
import { readAssembly } from './template/read-assembly.ts';

/** One line worth keeping: what a function printed, an access line, or a trouble the cloud got over. */
export interface CloudLog {
  readonly source: 'function' | 'access' | 'trouble';
  /** The function's folder, the API's name, or what was being done. */
  readonly name: string;
  readonly text: string;
}

export interface CloudOptions {
  /** Where state is kept over restarts; in memory, and gone on close, when not given. */
  readonly dataDir?: string;
  /** Exactly this port, 0 for any; 4280 or the next free one when not given. */
  readonly port?: number;
  /** A cloud assembly made earlier; the CDK app is run when not given. */
  readonly assemblyDir?: string;
  readonly onLog?: (line: CloudLog) => void;
  /** Who one may sign in as. */
  readonly people?: readonly StaffMember[];
  /** Instead of the template's limits on requests; `off` lifts them and those of the stream. */
  readonly throttle?: ThrottleDescription | 'off';
}

export interface Cloud {
  /** The one address: the web app, the API and the sign-in. */
  readonly url: string;
  readonly endpoints: Endpoints;
  /** For the environment of whoever shall talk to the local servers. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: CloudDescription;
  /** The note by which the `aisle` command finds this cloud. */
  readonly cloudFile: string;
  /** Where phones can be looked at to which pushes are sent. */
  readonly inboxUrl: string;
  /** What the phone with this push token was sent, the oldest first; as its app would be told it. */
  receivedBy(pushToken: string): readonly Note[];
  /**
   * Runs the schedules of a function (named by its folder, `sync-fences`) now instead of when their rates come due, and
   * resolves when the function has finished. A failed run is not retried.
   *
   * @throws where no schedule of the template targets the function, or the function fails
   */
  runSchedule(functionFolder: string): Promise<void>;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..');
const WEB_DIR = join(ROOT, 'dist', 'web');
/** The public client the web app is, in place of the user pool's. */
const CLIENT_ID = 'aisle-web';
const DRAIN_MS_MAX = 2_000;
const UNTHROTTLED: ThrottleDescription = { ratePerSecond: 1_000_000, burst: 1_000_000 };

/**
 * Starts the local cloud. The process is put on UTC, as Lambda's are: its worker threads share the time zone.
 * Throws when a cloud is running on the same data already, and leaves nothing open when it throws.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  process.env['TZ'] = 'UTC';
  const closing = createClosing();
  try {
    return await open(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function open(options: CloudOptions, closing: Closing): Promise<Cloud> {
  const { onLog = () => {}, people = DEMO_STAFF, throttle } = options;
  const onTrouble = (name: string, error: unknown) => onLog({ source: 'trouble', name, text: String(error) });
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  const cloudFile = join(dataDir ?? join(ROOT, '.aisle'), 'cloud.json');
  if (dataDir !== undefined) prepareData(dataDir, cloudFile);

  const assemblyDir = options.assemblyDir ?? scratchDir(closing);
  // Events come out of servers that are there before anybody can say who waits for them.
  let onEvent: (event: unknown) => void = () => {};
  const [{ endpoints, sns }, door] = await settleAll([
    startServers({ dataDir, isUnthrottled: throttle === 'off', onEvent: (event) => onEvent(event) }, closing),
    closing.opened(openHttpEntrypoint(options.port)),
    options.assemblyDir === undefined && synthesise(assemblyDir),
  ]);
  const issuer = await openIssuer({ origin: door.url, clientId: CLIENT_ID, staff: people, dataDir });
  const description = readAssembly(assemblyDir, {
    sqsUrl: endpoints.sqs,
    apiUrl: door.url,
    issuer: issuer.issuer,
    clientId: CLIENT_ID,
  });

  const clients = openClients(endpoints);
  closing.add(() => clients.destroy());
  await createResources(description, clients);

  const env = clientEnvironment(endpoints);
  const functions = startFunctions({
    functions: description.functions,
    env,
    onLog: (name, { text }) => onLog({ source: 'function', name, text }),
  });
  const checkpoints = openCheckpoints(dataDir);
  closing.add(() => checkpoints.close());
  const eventSources = startEventSources({ cloud: description, clients, functions, checkpoints, onTrouble });
  onEvent = eventSources.publish;
  closing.add(() => stopWork(eventSources, functions));
  const sweep = startTtlSweep({
    client: clients.dynamodb,
    tables: expiringTables(description),
    onError: onTrouble,
  });
  closing.add(() => sweep.close());

  const api = openApi(description, functions, throttle, onLog);
  const web = serveStaticFiles({
    dir: WEB_DIR,
    config: { issuer: issuer.issuer, clientId: CLIENT_ID, apiUrl: door.url },
    headers: description.webHeaders,
  });
  const inbox = openInbox(sns);
  door.open((message, response) => {
    const path = message.url?.split('?')[0] ?? '/';
    if (issuer.owns(path)) return issuer.handle(message, response);
    if (inbox.owns(path)) return inbox.handle(message, response);
    if (api.owns(path)) return api.handle(message, response);
    if (message.headers.host?.startsWith('localhost')) return sendHome(response, door.url + path);
    return web.handle(message, response);
  });
  // Closed before what stands behind it: who is still inside gets an answer, and nobody new comes in.
  closing.add(() => door.close());

  writeCloudFile(cloudFile, cloudFileOf(description, { url: door.url, endpoints, dataDir }));
  closing.add(() => removeCloudFile(cloudFile, door.url));
  return {
    url: door.url,
    endpoints,
    env,
    description,
    cloudFile,
    inboxUrl: door.url + INBOX_PATH,
    receivedBy: inbox.receivedBy,
    runSchedule: eventSources.runSchedule,
    close: () => closing.run(),
  };
}

/** The app has one origin, which the issuer sends people back to: `localhost` is another, though it is the same machine. */
async function sendHome(response: ServerResponse, location: string): Promise<void> {
  response.writeHead(302, { location }).end();
}

/** Two clouds on the same files would each believe the queues and the stream to be theirs alone. */
function prepareData(dataDir: string, cloudFile: string): void {
  mkdirSync(dataDir, { recursive: true });
  const url = runningCloud(cloudFile);
  if (url) throw new Error(`a local cloud is running on ${dataDir} already, at ${url}`);
}

/** For the assembly, which holds the functions' code while they run. */
function scratchDir(closing: Closing): string {
  const dir = mkdtempSync(join(tmpdir(), 'aisle-'));
  closing.add(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

interface ServersSetup {
  readonly dataDir: string | undefined;
  readonly isUnthrottled: boolean;
  readonly onEvent: (event: unknown) => void;
}

async function startServers(
  { dataDir, isUnthrottled, onEvent }: ServersSetup,
  closing: Closing,
): Promise<{ readonly endpoints: Endpoints; readonly sns: SnsServer }> {
  const faces = createLazyFaceEngine();
  closing.add(() => faces.close());
  const [dynamodb, kinesis, sqs, rekognition, location, sns] = await settleAll([
    closing.opened(startDynamoDb({ dataDir })),
    closing.opened(startKinesis({ dataDir, ...(isUnthrottled && { throttle: 'off' }) })),
    closing.opened(startSqs({ dataDir })),
    closing.opened(startRekognition({ dataDir, faces })),
    closing.opened(startLocation({ dataDir, onEvent })),
    closing.opened(startSns({ dataDir })),
  ]);
  const endpoints = {
    dynamodb: dynamodb.url,
    kinesis: kinesis.url,
    sqs: sqs.url,
    rekognition: rekognition.url,
    location: location.url,
    sns: sns.url,
  };
  return { endpoints, sns };
}

/**
 * Lets the batches under way finish, but not for as long as a function may run: whoever pressed Ctrl-C is waiting.
 * What is cut off was not checkpointed or deleted, so it comes again after a restart, as after a crash.
 */
async function stopWork(eventSources: EventSource, functions: Functions): Promise<void> {
  const finished = eventSources.close();
  const { promise: patienceOver, resolve: giveUp } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, DRAIN_MS_MAX);
  await Promise.race([finished, patienceOver]);
  clearTimeout(timer);
  await functions.close();
  await finished;
}

/** The template's one HTTP API, under other limits where the caller has some. */
function openApi(
  description: CloudDescription,
  functions: Functions,
  throttle: CloudOptions['throttle'],
  onLog: (line: CloudLog) => void,
): HttpApi {
  const [api, ...others] = description.httpApis;
  if (!api || others.length > 0)
    throw new Error(`one HTTP API is served locally, not ${description.httpApis.length}`);
  return createHttpApi(
    throttle === undefined ? api : limitedTo(throttle === 'off' ? UNTHROTTLED : throttle, api),
    {
      invoke: functions.invoke,
      onAccess: (text) => onLog({ source: 'access', name: api.name, text }),
    },
  );
}

function limitedTo(throttle: ThrottleDescription, api: HttpApiDescription): HttpApiDescription {
  return { ...api, throttle, routes: api.routes.map(({ throttle: _, ...route }) => route) };
}

function expiringTables({ tables }: CloudDescription): TtlTable[] {
  return tables.flatMap(({ tableName, ttlAttribute }) =>
    ttlAttribute === undefined ? [] : [{ tableName, attribute: ttlAttribute }],
  );
}
