/**
 * The inside of a sandbox: the entry point of its worker thread, in place of Lambda's Node runtime.
 *
 * It imports the bundle once (the cold start) and then runs one event at a time until it is ended. An
 * uncaught error is reported and ends the sandbox, as on Lambda.
 */
import { pathToFileURL } from 'node:url';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { lambdaContext } from './context.ts';
import { describeThrown, type FunctionError } from './invocation.ts';
import { encodeResponse } from './payload.ts';
import type { EventMessage, SandboxSetup, WorkerMessage } from './protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

type Loaded =
  | { readonly kind: 'handler'; readonly handler: Handler }
  | { readonly kind: 'broken'; readonly error: FunctionError };

/** The exit status of Lambda's runtime after an uncaught error. */
const UNCAUGHT_STATUS = 129;

const setup = workerData as SandboxSetup;
const port = requireParentPort();

function requireParentPort(): MessagePort {
  if (parentPort === null) throw new Error('the Lambda runtime runs only inside a worker thread');
  return parentPort;
}

function send(message: WorkerMessage): void {
  port.postMessage(message);
}

async function load(): Promise<Loaded> {
  let bundle: Record<string, unknown>;
  try {
    bundle = (await import(pathToFileURL(setup.bundlePath).href)) as Record<string, unknown>;
  } catch (thrown) {
    return { kind: 'broken', error: describeImportFailure(thrown) };
  }
  const handler = bundle[setup.handlerName];
  if (typeof handler !== 'function') {
    return broken('Runtime.HandlerNotFound', `index.${setup.handlerName} is undefined or not exported`);
  }
  // The runtime recognises a callback handler by its third parameter and rejects it before the first event.
  if (handler.length > 2) {
    const message = 'AWS Lambda has removed support for callback-based function handlers';
    return broken('Runtime.CallbackHandlerDeprecated', message);
  }
  return { kind: 'handler', handler: handler as Handler };
}

function broken(errorType: string, errorMessage: string): Loaded {
  return { kind: 'broken', error: { errorType, errorMessage, trace: [] } };
}

function describeImportFailure(thrown: unknown): FunctionError {
  const error = describeThrown(thrown);
  if ((thrown as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') {
    return { ...error, errorType: 'Runtime.ImportModuleError', errorMessage: `Error: ${error.errorMessage}` };
  }
  if (thrown instanceof SyntaxError) return { ...error, errorType: 'Runtime.UserCodeSyntaxError' };
  return error;
}

async function run(handler: Handler, message: EventMessage): Promise<WorkerMessage> {
  const context = lambdaContext({ ...message, functionArn: setup.functionArn }, process.env);
  try {
    const encoded = encodeResponse(await handler(JSON.parse(message.payload), context));
    if (encoded.kind === 'rejected') return { kind: 'failed', error: encoded.error };
    return { kind: 'succeeded', payload: encoded.text };
  } catch (thrown) {
    const error = describeThrown(thrown);
    logError('Invoke Error', error);
    return { kind: 'failed', error };
  }
}

/**
 * Writes an error to the function's log as the runtime does: a mapping that invoked it does not report it
 * elsewhere.
 */
function logError(what: string, { errorType, errorMessage, trace }: FunctionError): void {
  console.error(`ERROR ${what} ${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

function reportAndExit(error: FunctionError): void {
  send({ kind: 'broken', error });
  process.exit(UNCAUGHT_STATUS);
}

process.on('uncaughtException', (error) => reportAndExit(describeThrown(error)));
process.on('unhandledRejection', (reason) => {
  const { errorMessage, errorType, trace } = describeThrown(reason);
  reportAndExit({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: `${errorType}: ${errorMessage}`,
    trace,
  });
});

const loaded = await load();
if (loaded.kind === 'broken') {
  logError('Init Error', loaded.error);
  send({ kind: 'broken', error: loaded.error });
} else {
  const { handler } = loaded;
  port.on('message', (message: EventMessage) => void run(handler, message).then(send));
  send({ kind: 'ready' });
}
