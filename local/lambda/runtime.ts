/**
 * The inside of a sandbox: the entry point of its worker thread, in the place of Lambda's Node runtime.
 *
 * It imports the bundle once (the cold start), then answers one event at a time until it is ended. An
 * error nobody caught takes the sandbox down after it has been reported, as it does on Lambda.
 */
import { pathToFileURL } from 'node:url';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { lambdaContext } from './context.ts';
import { describeThrown, type FunctionError } from './invocation.ts';
import { encodeAnswer } from './payload.ts';
import type { EventMessage, SandboxSetup, WorkerMessage } from './protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

type Loaded =
  | { readonly kind: 'handler'; readonly handler: Handler }
  | { readonly kind: 'broken'; readonly error: FunctionError };

/** The exit status Lambda's runtime leaves with when an error reached nobody. */
const UNCAUGHT_STATUS = 129;

const setup = workerData as SandboxSetup;
const port = requireParentPort();

function requireParentPort(): MessagePort {
  if (parentPort === null) throw new Error('the Lambda runtime runs only inside a worker thread');
  return parentPort;
}

function say(message: WorkerMessage): void {
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
  // The runtime tells a callback handler by its third parameter and refuses it before the first event.
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

async function answer(handler: Handler, message: EventMessage): Promise<WorkerMessage> {
  const context = lambdaContext({ ...message, functionArn: setup.functionArn }, process.env);
  try {
    const encoded = encodeAnswer(await handler(JSON.parse(message.payload), context));
    if (encoded.kind === 'refused') return { kind: 'failed', error: encoded.error };
    return { kind: 'answered', payload: encoded.text };
  } catch (thrown) {
    const error = describeThrown(thrown);
    write('Invoke Error', error);
    return { kind: 'failed', error };
  }
}

/** As the runtime writes it to the function's log: whoever invoked it may be a mapping, which tells nobody. */
function write(what: string, { errorType, errorMessage, trace }: FunctionError): void {
  console.error(`ERROR ${what} ${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

function reportAndExit(error: FunctionError): void {
  say({ kind: 'broken', error });
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
  write('Init Error', loaded.error);
  say({ kind: 'broken', error: loaded.error });
} else {
  const { handler } = loaded;
  port.on('message', (message: EventMessage) => void answer(handler, message).then(say));
  say({ kind: 'ready' });
}
