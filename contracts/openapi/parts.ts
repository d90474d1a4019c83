/** The parts of operations, and the responses that many operations share. */
import type * as v from 'valibot';
import { EXAMPLES, type ExampleName } from './examples.ts';
import { type JsonSchema, parameterSchema, refTo } from './schemas.ts';

export interface MediaType {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example: string | number;
}

export interface ResponseHeader {
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface OperationResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, ResponseHeader>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: true;
    readonly description: string;
    readonly content: Readonly<Record<string, MediaType>>;
  };
  readonly responses: Readonly<Record<string, OperationResponse>>;
}

/** Returns a media type with a schema and examples by name. */
export function media(schema: JsonSchema, ...names: readonly ExampleName[]): MediaType {
  const examples = names.map((name) => {
    const { summary, value } = EXAMPLES[name];
    return [name, { summary, value }] as const;
  });
  return examples.length === 0 ? { schema } : { schema, examples: Object.fromEntries(examples) };
}

/** Returns the content of a JSON response. */
export const json = (content: MediaType) => ({ 'application/json': content });
/** Returns the content of a response with problem details. */
export const problemDetails = (...names: readonly ExampleName[]) => ({
  'application/problem+json': media(refTo('Problem'), ...names),
});
/** Returns the content of a response of the gateway itself. */
export const fromGateway = (message: string): { 'application/json': MediaType } => ({
  'application/json': {
    schema: refTo('GatewayMessage'),
    examples: { gateway: { summary: 'From the gateway itself.', value: { message } } },
  },
});

export const RETRY_AFTER = {
  'Retry-After': {
    description:
      'Seconds to wait before the retry. Absent in responses of the gateway itself: wait one second.',
    schema: { type: 'integer', minimum: 1 },
  },
} as const;

export const SERVER_ERROR: OperationResponse = {
  description: 'An error of the service. Retry later; no fact is ever counted twice.',
  content: problemDetails('internal'),
};

export const KEY_NEEDED: OperationResponse = {
  description: 'The key is missing or not valid. Without the header the response is from the gateway itself.',
  headers: {
    'WWW-Authenticate': { description: 'The scheme: Bearer.', schema: { type: 'string' } },
  },
  content: { ...problemDetails('invalidKey'), ...fromGateway('Unauthorized') },
};

export const BUSY: OperationResponse = {
  description: 'Too many requests. Retry after one second.',
  content: fromGateway('Too Many Requests'),
};

export const SIGN_IN_NEEDED: OperationResponse = {
  description: 'The access token is missing or expired. Sign in again.',
  content: fromGateway('Unauthorized'),
};

type QuerySchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> };

/**
 * Returns the parameters of a query, with the description and the first example of each field.
 *
 * @throws Error for a field without a description or an example
 */
export const parametersOf = ({ entries }: QuerySchema): Parameter[] =>
  Object.entries(entries).map(([name, entry]) => {
    const { description, examples = [], ...schema } = parameterSchema(entry);
    const [example] = examples;
    if (description === undefined || (typeof example !== 'string' && typeof example !== 'number'))
      throw new Error(`the parameter ${name} has no description or no example`);
    return { name, in: 'query', required: entry.type !== 'optional', description, schema, example };
  });

/** The error responses of every query for a scope. */
export const SCOPE_ERRORS = {
  400: { description: 'The query is not valid.', content: problemDetails('invalidQuery') },
  401: SIGN_IN_NEEDED,
  403: { description: 'The access token does not grant the scope.', content: problemDetails('scopeNotHeld') },
  404: { description: 'There is no store in the scope.', content: problemDetails('emptyScope') },
  429: BUSY,
  500: SERVER_ERROR,
};
