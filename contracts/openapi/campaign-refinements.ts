/**
 * What campaigns demand beyond JSON Schema, and the one field of theirs that is a language of its own: an audience is
 * written by shop people, so all that they may write in it stands beside it.
 */
import {
  ATTRIBUTION_DAYS_MAX,
  BOUGHT_WITHIN_DAYS_MAX,
  CAP_PER_DAY_MAX,
  COOLDOWN_HOURS_MAX,
} from '#domain/campaigns/campaign.ts';
import { PROFILE_FIELDS } from '#domain/people/customers/profile.ts';
import { FOREIGN_ID, instant, type JsonSchema, type Refinements, refTo, SCOPE } from './schemas.ts';

/** As the contract has them, for itself; a test holds the two together. */
const PUSHES_MAX = 10_000_000;
const SENT_MAX = 1_000_000_000;

const whole = (minimum: number, maximum: number, description?: string): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  ...(description === undefined ? {} : { description }),
});

const profileFields = Object.entries(PROFILE_FIELDS)
  .map(([name, { type, en }]) => `- \`${name}\` (${type}): ${en}.`)
  .join('\n');

const AUDIENCE = `Whom it is for: an expression of CEL that comes to true or false, asked of each person as they come \
near, with what is known of them at that moment and for that store. \`true\` is everybody.

${profileFields}

Days are those of the calendar on the store's wall clock: 0 is today, 1 is yesterday. Money is in the chain's currency.

An expression may compare (\`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\`, \`in\`), join (\`&&\`, \`||\`, \`!\`), choose \
(\`? :\`) and calculate (\`+\`, \`-\`, \`*\`, \`/\`, \`%\`). A list or a text has \`size()\`, a text \`contains()\`, \
\`startsWith()\` and \`endsWith()\`, a list \`all()\`, \`exists()\`, \`exists_one()\`, \`filter()\` and \`map()\`, each with a \
name for the item: \`products.exists(p, p.startsWith("SKU-1"))\`. An int and a double meet only in \`<\`, \`<=\`, \`>\` and \
\`>=\`; elsewhere write \`500.0\` for 500, or \`double(buys)\`.

What is wrong with an expression is told when the campaign is written, with the place in its text.`;

const FIELDS: Readonly<Record<string, JsonSchema>> = {
  name: { description: 'What shop people call it; customers never see it.' },
  status: {
    description:
      '`draft`: it does nothing. `dry-run`: it decides and pushes nothing. `live`: it pushes. `paused`: it was live and rests.',
  },
  stores: {
    items: { type: 'string', ...SCOPE },
    description: 'Where it runs: `chain`, `region:south`, `city:shenzhen`, `store:sz01`.',
  },
  from: { ...instant(3), description: 'Its first moment.' },
  until: { ...instant(3), description: 'The first moment after it.' },
  boughtBefore: { description: 'Only for people who bought before; left out, for others too.' },
  'boughtBefore.where': { description: 'At the store they come near, in its city, or anywhere.' },
  'boughtBefore.withinDays': whole(1, BOUGHT_WITHIN_DAYS_MAX, 'How long ago at most.'),
  quiet: {
    description:
      "Hours of the store's wall clock in which nobody is pushed to. They may cross midnight, and are never the whole day.",
  },
  'quiet.from': { examples: ['21:00'] },
  'quiet.until': { examples: ['10:00'] },
  capPerDay: whole(
    1,
    CAP_PER_DAY_MAX,
    "Pushes of all campaigns to one person on one day of the store's calendar.",
  ),
  cooldownHours: whole(
    1,
    COOLDOWN_HOURS_MAX,
    'From a push of any campaign to one person near one store until the next there.',
  ),
  holdoutShare: { examples: [0.1] },
  offer: { description: 'What the push says, in the language of whoever gets it.' },
  'offer.title': { description: 'A phone cuts off what is longer.' },
  'offer.url': {
    description:
      'Where the link leads; it begins with https://. A page that shows the offer, where left out.',
    examples: ['https://shop.example.com/scarves'],
  },
  'offer.product': {
    ...FOREIGN_ID,
    description: 'Nobody is pushed to where the store does not have it, or nobody knows.',
    examples: ['SKU-1001'],
  },
  budget: { description: 'How much of it there may be.' },
  'budget.pushesMax': whole(0, PUSHES_MAX, 'When as many are sent, nobody is pushed to any more.'),
  attributionDays: whole(
    1,
    ATTRIBUTION_DAYS_MAX,
    'What somebody does within so many times 24 hours is told beside the push.',
  ),
  'baseline.sent': whole(1, SENT_MAX, 'To how many the message was sent.'),
  'baseline.clicked': whole(0, SENT_MAX, 'How many of them followed its link.'),
  'baseline.source': { description: 'What it was, in words.' },
};

