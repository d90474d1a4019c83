/**
 * What shop people write of a campaign and are told of it. A campaign is checked whole when it is saved, its audience
 * compiled with it: what cannot be asked of a profile is said to whoever writes it, and to nobody on the street.
 */
import * as v from 'valibot';
import { AUDIENCE_LENGTH_MAX, compileAudience } from '#domain/campaigns/audience.ts';
import {
  ATTRIBUTION_DAYS_MAX,
  BOUGHT_WITHIN_DAYS_MAX,
  CAMPAIGN_STATUSES,
  CAP_PER_DAY_MAX,
  type Campaign,
  COOLDOWN_HOURS_MAX,
  HOLDOUT_SHARE_MAX,
  PURCHASE_PLACES,
} from '#domain/campaigns/campaign.ts';
import { parseLocalTime } from '#domain/chain/business-day.ts';
import { type CampaignId, isForeignId, isPlaceId, type ProductId } from '#domain/chain/ids.ts';
import { formatScope, parseScope } from '#domain/chain/scope.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const CAMPAIGN_BYTES_MAX = 20_000;
const STORES_MAX = 100;
const TITLE_LENGTH_MAX = 60;
const BODY_LENGTH_MAX = 200;
const URL_LENGTH_MAX = 500;
const PUSHES_MAX = 10_000_000;
const SENT_MAX = 1_000_000_000;

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/;
const instant = v.pipe(
  v.string('must be a text'),
  v.check(
    // Date.parse takes the 30th of February for the 2nd of March.
    (written) => WITH_ZONE.test(written) && parseLocalTime(written, 'UTC') !== undefined,
    'must be a time with its zone: 2026-11-22T10:00:00+08:00',
  ),
);

