/** What shop people may ask of campaigns: to write one, to try it on days that were, and what it has brought. */
import { BUYERS_MIN, EVENTS_MIN, PERSONS_MIN } from '#domain/campaigns/campaign-report.ts';
import { CAMPAIGN_BYTES_MAX } from '../http/campaigns.ts';
import { PLACE_ID_PATTERN } from '../primitives.ts';
import {
  BUSY,
  json,
  media,
  type Operation,
  SERVER_ERROR,
  type Parameter,
  problemDetails,
  SIGN_IN_NEEDED,
} from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Campaigns'], security: [{ staff: [] }] };

const id: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'What the campaign is called in addresses; whoever writes it first names it.',
  schema: { type: 'string', pattern: PLACE_ID_PATTERN },
  example: 'autumn-scarves',
};

const ALWAYS = { 401: SIGN_IN_NEEDED, 429: BUSY, 500: SERVER_ERROR };

const NOT_THERE = {
  description: 'There is no such campaign, or it runs where the sign-in does not reach.',
  content: problemDetails('noSuchCampaign'),
};

export const listCampaigns: Operation = {
  operationId: 'listCampaigns',
  summary: 'List campaigns',
  description: 'Those of which every place is within the scopes of the sign-in, by id.',
  ...shared,
  responses: {
    200: { description: 'The campaigns.', content: json(media(refTo('CampaignsResponse'), 'campaigns')) },
    ...ALWAYS,
  },
};

export const readCampaign: Operation = {
  operationId: 'readCampaign',
  summary: 'Read a campaign',
  description: 'With the version that whoever changes it has to name, and how many pushes are spent.',
  ...shared,
  parameters: [id],
  responses: {
    200: { description: 'The campaign.', content: json(media(refTo('CampaignResponse'), 'campaignKept')) },
    400: { description: 'No campaign can be named so.', content: problemDetails('invalidCampaignId') },
    404: NOT_THERE,
    ...ALWAYS,
  },
};

export const writeCampaign: Operation = {
  operationId: 'writeCampaign',
  summary: 'Write a campaign, or change it',
  description: `The whole campaign as it shall be. All of it is checked before any is kept, the audience too: what cannot \
be asked of anybody is told to whoever writes it, and to nobody on the street.

\`version\` is 0 for a new campaign, and otherwise the one it was read at. Of two who change it at once the second is told, \
and reads it again.

As \`draft\` a campaign does nothing; \`dry-run\`, it decides everything and pushes nothing; \`live\`, it pushes; \
\`paused\`, it rests. Once it has been live it goes back to neither of the first two, and its holdout stays as it is: people are held out \
for its whole life, or the comparison would be worth nothing.`,
  ...shared,
  parameters: [id],
  requestBody: {
    required: true,
    description: 'Every place it runs in, or ran in before, has to be within the scopes of the sign-in.',
    content: json(media(refTo('Campaign'), 'campaign')),
  },
  responses: {
    200: { description: 'It is changed.', content: json(media(refTo('CampaignResponse'), 'campaignKept')) },
    201: { description: 'It is new, and kept.', content: json(media(refTo('CampaignResponse'))) },
    400: {
      description: 'The campaign cannot be kept as it is written, or not under that name.',
      content: problemDetails('invalidCampaign', 'invalidCampaignId'),
    },
    403: {
      description: 'It runs, or shall run, where the sign-in does not reach.',
      content: problemDetails('placesNotHeld'),
    },
    409: {
      description: 'Somebody has changed it since, or it may no longer become what is written.',
      content: problemDetails('changedSince', 'immutableField'),
    },
    413: {
      description: `The body is larger than ${CAMPAIGN_BYTES_MAX} bytes.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The body is not announced as JSON.', content: problemDetails('notJson') },
    ...ALWAYS,
  },
};

export const previewCampaign: Operation = {
  operationId: 'previewCampaign',
  summary: 'Try a campaign on the last 7 days',
  description: `Without a body: the campaign as it is kept. Each time somebody came near one of its stores is decided once \
more, as if it had been rehearsing then, with what was known of everybody at that moment and nothing later. Only what the \
store has of the offered product is as of now; what it had then nobody wrote down.

Nothing is sent and nothing is kept. Where more came by than can be decided while somebody waits, the latest are.`,
  ...shared,
  parameters: [id],
  responses: {
    200: {
      description: 'Whom it would have reached, and why not the others.',
      content: json(media(refTo('PreviewResponse'), 'preview')),
    },
    404: NOT_THERE,
    ...ALWAYS,
  },
};

export const proveCampaign: Operation = {
  operationId: 'proveCampaign',
  summary: 'Read what a campaign has brought',
  description: `Whoever was pushed beside whoever would have been and was held out by lot, and what both did within the \
days of attribution. Nothing was counted on the way: a purchase that came late, or was brought back, is in it.

No number is told without its interval of 95 % and of how many it was taken. Below ${PERSONS_MIN} persons on each side, \
${EVENTS_MIN} visitors or buyers on both together, or, for money, ${BUYERS_MIN} buyers on each, there is none, but what is \
missing. An interval that holds 0 has shown nothing.

Clicks are another matter: nobody who was held out can click. They are set beside what the same message brought when it \
was sent to everybody, which were other people on another day.`,
  ...shared,
  parameters: [id],
  responses: {
    200: { description: 'The proof.', content: json(media(refTo('ReportResponse'), 'proof')) },
    404: NOT_THERE,
    ...ALWAYS,
  },
};
