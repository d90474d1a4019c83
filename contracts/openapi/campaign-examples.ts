/** The examples of campaigns, previews and reports. */
import { problem } from '../http/problems.ts';

const known = (value: number, low: number, high: number, of: number, against?: number) => ({
  ...{ kind: 'known', value, low, high, of },
  ...(against === undefined ? {} : { against }),
});

const tooFewBuyers = {
  kind: 'withheld',
  reason: '27 customers who were held out bought; at least 50 are needed',
} as const;

const campaign = {
  name: { en: 'Scarves for regular customers', zh: '老客围巾季' },
  status: 'live',
  stores: ['city:shenzhen', 'store:gz01'],
  from: '2026-11-01T00:00:00+08:00',
  until: '2026-12-01T00:00:00+08:00',
  boughtBefore: { where: 'city', withinDays: 365 },
  audience: 'buys >= 2 && lastBuyDays > 30 && !("SKU-1001" in products)',
  quiet: { from: '21:00', until: '10:00' },
  capPerDay: 1,
  cooldownHours: 72,
  holdoutShare: 0.1,
  offer: {
    title: { en: 'Wool scarves, 20 off', zh: '羊毛围巾立减 20 元' },
    body: { en: 'Today, around the corner. Show this at the till.', zh: '今天到店出示即可，就在您附近。' },
    url: 'https://shop.example.com/scarves',
    product: 'SKU-1001',
  },
  budget: { pushesMax: 20_000 },
  attributionDays: 7,
  baseline: { sent: 52_000, clicked: 1_144, source: 'newsletter of October' },
};

const stored = {
  ...campaign,
  ...{ id: 'autumn-scarves', version: 4, pushesSpent: 4_871 },
  ...{ from: '2026-10-31T16:00:00.000Z', until: '2026-11-30T16:00:00.000Z' },
};

export const CAMPAIGN_EXAMPLES = {
  campaign: {
    contract: 'Campaign',
    summary: 'A change of version 3 that goes live.',
    value: { ...campaign, version: 3 },
  },
  campaignKept: {
    contract: 'CampaignResponse',
    summary: 'The stored campaign.',
    value: stored,
  },
  campaigns: {
    contract: 'CampaignsResponse',
    summary: 'The campaigns within the scopes of the access token.',
    value: { campaigns: [stored] },
  },
  invalidCampaign: {
    contract: 'Problem',
    summary: 'An unknown field of the profile.',
    value: problem(400, 'invalid-campaign', 'The campaign is not valid.', [
      { pointer: '#/audience', detail: '"buyz" at 0: buyz is not a field of a profile; did you mean buys?' },
      { pointer: '#/until', detail: 'must be later than from' },
    ]),
  },
  invalidCampaignId: {
    contract: 'Problem',
    summary: 'An invalid id.',
    value: problem(400, 'invalid-id', 'A campaign’s id is 1 to 64 letters, digits, . _ and -.'),
  },
  placesNotHeld: {
    contract: 'Problem',
    summary: 'A store outside the scopes of the access token.',
    value: problem(403, 'scope-not-granted', 'Your token does not grant every store of the campaign.'),
  },
  noSuchCampaign: {
    contract: 'Problem',
    summary: 'An unknown campaign, or one of other stores.',
    value: problem(404, 'campaign-not-found', 'The campaign does not exist.'),
  },
  changedSince: {
    contract: 'Problem',
    summary: 'A concurrent change.',
    value: problem(409, 'version-conflict', 'The current version is 5; read the campaign and try again.'),
  },
  immutableField: {
    contract: 'Problem',
    summary: 'The holdout is fixed once a campaign is live.',
    value: problem(
      409,
      'immutable-field',
      'The campaign has been live, so its holdout cannot change; create a new campaign for the new share.',
    ),
  },
  preview: {
    contract: 'PreviewResponse',
    summary: 'A week at two stores.',
    value: {
      campaign: 'autumn-scarves',
      from: '2026-11-15T07:04:41.120Z',
      until: '2026-11-22T07:04:41.120Z',
      entries: 5_210,
      people: 3_102,
      reached: 402,
      heldOut: 45,
      reasons: {
        'no push consent': 310,
        'not bought before': 2_810,
        'not audience': 1_122,
        'store closed': 38,
        'quiet hours': 71,
        capped: 120,
        'cooling down': 262,
        'held out': 49,
        pushed: 428,
      },
      stores: [
        { store: 'sz01', entries: 3_301, pushes: 271 },
        { store: 'gz01', entries: 1_909, pushes: 157 },
      ],
      isTruncated: false,
    },
  },
  proof: {
    contract: 'ReportResponse',
    summary: 'Significantly more visits and purchases; money is withheld for too few buyers.',
    value: {
      campaign: 'autumn-scarves',
      currency: 'CNY',
      asOf: '2026-12-09T01:00:00.000Z',
      attributionDays: 7,
      method: 'Intervals of 95 %: Wilson’s score for shares, …',
      pushed: {
        ...{ persons: 4_180, pending: 0, visitors: 1_003, buyers: 418, net: '78240.00' },
        ...{ sent: 4_152, opened: 1_310, clicked: 409 },
        visitRate: known(0.239952, 0.227248, 0.253133, 4_180),
        buyerRate: known(0.1, 0.0912695, 0.109465, 4_180),
        moneyPerPerson: known(18.7177, 16.2433, 21.1921, 4_180),
      },
      heldOut: {
        ...{ persons: 462, pending: 0, visitors: 83, buyers: 27, net: '4630.00' },
        ...{ sent: 0, opened: 0, clicked: 0 },
        visitRate: known(0.179654, 0.147334, 0.217257, 462),
        buyerRate: known(0.0584416, 0.0404721, 0.0836934, 462),
        moneyPerPerson: tooFewBuyers,
      },
      lift: {
        visitRate: known(0.0602985, 0.0206075, 0.0952028, 4_180, 462),
        buyerRate: known(0.0415584, 0.01484, 0.0618682, 4_180, 462),
        moneyPerPerson: tooFewBuyers,
      },
      incremental: {
        visitors: known(252.048, 86.1392, 397.948, 4_180, 462),
        buyers: known(173.714, 62.031, 258.609, 4_180, 462),
        money: tooFewBuyers,
      },
      clicks: {
        openRate: known(0.315511, 0.301551, 0.329811, 4_152),
        rate: known(0.0985067, 0.0898102, 0.107946, 4_152),
        baseline: known(0.022, 0.0207741, 0.0232965, 52_000),
        difference: known(0.0765067, 0.0677141, 0.0860248, 4_152, 52_000),
        baselineSource: 'newsletter of October',
      },
      decisions: { 'not audience': 61_204, 'cooling down': 9_377, 'held out': 538, pushed: 4_871 },
      isTruncated: false,
    },
  },
} as const;
