/**
 * The OpenAPI 3.1 description of the API, made from the contracts themselves. What a till maker reads here is what
 * the service checks, because both are the same schemas.
 *
 * It is apart from the contracts it describes, so that whoever parses a receipt does not carry a schema converter.
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
import { readPerson, searchPeople } from './people-operations.ts';
import { bindPhone, changeConsents, followLink, ingestPositions, openPush } from './phone-operations.ts';
import { componentSchemas, type JsonSchema } from './schemas.ts';
import { ingestSightings, sendFrame } from './sensor-operations.ts';
import { ingestReceipts } from './till-operations.ts';
import { readHeatmap, readVisit, readVisits } from './visit-operations.ts';

export type { MediaType, Operation, OperationResponse } from './parts.ts';

/** In the order in which they stand under a path. */
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

const DESCRIPTION = `Tills post receipts, cameras and sensors post what they see, shoppers' \
phones post where they are. People read figures, write campaigns, and answer customers who ask what is kept of them or \
want to be forgotten.

Every receipt is counted exactly once, under the name of its store, till, business day and receipt number, however \
often it is sent. So a till that got no answer sends the same again, after minutes or after days.

Whether it may be used where a customer's phone is, and whether it may be pushed to, goes by what its owner agreed to: each \
by itself, and the newest word counts. A telephone number never stands in an address.

Whatever is wrong is told as problem details (RFC 9457), all faults at once, each with the place it stands at.

Money is exact: amounts are decimals with up to four places, and come back as texts. What is only estimated, what a \
campaign has brought, is told with its interval and with how many it was taken of, or not at all.`;

const KEY = { type: 'http', scheme: 'bearer', bearerFormat: 'aisle_<key id>_<secret>' } as const;
const REVOKED = 'A key that is revoked is refused within half a minute.';

/** The description of the API. `serverUrl` is where it answers; without one, where the document was read from. */
export function openApiDocument(serverUrl = '/'): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aisle',
      version: VERSION,
      summary: 'In: receipts, sightings, positions. Out: figures, visits, and what campaigns have brought.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [
      { name: 'Tills', description: 'For whoever builds or runs tills.' },
      { name: 'Sensors', description: 'For whoever builds or runs cameras, trackers and door counters.' },
      { name: 'Figures', description: 'For whoever reads what was sold and who came.' },
      { name: 'Visits', description: 'For whoever looks at how people move through a store.' },
      {
        name: 'Campaigns',
        description: 'For whoever greets customers near a store, and asks whether it helps.',
      },
      { name: 'Phones', description: "For whoever builds the chain's app and the server behind it." },
      {
        name: 'People',
        description: 'For whoever answers customers who ask what is known of them, or want to be forgotten.',
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
      '/v1/people/{id}': { get: readPerson, delete: erasePerson },
      '/v1/people/search': { post: searchPeople },
      '/v1/erasures/{id}': { get: readErasure },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        deviceKey: {
          ...KEY,
          description: `A key of a till, a camera or a sensor. It is made for one store and some of what can be posted, \
and is shown once. ${REVOKED}`,
        },
        appKey: {
          ...KEY,
          description: `The key of the chain's own app server, which says whose a phone is. It is made for \`people\`, \
belongs to no store, and is shown once. ${REVOKED}`,
        },
        phoneKey: {
          ...KEY,
          description: `The key of one phone, which the app server got when it bound the phone. It speaks for the phone's \
owner and for nobody else, and it ends when they are forgotten. ${REVOKED}`,
        },
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "The access token of somebody who has signed in with OpenID Connect at the chain's issuer. Its groups (`scope:chain`, `scope:city:…`, `scope:store:…`) say what may be read, and where campaigns may run; customers are for `role:privacy-officer` and `scope:chain`.",
        },
      },
    },
  };
}
