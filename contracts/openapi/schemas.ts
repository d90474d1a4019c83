/**
 * The contracts' schemas as JSON Schema, which OpenAPI 3.1 speaks.
 *
 * A schema of ours says more than JSON Schema can hear: a check is a function, a transformation has no counterpart.
 * What would be lost that way is said again in the table of refinements, field by field, and a field that is no longer
 * there stops the build of the document, so that the two cannot drift apart in silence.
 */
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { PreviewResponse, ReportResponse } from '../http/campaign-reports.ts';
import { CampaignRequest, CampaignResponse, CampaignsResponse } from '../http/campaigns.ts';
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
  ReportArm: ReportResponse.entries.pushed,
  Estimate: ReportResponse.entries.pushed.entries.visitRate,
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
  ErasureResponse,
  ErasureReceipt,
  Problem,
  FieldError,
} as const satisfies Record<string, v.GenericSchema>;

export type ContractName = keyof typeof CONTRACTS;

export const refTo = (name: ContractName | 'GatewayMessage'): JsonSchema => ({
  $ref: `#/components/schemas/${name}`,
});

/** Transformations and checks have no JSON Schema; what they demand stands in the refinements. */
const CONVERSION = { target: 'draft-2020-12', errorMode: 'ignore' } as const;

export const PLACE_ID = { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', examples: ['sz01'] } as const;

/** How others name their things: tills, products, members. */
export const FOREIGN_ID = {
  minLength: 1,
  maxLength: 64,
  pattern: '^[^#\\s](?:[^#]*[^#\\s])?$',
} as const;

/** A time that says where it is of; of its second, so many digits at most. */
export const instant = (digitsMax: number): JsonSchema => ({
  format: 'date-time',
  pattern: `^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,${digitsMax}})?(?:Z|[+-]\\d{2}:\\d{2})$`,
  examples: ['2026-11-22T10:03:12+08:00'],
});

/** A part of the chain. */
export const SCOPE = {
  pattern: '^(?:chain|(?:store|city|region):[A-Za-z0-9][A-Za-z0-9._-]{0,63})$',
} as const;

/**
 * What is said of a component besides what its contract says: by the field, `offer.product` for one within another, and
 * `#` for the whole.
 */
export type Refinements = { readonly [name in ContractName]?: Readonly<Record<string, JsonSchema>> };

/** What API Gateway itself says before any function of ours is asked. */
const GATEWAY_MESSAGE: JsonSchema = {
  title: 'GatewayMessage',
  description: 'What the gateway itself answers; it knows no problem details.',
  type: 'object',
  properties: { message: { type: 'string' } },
  required: ['message'],
};

/** Every contract as a component of the document. */
export function componentSchemas(refinements: Refinements): Record<string, JsonSchema> {
  const converted = toJsonSchemaDefs(CONTRACTS, {
    ...CONVERSION,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  }) as Record<string, JsonSchema>;
  const refined = Object.entries(converted).map(([name, schema]) => {
    const more = Object.entries(refinements[name as ContractName] ?? {});
    return [name, more.reduce((all, [path, said]) => refine(name, all, path, said), schema)];
  });
  return { ...Object.fromEntries(refined), GatewayMessage: GATEWAY_MESSAGE };
}

function refine(name: string, schema: JsonSchema, path: string, said: JsonSchema): JsonSchema {
  // Whoever is referred to says all that stood here.
  if (path === '#') return said.$ref === undefined ? { ...schema, ...said } : said;
  const [field = '', ...deeper] = path.split('.');
  const known = schema.properties?.[field];
  if (known === undefined) throw new Error(`${name} has no field ${field} to say more about`);
  const refined = refine(`${name}.${field}`, known, deeper.length === 0 ? '#' : deeper.join('.'), said);
  return { ...schema, properties: { ...schema.properties, [field]: refined } };
}

/** One schema outside the components: a parameter's. */
export function parameterSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(schema, CONVERSION);
  return converted as JsonSchema;
}