const RATES = {
  visitRate: { description: 'Of all persons, who came in.' },
  buyerRate: { description: 'Of all persons, who bought.' },
  moneyPerPerson: { description: 'Of all persons, buyers or not.' },
};

export const CAMPAIGN_REFINEMENTS: Refinements = {
  Campaign: {
    '#': { description: 'What is said to whom near which store. All of it is written each time.' },
    ...FIELDS,
    audience: { description: AUDIENCE, examples: ['buys >= 2 && lastBuyDays <= 60'] },
    version: whole(0, Number.MAX_SAFE_INTEGER, 'The version it was read at; 0 for a new one.'),
  },
  CampaignResponse: {
    '#': { description: 'A campaign as it is kept.' },
    ...FIELDS,
    from: { description: 'Its first moment, in UTC.' },
    until: { description: 'The first moment after it, in UTC.' },
    audience: { description: 'Whom it is for: CEL over what is known of somebody, as it was written.' },
    id: { description: 'What it is called in addresses.' },
    version: { description: 'To be named by whoever changes it.' },
  },
  CampaignsResponse: { campaigns: { description: 'By id.' } },
  PreviewResponse: {
    campaign: { description: 'The id of the campaign.' },
    from: { description: 'The first moment of the days that it was tried on, in UTC.' },
    until: { description: 'The moment of the question.' },
    reasons: { description: 'At which gate each coming near ended; all together they are `enters`.' },
    stores: { description: 'The same by store.' },
  },
  ReportResponse: {
    '#': { description: 'Who was pushed beside who was held out by lot.' },
    campaign: { description: 'The id of the campaign.' },
    currency: { description: 'ISO 4217: what the money is counted in.' },
    asOf: { description: 'When it was worked out, in UTC.' },
    attributionDays: { description: 'How long after the push somebody is looked at.' },
    method: { description: 'How it was worked out, in words to quote.' },
    pushed: { description: 'Those who were pushed.' },
    heldOut: { description: 'Those who would have been.' },
    lift: { description: 'Pushed less held out; of shares, 0.01 is a percentage point.' },
    incremental: {
      description: 'The lift over all who were pushed: what would not have been without the campaign.',
    },
    clicks: { description: 'Of those who were sent a push, beside the baseline.' },
    'clicks.openRate': { description: 'How many opened it.' },
    'clicks.rate': { description: 'How many followed its link.' },
    'clicks.baseline': { description: 'How many followed the link of what was sent to everybody.' },
    'clicks.difference': {
      ...refTo('Estimate'),
      description: "The rate less the baseline's; 0.01 is a percentage point.",
    },
    'clicks.baselineSource': { description: 'What was sent to everybody, in words.' },
    decisions: { description: 'How often it ended at each gate, since the campaign began.' },
  },
  ReportArm: {
    '#': { description: 'One side of the comparison. Each person is in it by their first decision.' },
    persons: { description: 'How many there are.' },
    visitors: { description: 'Of them, how many came in afterwards.' },
    buyers: { description: 'Of them, how many bought afterwards.' },
    sent: { description: 'Of them, to how many the push went out.' },
    opened: { description: 'Of those, how many opened it.' },
    clicked: { description: 'Of those, how many followed its link.' },
    ...RATES,
  },
  Estimate: {
    '#': {
      description: 'A number with its interval of 95 % and of how many it was taken, or why there is none.',
    },
  },
};
