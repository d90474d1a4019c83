/**
 * The OpenAPI 3.1 description of the API, made from the contracts themselves. What a till maker reads here is what
 * the service checks, because both are the same schemas.
 *
 * It is apart from the contracts it describes, so that whoever parses a receipt does not carry a schema converter.
 */
import type * as v from 'valibot';
import { RANKING_SIZE_DEFAULT, RANKING_SIZE_MAX } from '#domain/goods/ranking.ts';
import { DAYS_MAX, FiguresQuery, RankingQuery } from './figures.ts';
import { EXAMPLES, type ExampleName } from './openapi/examples.ts';
import { componentSchemas, type JsonSchema, parameterSchema, refTo } from './openapi/schemas.ts';
import { BATCH_BYTES_MAX, RECEIPTS_MAX } from './receipts.ts';

export interface MediaType {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example: string | number;
}

interface ResponseHeader {
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

interface SecurityScheme {
  readonly type: 'http';
  readonly scheme: 'bearer';
  readonly bearerFormat: string;
  readonly description: string;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: ReadonlyArray<{ readonly url: string }>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly description: string }>;
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

/** Raised when something is added; a change that breaks a till gets a path of its own (`/v2/…`). */
const VERSION = '1.0.0';

const DESCRIPTION = `Tills post receipts, people read figures.

Every receipt is counted exactly once, under the name of its store, till, business day and receipt number, however \
often it is sent. So a till that got no answer sends the same again, after minutes or after days.

Whatever is wrong is told as problem details (RFC 9457), all faults at once, each with the place it stands at.

Money is exact: amounts are decimals with up to four places, and come back as texts.`;

function media(schema: JsonSchema, ...names: readonly ExampleName[]): MediaType {
  const examples = names.map((name) => {
    const { summary, value } = EXAMPLES[name];
    return [name, { summary, value }] as const;
  });
  return examples.length === 0 ? { schema } : { schema, examples: Object.fromEntries(examples) };
}

const json = (content: MediaType) => ({ 'application/json': content });
const problemDetails = (...names: readonly ExampleName[]) => ({
  'application/problem+json': media(refTo('Problem'), ...names),
});
const fromGateway = (message: string): { 'application/json': MediaType } => ({
  'application/json': {
    schema: refTo('GatewayMessage'),
    examples: { gateway: { summary: 'From the gateway itself.', value: { message } } },
  },
});

const RETRY_AFTER = {
  'Retry-After': {
    description:
      'Seconds to wait before sending again. Absent where the gateway itself answers: wait one second.',
    schema: { type: 'integer', minimum: 1 },
  },
} as const;

const OUR_FAULT: OperationResponse = {
  description: 'Something broke here. Send again later; a receipt is never counted twice.',
  content: problemDetails('internal'),
};

const BUSY: OperationResponse = {
  description: 'Too many requests for now. Ask again after a second.',
  content: fromGateway('Too Many Requests'),
};

const SIGN_IN_NEEDED: OperationResponse = {
  description: 'No access token, or one that has ended. Sign in again.',
  content: fromGateway('Unauthorized'),
};

const takeReceipts: Operation = {
  operationId: 'takeReceipts',
  summary: 'Take receipts of a till',
  description: `Send receipts as they are closed, or up to ${RECEIPTS_MAX} at once in at most ${BATCH_BYTES_MAX} bytes.

Keep each receipt until it is answered with \`accepted\`. \`accepted\` means that it is stored durably and will be \
counted. Mend what is \`refused\`; send what is \`not taken\` again as it was. Sending something twice does no harm.

The same name with another content is not counted: the first one stands, and the other is set aside to be looked at.

A field that is not known is refused, and so is a key that stands twice in one object: a misspelt \`discount\` must not \
go unnoticed.`,
  tags: ['Tills'],
  security: [{ deviceKey: [] }],
  requestBody: {
    required: true,
    description: 'Receipts of the store that the key belongs to.',
    content: json(media(refTo('Receipts'), 'sale')),
  },
  responses: {
    202: {
      description: 'All receipts are accepted.',
      content: json(media(refTo('ReceiptsAnswer'), 'accepted')),
    },
    207: {
      description: 'Some receipts are accepted and some are refused; the answer says which.',
      content: json(media(refTo('ReceiptsAnswer'), 'mixed')),
    },
    400: {
      description:
        'No receipt is accepted. `application/json` where each was refused for a fault of its own; problem details where the body as a whole cannot be read.',
      content: {
        ...json(media(refTo('ReceiptsAnswer'), 'noneAccepted')),
        ...problemDetails('invalidBatch'),
      },
    },
    401: {
      description:
        'No key, or none that is known and good. From the gateway itself where the header is missing.',
      headers: {
        'WWW-Authenticate': { description: 'Names the scheme: Bearer.', schema: { type: 'string' } },
      },
      content: { ...problemDetails('badKey'), ...fromGateway('Unauthorized') },
    },
    403: {
      description: 'No receipt is accepted, because the key is for another store or not for receipts.',
      content: {
        ...json(media(refTo('ReceiptsAnswer'), 'otherStore')),
        ...problemDetails('keyOfAnotherKind'),
      },
    },
    409: {
      description: 'The store of the key is not set up yet. Nothing is accepted.',
      content: problemDetails('storeNotSetUp'),
    },
    413: {
      description: `The body is larger than ${BATCH_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The body is not announced as JSON.', content: problemDetails('notJson') },
    429: {
      description:
        'Not everything could be taken now. Where the answer lists receipts, those that are accepted are accepted; send the others again after the time in Retry-After. From the gateway itself, nothing was taken.',
      headers: RETRY_AFTER,
      content: {
        'application/json': {
          ...media(refTo('ReceiptsAnswer'), 'notTaken'),
          schema: { anyOf: [refTo('ReceiptsAnswer'), refTo('GatewayMessage')] },
        },
      },
    },
    500: OUR_FAULT,
  },
};

interface ParameterWords {
  readonly description: string;
  readonly example: string | number;
  /** Said in addition to what the contract's own schema says, or in its place. */
  readonly schema?: JsonSchema;
  readonly instead?: JsonSchema;
}

/** What is said of each field of a query; a field that is not in here stops the build of the document. */
const PARAMETERS: Readonly<Record<string, ParameterWords>> = {
  scope: {
    description: 'Of which part of the chain. Sign-ins hold scopes, and a scope must lie within them.',
    example: 'store:sz01',
    schema: { pattern: '^(?:chain|(?:store|city|region):[A-Za-z0-9][A-Za-z0-9._-]{0,63})$' },
  },
  from: {
    description: 'The first business day, in each store by its own clock and day cut.',
    example: '2026-11-22',
    schema: { format: 'date' },
  },
  to: {
    description: 'The last business day, which is included.',
    example: '2026-11-22',
    schema: { format: 'date' },
  },
  grain: {
    description: `Of what the series is made. At most ${DAYS_MAX.minute} days of minutes, ${DAYS_MAX.hour} of hours, ${DAYS_MAX.day} of days.`,
    example: 'hour',
  },
  by: { description: 'What the ranking goes by.', example: 'revenue' },
  limit: {
    description: 'How many products at most.',
    example: 10,
    // In a URL everything is a text; what it has to spell is a whole number.
    instead: { type: 'integer', minimum: 1, maximum: RANKING_SIZE_MAX, default: RANKING_SIZE_DEFAULT },
  },
};

type QuerySchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> };

function parametersOf({ entries }: QuerySchema): Parameter[] {
  return Object.entries(entries).map(([name, entry]) => {
    const words = PARAMETERS[name];
    if (words === undefined) throw new Error(`nothing is said of the parameter ${name}`);
    const { description, example } = words;
    const schema = words.instead ?? { ...parameterSchema(entry), ...words.schema };
    return { name, in: 'query', required: entry.type !== 'optional', description, schema, example };
  });
}

/** What every question about a scope may be answered with instead. */
const SCOPE_REFUSALS = {
  400: { description: 'The question cannot be asked so.', content: problemDetails('invalidQuery') },
  401: SIGN_IN_NEEDED,
  403: { description: 'The scope is not yours.', content: problemDetails('scopeNotHeld') },
  404: { description: 'There is no store in the scope.', content: problemDetails('emptyScope') },
  429: BUSY,
  500: OUR_FAULT,
};

const readFigures: Operation = {
  operationId: 'readFigures',
  summary: 'Read figures of a store, a city, a region or the chain',
  description: `Each figure comes with what it was divided from and the version of its formula; each stretch with the \
arrival of its newest receipt and how many of the tills that should have reported did. A till that is silent is unknown, \
never zero. A figure that cannot be given is null.

Figures of a store are a second or two behind its tills; those above it some seconds.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(FiguresQuery),
  responses: {
    200: { description: 'The figures.', content: json(media(refTo('FiguresAnswer'), 'figures')) },
    ...SCOPE_REFUSALS,
  },
};

const rankProducts: Operation = {
  operationId: 'rankProducts',
  summary: 'Rank products',
  description: `The products with the highest revenue (before discounts and returns), the most pieces sold, or the \
highest value brought back. Rankings above a single store are at most half a minute behind its own.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(RankingQuery),
  responses: {
    200: { description: 'The ranking.', content: json(media(refTo('RankingAnswer'), 'ranking')) },
    ...SCOPE_REFUSALS,
  },
};

const listStores: Operation = {
  operationId: 'listStores',
  summary: 'List the stores you may see',
  description: 'The stores within the scopes of the sign-in, each with the business day it is living in now.',
  tags: ['Figures'],
  security: [{ staff: [] }],
  responses: {
    200: { description: 'The stores.', content: json(media(refTo('StoresAnswer'), 'stores')) },
    401: SIGN_IN_NEEDED,
    429: BUSY,
    500: OUR_FAULT,
  },
};

/** The description of the API. `serverUrl` is where it answers; without one, where the document was read from. */
export function openApiDocument(serverUrl = '/'): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aisle',
      version: VERSION,
      summary: 'Receipts in, figures out.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [
      { name: 'Tills', description: 'For whoever builds or runs tills.' },
      { name: 'Figures', description: 'For whoever reads what was sold.' },
    ],
    paths: {
      '/v1/receipts': { post: takeReceipts },
      '/v1/figures': { get: readFigures },
      '/v1/products/top': { get: rankProducts },
      '/v1/stores': { get: listStores },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        deviceKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'aisle_<key id>_<secret>',
          description:
            'A key of a till. It is made for one store, shown once, and sent as `Authorization: Bearer aisle_…`. A key that is revoked is refused within half a minute.',
        },
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "The access token of somebody who has signed in with OpenID Connect at the chain's issuer. Its groups (`scope:chain`, `scope:city:…`, `scope:store:…`) say what may be read.",
        },
      },
    },
  };
}
