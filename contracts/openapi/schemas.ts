/**
 * The contracts' schemas as JSON Schema, which OpenAPI 3.1 speaks.
 *
 * A schema of ours says more than JSON Schema can hear: a check is a function, a transformation has no counterpart.
 * What would be lost that way is said again here, field by field, and a field that is no longer there stops the build
 * of the document, so that the two cannot drift apart in silence. What is said here is never stricter than the service.
 */
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { Completeness, Figure, FiguresAnswer, RankingAnswer, StoresAnswer } from '../figures.ts';
import { FaceAnswer, FrameAnswer } from '../frames.ts';
import { PeopleSearchBody, PersonAnswer, PersonConsent, PersonLink, PersonPurchase } from '../people.ts';
import { Fault, Problem } from '../problems.ts';
import {
  PaymentBody,
  ReceiptAnswer,
  ReceiptBody,
  ReceiptLineBody,
  ReceiptsAnswer,
  ReceiptsBody,
} from '../receipts.ts';
import { SightingAnswer, SightingBody, SightingsAnswer, SightingsBody } from '../sightings.ts';
import { HeatmapAnswer, Purchase, VisitAnswer, VisitListed, VisitsAnswer, ZoneHeat } from '../visits.ts';

/** The part of JSON Schema 2020-12 that the contracts come to. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly unknown[];
}

/** The contracts that the document describes, by the names it gives them. */
export const CONTRACTS = {
  Receipts: ReceiptsBody,
  Receipt: ReceiptBody,
  ReceiptLine: ReceiptLineBody,
  Payment: PaymentBody,
  ReceiptsAnswer,
  ReceiptAnswer,
  FiguresAnswer,
  Completeness,
  Figure,
  RankingAnswer,
  StoresAnswer,
  Sightings: SightingsBody,
  Sighting: SightingBody,
  SightingsAnswer,
  SightingAnswer,
  FrameAnswer,
  FaceAnswer,
  VisitsAnswer,
  VisitListed,
  VisitAnswer,
  Purchase,
  HeatmapAnswer,
  ZoneHeat,
  PeopleSearch: PeopleSearchBody,
  PersonAnswer,
  PersonLink,
  PersonConsent,
  PersonPurchase,
  Problem,
  Fault,
} as const satisfies Record<string, v.GenericSchema>;

export type ContractName = keyof typeof CONTRACTS;

export const refTo = (name: ContractName | 'GatewayMessage'): JsonSchema => ({
  $ref: `#/components/schemas/${name}`,
});

/** Transformations and checks have no JSON Schema; what they demand stands in the table below. */
const CONVERSION = { target: 'draft-2020-12', errorMode: 'ignore' } as const;

const FOREIGN_ID = {
  minLength: 1,
  maxLength: 64,
  pattern: '^[^#\\s](?:[^#]*[^#\\s])?$',
} as const;

export const PLACE_ID = { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', examples: ['sz01'] } as const;

const AMOUNT_DIGITS = '\\d{1,12}(?:\\.\\d{1,4})?';

const amount = (from0: boolean, example: string): JsonSchema => ({
  anyOf: [
    from0 ? { type: 'number', minimum: 0 } : { type: 'number' },
    { type: 'string', pattern: `^${from0 ? '' : '-?'}${AMOUNT_DIGITS}$` },
  ],
  examples: [example],
});

const TIME = { examples: ['2026-11-22T10:03:12+08:00', '2026-11-22T10:03:12'] } as const;
const DAY = { format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } as const;

const REFINEMENTS: { readonly [name in ContractName]?: Readonly<Record<string, JsonSchema>> } = {
  Receipts: {
    receipts: {
      items: refTo('Receipt'),
      description: 'Each is taken or refused on its own; a faulty one does not hold up the others.',
    },
  },
  Sightings: {
    sightings: {
      items: refTo('Sighting'),
      description: 'Each is taken or refused on its own; a faulty one does not hold up the others.',
    },
  },
  ReceiptLine: {
    product: { ...FOREIGN_ID, examples: ['SKU-1001'] },
    unitPrice: amount(true, '99.00'),
    discount: amount(true, '10.00'),
    scannedAt: TIME,
  },
  Payment: { amount: amount(false, '89.00') },
  Receipt: {
    store: PLACE_ID,
    till: { ...FOREIGN_ID, examples: ['T1'] },
    receiptNo: { ...FOREIGN_ID, examples: ['000123'] },
    closedAt: TIME,
    businessDay: { ...DAY, examples: ['2026-11-22'] },
    currency: { description: "ISO 4217. May be left out: the store's is meant. Another one is refused." },
    cashier: FOREIGN_ID,
    memberNo: FOREIGN_ID,
    discount: amount(true, '5.00'),
    lines: { description: 'What was sold, given away and brought back, in the order of the receipt.' },
  },
};

/** What API Gateway itself says before any function of ours is asked. */
const GATEWAY_MESSAGE: JsonSchema = {
  title: 'GatewayMessage',
  description: 'What the gateway itself answers; it knows no problem details.',
  type: 'object',
  properties: { message: { type: 'string' } },
  required: ['message'],
};

/** Every contract as a component of the document. */
export function componentSchemas(): Record<string, JsonSchema> {
  const converted = toJsonSchemaDefs(CONTRACTS, {
    ...CONVERSION,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  }) as Record<string, JsonSchema>;
  const refined = Object.entries(converted).map(([name, schema]) => [
    name,
    refine(name, schema, REFINEMENTS[name as ContractName] ?? {}),
  ]);
  return { ...Object.fromEntries(refined), GatewayMessage: GATEWAY_MESSAGE };
}

function refine(name: string, schema: JsonSchema, fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const properties = { ...schema.properties };
  for (const [field, more] of Object.entries(fields)) {
    const known = properties[field];
    if (known === undefined) throw new Error(`${name} has no field ${field} to say more about`);
    properties[field] = { ...known, ...more };
  }
  return schema.properties === undefined ? schema : { ...schema, properties };
}

/** One schema outside the components: a parameter's. */
export function parameterSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(schema, CONVERSION);
  return converted as JsonSchema;
}
