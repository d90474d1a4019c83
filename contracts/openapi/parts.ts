/** What the operations of the document are made of, and what they are all answered with. */
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

export function media(schema: JsonSchema, ...names: readonly ExampleName[]): MediaType {
  const examples = names.map((name) => {
    const { summary, value } = EXAMPLES[name];
    return [name, { summary, value }] as const;
  });
  return examples.length === 0 ? { schema } : { schema, examples: Object.fromEntries(examples) };
}

export const json = (content: MediaType) => ({ 'application/json': content });
export const problemDetails = (...names: readonly ExampleName[]) => ({
  'application/problem+json': media(refTo('Problem'), ...names),
});
export const fromGateway = (message: string): { 'application/json': MediaType } => ({
  'application/json': {
    schema: refTo('GatewayMessage'),
    examples: { gateway: { summary: 'From the gateway itself.', value: { message } } },
  },
});

export const RETRY_AFTER = {
  'Retry-After': {
    description:
      'Seconds to wait before sending again. Absent where the gateway itself answers: wait one second.',
    schema: { type: 'integer', minimum: 1 },
  },
} as const;

export const OUR_FAULT: OperationResponse = {
  description: 'Something broke here. Send again later; nothing is ever counted twice.',
  content: problemDetails('internal'),
};

export const KEY_NEEDED: OperationResponse = {
  description: 'No key, or none that is known and good. From the gateway itself where the header is missing.',
  headers: {
    'WWW-Authenticate': { description: 'Names the scheme: Bearer.', schema: { type: 'string' } },
  },
  content: { ...problemDetails('badKey'), ...fromGateway('Unauthorized') },
};

export const BUSY: OperationResponse = {
  description: 'Too many requests for now. Ask again after a second.',
  content: fromGateway('Too Many Requests'),
};

export const SIGN_IN_NEEDED: OperationResponse = {
  description: 'No access token, or one that has ended. Sign in again.',
  content: fromGateway('Unauthorized'),
};

export interface ParameterWords {
  readonly description: string;
  readonly example: string | number;
  /** Said in addition to what the contract's own schema says, or in its place. */
  readonly schema?: JsonSchema;
  readonly instead?: JsonSchema;
}

type QuerySchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> };

/** The parameters of a query; a field of which nothing is said stops the build of the document. */
export function parametersOf(
  { entries }: QuerySchema,
  words: Readonly<Record<string, ParameterWords>>,
): Parameter[] {
  return Object.entries(entries).map(([name, entry]) => {
    const said = words[name];
    if (said === undefined) throw new Error(`nothing is said of the parameter ${name}`);
    const { description, example } = said;
    const schema = said.instead ?? { ...parameterSchema(entry), ...said.schema };
    return { name, in: 'query', required: entry.type !== 'optional', description, schema, example };
  });
}

/** What every question about a scope may be answered with instead. */
export const SCOPE_REFUSALS = {
  400: { description: 'The question cannot be asked so.', content: problemDetails('invalidQuery') },
  401: SIGN_IN_NEEDED,
  403: { description: 'The scope is not yours.', content: problemDetails('scopeNotHeld') },
  404: { description: 'There is no store in the scope.', content: problemDetails('emptyScope') },
  429: BUSY,
  500: OUR_FAULT,
};