const whole = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.check(
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}`,
    ),
  );

const words = (lengthMax: number) =>
  v.pipe(
    v.string('must be a text'),
    v.trim(),
    v.minLength(1, 'is empty'),
    v.maxLength(lengthMax, `must not be longer than ${lengthMax} characters; a phone cuts it off`),
    v.regex(/^[^\p{Cc}\p{Cs}\uFFFD]*$/u, 'must not hold control characters or broken UTF-8'),
  );

const bilingual = (lengthMax: number) =>
  v.strictObject(
    { en: words(lengthMax), zh: words(lengthMax) },
    strictObjectMessage('a text in two languages'),
  );

const clock = v.pipe(
  v.string('must be a text'),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day: 21:00'),
);

const scope = v.pipe(
  v.string('must be a text'),
  v.check((text) => parseScope(text) !== undefined, 'must be chain, region:…, city:… or store:…'),
);

const audience = v.pipe(
  v.string('must be a text'),
  v.maxLength(AUDIENCE_LENGTH_MAX, `must not be longer than ${AUDIENCE_LENGTH_MAX} characters`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.issues !== undefined) return;
    const compiled = compileAudience(dataset.value);
    if (compiled.kind === 'compiled') return;
    for (const { start, end, message } of compiled.faults) {
      addIssue({ message: `${JSON.stringify(dataset.value.slice(start, end))} at ${start}: ${message}` });
    }
  }),
  v.description(
    'Who it is for: CEL over the profile, `buys >= 2 && lastBuyDays <= 60`. `true` is everybody.',
  ),
);

const webAddress = v.pipe(
  v.string('must be a text'),
  v.maxLength(URL_LENGTH_MAX, `must not be longer than ${URL_LENGTH_MAX} characters`),
  v.check(
    (text) => URL.canParse(text) && new URL(text).protocol === 'https:',
    'must be an address that begins with https://',
  ),
);

const fields = {
  name: bilingual(TITLE_LENGTH_MAX),
  status: v.picklist(CAMPAIGN_STATUSES, `must be one of ${CAMPAIGN_STATUSES.join(', ')}`),
  stores: v.pipe(
    v.array(scope, 'must be a list'),
    v.minLength(1, 'is empty'),
    v.maxLength(STORES_MAX, `must not be more than ${STORES_MAX}`),
    v.description('Where it runs: chain, region:south, city:shenzhen, store:sz01.'),
  ),
  from: instant,
  until: v.pipe(instant, v.description('The first moment after it.')),
  boughtBefore: v.exactOptional(
    v.strictObject(
      {
        where: v.picklist(PURCHASE_PLACES, `must be one of ${PURCHASE_PLACES.join(', ')}`),
        withinDays: whole(1, BOUGHT_WITHIN_DAYS_MAX),
      },
      strictObjectMessage('where somebody bought before'),
    ),
  ),
  audience,
  quiet: v.pipe(
    v.strictObject({ from: clock, until: clock }, strictObjectMessage('quiet hours')),
    v.check(({ from, until }) => from !== until, 'are the whole day, so nobody would ever be pushed to'),
    v.description("Hours of the store's own clock in which nobody is pushed to; they may cross midnight."),
  ),
  capPerDay: v.pipe(
    whole(1, CAP_PER_DAY_MAX),
    v.description('Pushes of all campaigns to one person in a day.'),
  ),
  cooldownHours: v.pipe(
    whole(1, COOLDOWN_HOURS_MAX),
    v.description('From a push of any campaign to one person near one store until the next.'),
  ),
  holdoutShare: v.pipe(
    v.number('must be a number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(HOLDOUT_SHARE_MAX, `must be at most ${HOLDOUT_SHARE_MAX}`),
    v.description(
      'Of those who would have been pushed, how many are not, for the whole life of the campaign, to compare with.',
    ),
  ),
  offer: v.strictObject(
    {
      title: bilingual(TITLE_LENGTH_MAX),
      body: bilingual(BODY_LENGTH_MAX),
      url: v.exactOptional(
        v.pipe(webAddress, v.description('Where the link leads; a page of its own where left out.')),
      ),
      product: v.exactOptional(
        v.pipe(
          v.string('must be a text'),
          v.check(isForeignId, 'must be the id of a product'),
          v.description('Nobody is pushed to where the store does not have it, or nobody knows.'),
        ),
      ),
    },
    strictObjectMessage('an offer'),
  ),
  budget: v.strictObject({ pushesMax: whole(0, PUSHES_MAX) }, strictObjectMessage('a budget')),
  attributionDays: whole(1, ATTRIBUTION_DAYS_MAX),
  baseline: v.exactOptional(
    v.pipe(
      v.strictObject(
        { sent: whole(1, SENT_MAX), clicked: whole(0, SENT_MAX), source: words(BODY_LENGTH_MAX) },
        strictObjectMessage('a baseline'),
      ),
      v.check(({ sent, clicked }) => clicked <= sent, 'has more clicks than pushes'),
      v.description('What a push to everybody brought, to compare the click-through with.'),
    ),
  ),
};

export const CampaignRequest = v.pipe(
  v.strictObject(
    {
      ...fields,
      version: v.pipe(
        whole(0, Number.MAX_SAFE_INTEGER),
        v.description('The version it was read at; 0 for a new one.'),
      ),
    },
    strictObjectMessage('a campaign'),
  ),
  v.forward(
    // One that is no time has been told of already.
    v.check(({ from, until }) => !(Date.parse(from) >= Date.parse(until)), 'must be later than from'),
    ['until'],
  ),
  v.metadata({ title: 'Campaign' }),
);
export type CampaignRequest = v.InferOutput<typeof CampaignRequest>;

export const isCampaignId = isPlaceId;

/** The campaign that a body writes. */
export function campaignOf(
  campaignId: CampaignId,
  { stores, from, until, offer, version: _, ...rest }: CampaignRequest,
): Omit<Campaign, 'version'> {
  const { product, ...said } = offer;
  return {
    ...rest,
    campaignId,
    stores: stores.flatMap((text) => parseScope(text) ?? []),
    fromMs: Date.parse(from),
    untilMs: Date.parse(until),
    offer: { ...said, ...(product !== undefined && { productId: product as ProductId }) },
  };
}

export const CampaignResponse = v.pipe(
  v.object({
    ...fields,
    id: v.string(),
    version: v.pipe(v.number(), v.integer()),
    pushesSpent: v.pipe(v.number(), v.integer(), v.description('Of the budget.')),
  }),
  v.metadata({ title: 'CampaignResponse' }),
);
export type CampaignResponse = v.InferInput<typeof CampaignResponse>;

export const CampaignsResponse = v.pipe(
  v.object({ campaigns: v.array(CampaignResponse) }),
  v.metadata({ title: 'CampaignsResponse' }),
);

/** A campaign as it is told. */
export function campaignResponse(
  { campaignId, stores, fromMs, untilMs, offer, ...rest }: Campaign,
  pushesSpent: number,
): CampaignResponse {
  const { productId, ...said } = offer;
  return {
    ...rest,
    id: campaignId,
    stores: stores.map(formatScope),
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    offer: { ...said, ...(productId !== undefined && { product: productId }) },
    pushesSpent,
  };
}
