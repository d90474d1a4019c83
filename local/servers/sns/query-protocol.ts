/**
 * AWS's Query protocol: one form-encoded POST per call, which names its operation in `Action`, and XML back.
 *
 * A form is flat, so structure is spelled out in its names: `Attributes.entry.1.key=Enabled`. Everything is text.
 * Signatures are not checked: the servers listen on the loopback interface only, and any credentials will do.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { HttpRequest, HttpResponse } from '../wire/http-server.ts';
import type { Call, Operation, ToError } from '../wire/json-service.ts';

export interface QueryService {
  readonly xmlNamespace: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly toError: ToError;
  readonly unknownAction: (action: string) => AwsError;
}

const XML = { 'content-type': 'text/xml' };

/** Runs the operation that an HTTP request names and returns its output, or its error, as a response. */
export async function handleQuery(service: QueryService, request: HttpRequest): Promise<HttpResponse> {
  const requestId = randomUUID();
  const headers = { ...XML, 'x-amzn-requestid': requestId };
  const metadata = `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata>`;
  const wrap = (name: string, inside: string) =>
    `<${name} xmlns="${service.xmlNamespace}">${inside}</${name}>\n`;
  const call: Call = { signal: request.signal, origin: `http://${request.headers.host}` };
  try {
    const { Action: action, ...input } = readForm(request.body.toString('utf8'));
    const name = typeof action === 'string' ? action : '';
    const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (operation === undefined) throw service.unknownAction(name);
    const output = await operation(input, call, service.toError);
    const result = output === undefined ? '' : `<${name}Result>${toXml(output)}</${name}Result>`;
    return { status: 200, headers, body: wrap(`${name}Response`, result + metadata) };
  } catch (error) {
    const { code, message, status } = error instanceof AwsError ? error : internalError(error);
    const details = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
    const body = wrap('ErrorResponse', toXml({ Error: details, RequestId: requestId }));
    return { status, headers, body };
  }
}

/** A form's names, split at their dots, as a tree. */
type Level = Map<string, Level | string>;

function readForm(form: string): Record<string, unknown> {
  const root: Level = new Map();
  for (const [name, value] of new URLSearchParams(form)) {
    const steps = name.split('.');
    const last = steps.pop() ?? '';
    let level = root;
    for (const step of steps) {
      const next = level.get(step);
      const below: Level = next instanceof Map ? next : new Map();
      level.set(step, below);
      level = below;
    }
    level.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, value]) => [name, readLevel(value)]));
}

function readLevel(level: Level | string): unknown {
  if (typeof level === 'string') return level;
  const entries = level.get('entry');
  if (entries instanceof Map) return Object.fromEntries([...entries.values()].map(readEntry));
  const members = level.get('member');
  if (members instanceof Map) return [...members.values()].map(readLevel);
  return Object.fromEntries([...level].map(([name, value]) => [name, readLevel(value)]));
}

/** Returns an entry of a map. Maps of texts have key and value; maps of message attributes, Name and Value. */
function readEntry(entry: Level | string): [string, unknown] {
  const level: Level = typeof entry === 'string' ? new Map() : entry;
  const key = level.get('key') ?? level.get('Name');
  const value = level.get('value') ?? level.get('Value');
  return [typeof key === 'string' ? key : '', value === undefined ? undefined : readLevel(value)];
}

/** Returns a value as XML, lists as members and maps as entries. */
function toXml(value: unknown): string {
  if (value === undefined) return '';
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => `<entry>${element('key', key)}${element('value', item)}</entry>`)
      .join('');
  }
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => element(name, item))
      .join('');
  }
  return escapeXml(String(value));
}

function element(name: string, value: unknown): string {
  return `<${name}>${toXml(value)}</${name}>`;
}

/** Returns text with references for markup, and for carriage returns, which XML parsers turn into line feeds. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Returns the error for a defect of the server: clients may retry it; the cause is printed and never sent. */
function internalError(error: unknown): AwsError {
  console.error(error);
  return new AwsError('InternalError', 'The request processing has failed because of an internal error.', {
    status: 500,
  });
}
