/** The operations for campaigns: write, preview, report. */
import { BUYERS_MIN, EVENTS_MIN, PERSONS_MIN } from '#domain/campaigns/campaign-report.ts';
import { CAMPAIGN_BYTES_MAX } from '../http/campaigns.ts';
import { PLACE_ID_PATTERN } from '../primitives.ts';
import {
  BUSY,
  json,
  media,
  type Operation,
  type Parameter,
  problemDetails,
  SERVER_ERROR,
  SIGN_IN_NEEDED,
} from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Campaigns'], security: [{ staff: [] }] };

const id: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The id of the campaign, chosen when it is created.',
  schema: { type: 'string', pattern: PLACE_ID_PATTERN },
  example: 'autumn-scarves',
};

const COMMON = { 401: SIGN_IN_NEEDED, 429: BUSY, 500: SERVER_ERROR };

const NOT_FOUND = {
  description: 'The campaign does not exist, or its stores are outside the scopes of the access token.',
  content: problemDetails('noSuchCampaign'),
};

export const listCampaigns: Operation = {
  operationId: 'listCampaigns',
  summary: 'List campaigns',
  description: 'The campaigns whose stores are all within the scopes of the access token, by id.',
  ...shared,
  responses: {
    200: { description: 'The campaigns.', content: json(media(refTo('CampaignsResponse'), 'campaigns')) },
    ...COMMON,
  },
};

export const readCampaign: Operation = {
  operationId: 'readCampaign',
  summary: 'Read a campaign',
  description: 'With the version that a change must name, and the number of pushes sent.',
  ...shared,
  parameters: [id],
  responses: {
    200: { description: 'The campaign.', content: json(media(refTo('CampaignResponse'), 'campaignKept')) },
    400: { description: 'The id is not valid.', content: problemDetails('invalidCampaignId') },
    404: NOT_FOUND,
    ...COMMON,
  },
};

export const writeCampaign: Operation = {
  operationId: 'writeCampaign',
  summary: 'Create or replace a campaign',
  description: `The request replaces the whole campaign. It is validated as a whole before it is stored, its audience included: an \
expression that no profile can answer is rejected now, and not when a customer comes near.

\`version\` is 0 for a new campaign, and otherwise the version that was read. Of two concurrent changes the second is rejected; \
read the campaign again and repeat it.

A \`draft\` is inactive; \`dry-run\` decides and sends no push; \`live\` sends pushes; \`paused\` is inactive. A campaign that was \
live never becomes a draft or a dry run again, and its holdout cannot change: customers are held out for its whole life, or the \
comparison would be invalid.

The law of the store decides as well: no push is sent to a customer who refused personal offers or profiling, who may be too young, or from a geofence round a health service where that is forbidden. Every push names its sender and a way to refuse. This is no legal advice; ask counsel before a campaign goes live.`,
  ...shared,
  parameters: [id],
  requestBody: {
    required: true,
    description:
      'The stores of the campaign, before and after the change, must be within the scopes of the access token.',
    content: json(media(refTo('Campaign'), 'campaign')),
  },
  responses: {
    200: {
      description: 'The campaign was replaced.',
      content: json(media(refTo('CampaignResponse'), 'campaignKept')),
    },
    201: { description: 'The campaign was created.', content: json(media(refTo('CampaignResponse'))) },
    400: {
      description: 'The campaign or its id is not valid.',
      content: problemDetails('invalidCampaign', 'invalidCampaignId'),
    },
    403: {
      description:
        'The access token has no role:campaign-editor, or the campaign has stores outside its scopes.',
      content: problemDetails('placesNotHeld'),
    },
    409: {
      description: 'The version is not the current one, or a field may no longer change.',
      content: problemDetails('changedSince', 'immutableField'),
    },
    413: {
      description: `The body is larger than ${CAMPAIGN_BYTES_MAX} bytes.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
    ...COMMON,
  },
};

export const previewCampaign: Operation = {
  operationId: 'previewCampaign',
  summary: 'Preview a campaign on the last 7 days',
  description: `Without a body. Each geofence entry at the stores of the campaign is decided again as a dry run, with the data that was \
known at that time. Only the stock of the offered product is the current one.

Nothing is sent or stored. If there are more entries than one request evaluates, the latest are evaluated.`,
  ...shared,
  parameters: [id],
  responses: {
    200: {
      description: 'The customers it would have reached, and the reasons for the others.',
      content: json(media(refTo('PreviewResponse'), 'preview')),
    },
    404: NOT_FOUND,
    ...COMMON,
  },
};

export const proveCampaign: Operation = {
  operationId: 'proveCampaign',
  summary: 'Read the results of a campaign',
  description: `Pushed customers against the randomised holdout, with the visits and purchases of both within the attribution period. \
It is computed from the stored receipts and visits: late purchases and returns are included.

Every statistic has its 95 % interval and its sample size. With fewer than ${PERSONS_MIN} persons on either side, \
${EVENTS_MIN} visitors or buyers on both together, or, for money, ${BUYERS_MIN} buyers on either side, it is withheld with the \
reason. An interval that contains 0 shows no effect.

Clicks have no holdout. They are compared with a broadcast of the same message, which reached other customers on another day.`,
  ...shared,
  parameters: [id],
  responses: {
    200: { description: 'The report.', content: json(media(refTo('ReportResponse'), 'proof')) },
    404: NOT_FOUND,
    ...COMMON,
  },
};
