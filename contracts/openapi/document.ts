/**
 * The OpenAPI 3.1 description of the API, generated from the contracts. It documents exactly the validation of the service,
 * because both use the same schemas.
 *
 * It is apart from the contracts, so that a function that parses receipts does not carry a schema converter.
 */
import {
  listCampaigns,
  previewCampaign,
  proveCampaign,
  readCampaign,
  writeCampaign,
} from './campaign-operations.ts';
import { erasePerson, readErasure } from './erasure-operations.ts';
import { listStores, rankProducts, readFigures } from './figure-operations.ts';
import type { Operation } from './parts.ts';
import { listConflicts, readPerson, searchPeople, settleConflict } from './people-operations.ts';
import {
  askToRefuse,
  bindPhone,
  changeConsents,
  followLink,
  ingestPositions,
  openPush,
  refusePushes,
} from './phone-operations.ts';
import { componentSchemas, type JsonSchema } from './schemas.ts';
import { ingestSightings, sendFrame } from './sensor-operations.ts';
import { ingestReceipts } from './till-operations.ts';
import { readHeatmap, readVisit, readVisits } from './visit-operations.ts';

export type { MediaType, Operation, OperationResponse } from './parts.ts';

/** In the order of the document. */
export const METHODS = ['get', 'post', 'put', 'delete'] as const;
export type Method = (typeof METHODS)[number];

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
  readonly paths: Readonly<Record<string, { readonly [method in Method]?: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

/** Semantic version of the API. A breaking change after 2.0.0 gets a path of its own (`/v2/…`). */
const VERSION = '2.0.0';

const DESCRIPTION = `Tills post receipts, cameras and sensors post sightings, customers' phones post positions. Staff \
read figures, write campaigns, and process requests of access and erasure.

Every receipt is counted exactly once, under its store, till, business day and receipt number, however often it is sent. A \
till without a response sends the same receipt again, after minutes or after days.

The position of a phone is used, and a push is sent, only with the consent of its owner to that purpose; the newest \
decision counts. A phone number is never part of a URL.

Errors are problem details (RFC 9457) with all field errors at once, each with its JSON pointer.

Money is exact: amounts are decimals with up to four places, returned as texts. Estimates, the results of campaigns, have \
an interval and a sample size, or are withheld.`;

const KEY = { type: 'http', scheme: 'bearer', bearerFormat: 'aisle_<key id>_<secret>' } as const;
const REVOKED = 'A revoked key is rejected within 30 seconds.';

/** Returns the description of the API, a list of rows. `serverUrl` is its base URL; by default the document's origin. */
export function openApiDocument(serverUrl = '/'): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aisle',
      version: VERSION,
      summary: 'In: receipts, sightings, positions. Out: figures, visits, campaign results.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [
      { name: 'Tills', description: 'For makers and operators of tills.' },
      { name: 'Sensors', description: 'For makers and operators of cameras, trackers and door counters.' },
      { name: 'Figures', description: 'For readers of sales and visitor figures.' },
      { name: 'Visits', description: 'For analysts of visits and of the movement through a store.' },
      {
        name: 'Campaigns',
        description: 'For marketing: pushes near stores, and their results.',
      },
      { name: 'Phones', description: "For developers of the chain's app and app server." },
      {
        name: 'People',
        description: 'For privacy officers: requests of access and erasure.',
      },
    ],
    paths: {
      '/v1/receipts': { post: ingestReceipts },
      '/v1/figures': { get: readFigures },
      '/v1/products/top': { get: rankProducts },
      '/v1/stores': { get: listStores },
      '/v1/sightings': { post: ingestSightings },
      '/v1/frames': { post: sendFrame },
      '/v1/visits': { get: readVisits },
      '/v1/visits/{id}': { get: readVisit },
      '/v1/heatmap': { get: readHeatmap },
      '/v1/campaigns': { get: listCampaigns },
      '/v1/campaigns/{id}': { get: readCampaign, put: writeCampaign },
      '/v1/campaigns/{id}/preview': { post: previewCampaign },
      '/v1/campaigns/{id}/proof': { get: proveCampaign },
      '/v1/phones': { post: bindPhone },
      '/v1/consents': { post: changeConsents },
      '/v1/positions': { post: ingestPositions },
      '/v1/pushes/{push}/open': { post: openPush },
      '/c/{token}': { get: followLink },
      '/c/{token}/refuse': { get: askToRefuse, post: refusePushes },
      '/v1/people/{id}': { get: readPerson, delete: erasePerson },
      '/v1/people/search': { post: searchPeople },
      '/v1/people/conflicts': { get: listConflicts, post: settleConflict },
      '/v1/erasures/{id}': { get: readErasure },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        deviceKey: {
          ...KEY,
          description: `The key of a till, a camera or a sensor, for one store and some kinds of requests. It is shown \
once. ${REVOKED}`,
        },
        appKey: {
          ...KEY,
          description: `The key of the chain's app server, which links phones to customers. It is of kind \`people\`, \
belongs to no store and is shown once. ${REVOKED}`,
        },
        phoneKey: {
          ...KEY,
          description: `The key of one phone, returned when the app server links the phone. It acts for the owner of the \
phone alone and is revoked when the owner is erased. ${REVOKED}`,
        },
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "An access token of the chain's OpenID Connect issuer. Its groups (`scope:chain`, `scope:city:…`, `scope:store:…`) permit to read figures and campaigns; customer data requires `role:privacy-officer` or `scope:chain`. To act takes a role: `role:campaign-editor` to write campaigns, `role:privacy-officer` to erase a customer or to settle a conflict.",
        },
      },
    },
  };
}
