/**
 * The contracts as JSON Schema 2020-12, the dialect of OpenAPI 3.1.
 *
 * Descriptions, examples and keywords come from the schemas themselves. A check in code has no JSON Schema; `jsonSchema`
 * metadata beside it states the same in keywords.
 */
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { Estimate, PreviewResponse, ReportArm, ReportResponse } from '../http/campaign-reports.ts';
import { CampaignRequest, CampaignResponse, CampaignsResponse } from '../http/campaigns.ts';
import { ConflictsResponse, SettleRequest, SettleResponse } from '../http/conflicts.ts';
import { ErasureReceipt, ErasureResponse } from '../http/erasures.ts';
import { Completeness, Figure, FiguresResponse, RankingResponse, StoresResponse } from '../http/figures.ts';
import { FaceResult, FrameResponse } from '../http/frames.ts';
import {
  PeopleSearchRequest,
  PersonConsent,
  PersonLink,
  PersonPurchase,
  PersonResponse,
} from '../http/people.ts';
import {
  ConsentsRequest,
  PhoneRequest,
  PhoneResponse,
  PositionInput,
  PositionsRequest,
  PositionsResponse,
} from '../http/phones.ts';
import { FieldError, Problem } from '../http/problems.ts';
import {
  PaymentInput,
  ReceiptInput,
  ReceiptLineInput,
  ReceiptResult,
  ReceiptsRequest,
  ReceiptsResponse,
} from '../http/receipts.ts';
import { SightingInput, SightingResult, SightingsRequest, SightingsResponse } from '../http/sightings.ts';
import {
  HeatmapResponse,
  Purchase,
  VisitListed,
  VisitResponse,
  VisitsResponse,
  ZoneHeat,
} from '../http/visits.ts';
import { AUDIENCE_DESCRIPTION } from './audience-description.ts';

/** The keywords of JSON Schema 2020-12 that the contracts use. */
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

/** The contracts of the document, by the names of their components. */
export const CONTRACTS = {
  Receipts: ReceiptsRequest,
  Receipt: ReceiptInput,
  ReceiptLine: ReceiptLineInput,
  Payment: PaymentInput,
  ReceiptsResponse,
  ReceiptResult,
  FiguresResponse,
  Completeness,
  Figure,
  RankingResponse,
  StoresResponse,
  Sightings: SightingsRequest,
  Sighting: SightingInput,
  SightingsResponse,
  SightingResult,
  FrameResponse,
  FaceResult,
  VisitsResponse,
  VisitListed,
  VisitResponse,
  Purchase,
  HeatmapResponse,
  ZoneHeat,
  Campaign: CampaignRequest,
  CampaignResponse,
  CampaignsResponse,
  PreviewResponse,
  ReportResponse,
  ReportArm,
  Estimate,
  Phone: PhoneRequest,
  PhoneResponse,
  Consents: ConsentsRequest,
  Consent: ConsentsRequest.entries.consents.item,
  Positions: PositionsRequest,
  Position: PositionInput,
  PositionsResponse,
  PeopleSearch: PeopleSearchRequest,
  PersonResponse,
  PersonLink,
  PersonConsent,
  PersonPurchase,
  ConflictsResponse,
  Settlement: SettleRequest,
  SettlementResponse: SettleResponse,
  ErasureResponse,
  ErasureReceipt,
  Problem,
  FieldError,
} as const satisfies Record<string, v.GenericSchema>;

export type ContractName = keyof typeof CONTRACTS;

/** Returns a reference to a component. */
export const refTo = (name: ContractName | 'GatewayMessage'): JsonSchema => ({
  $ref: `#/components/schemas/${name}`,
});

/** Transformations and checks have no JSON Schema and are left out. */
const CONVERSION = { target: 'draft-2020-12', errorMode: 'ignore' } as const;

/** The response of API Gateway itself, before any function is invoked. */
const GATEWAY_MESSAGE: JsonSchema = {
  title: 'GatewayMessage',
  description: 'A response of the gateway itself, without problem details.',
  type: 'object',
  properties: { message: { type: 'string', description: 'The name of the status.' } },
  required: ['message'],
};

/** Returns every contract as a component of the document. */
export function componentSchemas(): Record<string, JsonSchema> {
  const converted = toJsonSchemaDefs(CONTRACTS, {
    ...CONVERSION,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  }) as Record<string, JsonSchema>;
  const components = Object.entries(converted).map(([name, schema]) => [
    name,
    withReferences(withAudience(name, schema)),
  ]);
  return { ...Object.fromEntries(components), GatewayMessage: GATEWAY_MESSAGE };
}

/** The language of audiences takes a page, which the functions that validate campaigns do not carry. */
function withAudience(name: string, schema: JsonSchema): JsonSchema {
  const audience = schema.properties?.['audience'];
  if (name !== 'Campaign' || audience === undefined) return schema;
  return {
    ...schema,
    properties: { ...schema.properties, audience: { ...audience, description: AUDIENCE_DESCRIPTION } },
  };
}

/**
 * Replaces components within a component by references. A contract with a description of its own is another schema to the
 * converter, which repeats it in full; its title gives it away.
 */
function withReferences(schema: JsonSchema): JsonSchema {
  const within = (inner: JsonSchema): JsonSchema => {
    const { title = '', description } = inner;
    if (!(title in CONTRACTS)) return withReferences(inner);
    return { ...refTo(title as ContractName), ...(description === undefined ? {} : { description }) };
  };
  const all = (inner: readonly JsonSchema[]) => inner.map(within);
  const { properties, items, additionalProperties, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, within(one)])),
    }),
    ...(items && { items: within(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: within(additionalProperties) }),
    ...(anyOf && { anyOf: all(anyOf) }),
    ...(oneOf && { oneOf: all(oneOf) }),
  };
}

/** Returns one schema outside the components: a parameter's. */
export function parameterSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(schema, CONVERSION);
  return converted as JsonSchema;
}
