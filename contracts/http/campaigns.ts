/**
 * Campaigns as staff write and read them. A campaign is validated whole when it is saved, and its audience is compiled: an
 * expression that no profile can answer is rejected then, and not when a customer comes near.
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
import { type CampaignId, isPlaceId } from '#domain/chain/ids.ts';
import { formatScope, parseScope } from '#domain/chain/staff-scope.ts';
import { productCode } from '#domain/goods/product-code.ts';
import { count, examples, foreignId, jsonSchema, scopeText, WELL_FORMED, zonedTime } from '../primitives.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const CAMPAIGN_BYTES_MAX = 20_000;
const STORES_MAX = 100;
const TITLE_LENGTH_MAX = 60;
const BODY_LENGTH_MAX = 200;
const URL_LENGTH_MAX = 500;
const PUSHES_MAX = 10_000_000;
const SENT_MAX = 1_000_000_000;

const whole = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.check(
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}`,
    ),
    jsonSchema({ type: 'integer', minimum: least, maximum: most }),
  );

const words = (lengthMax: number) =>
  v.pipe(
    v.string('must be a text'),
    v.trim(),
    v.minLength(1, 'is empty'),
    v.maxLength(lengthMax, `must not be longer than ${lengthMax} characters; a phone cuts it off`),
    v.regex(WELL_FORMED, 'must not hold control characters or broken UTF-8'),
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
);

/** URL parsers drop tabs and line breaks, so that two parties would see two addresses. */
const NO_CONTROLS = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u;

/**
 * An address in the one form that a `location` header can carry: names and paths of other scripts are encoded. A user name
 * before the host makes https://shop.example.com@evil.example look like the shop.
 */
const webAddress = v.pipe(
  v.string('must be a text'),
  v.regex(NO_CONTROLS, 'must not hold control characters'),
  v.check(
    (text) => URL.canParse(text) && new URL(text).protocol === 'https:',
    'must be an address that begins with https://',
  ),
  v.transform((text) => (URL.canParse(text) ? new URL(text).href : text)),
  v.maxLength(URL_LENGTH_MAX, `must not be longer than ${URL_LENGTH_MAX} characters in its encoded form`),
  v.check((href) => {
    const { username, password } = new URL(href);
    return username === '' && password === '';
  }, 'must not hold a user name or a password'),
);

const fields = {
  name: v.pipe(bilingual(TITLE_LENGTH_MAX), v.description('The name for staff; customers never see it.')),
  status: v.pipe(
    v.picklist(CAMPAIGN_STATUSES, `must be one of ${CAMPAIGN_STATUSES.join(', ')}`),
    v.description(
      '`draft`: inactive. `dry-run`: decides and sends no push. `live`: sends pushes. `paused`: was live and is inactive.',
    ),
  ),
  stores: v.pipe(
    v.array(scopeText(), 'must be a list'),
    v.minLength(1, 'is empty'),
    v.maxLength(STORES_MAX, `must not be more than ${STORES_MAX}`),
    v.description('The stores of the campaign: `chain`, `region:south`, `city:shenzhen`, `store:sz01`.'),
  ),
  from: v.pipe(zonedTime(3), v.description('The beginning of the campaign.')),
  until: v.pipe(zonedTime(3), v.description('The end of the campaign, exclusive.')),
  boughtBefore: v.exactOptional(
    v.pipe(
      v.strictObject(
        {
          where: v.pipe(
            v.picklist(PURCHASE_PLACES, `must be one of ${PURCHASE_PLACES.join(', ')}`),
            v.description('At the same store, in its city, or anywhere.'),
          ),
          withinDays: v.pipe(
            whole(1, BOUGHT_WITHIN_DAYS_MAX),
            v.description('The age of the purchase at most, in days.'),
          ),
        },
        strictObjectMessage('an earlier purchase'),
      ),
      v.description('Restricts the campaign to customers with an earlier purchase.'),
    ),
  ),
  audience: v.pipe(
    audience,
    v.description('The customers of the campaign: CEL over the profile. `true` is every customer.'),
    examples('buys >= 2 && lastBuyDays <= 60'),
  ),
  quiet: v.pipe(
    v.strictObject(
      { from: v.pipe(clock, examples('21:00')), until: v.pipe(clock, examples('10:00')) },
      strictObjectMessage('quiet hours'),
    ),
    v.check(({ from, until }) => from !== until, 'are the whole day, so no push would ever be sent'),
    v.description(
      'Local hours of the store without pushes. They may cross midnight, and are never the whole day.',
    ),
  ),
  capPerDay: v.pipe(
    whole(1, CAP_PER_DAY_MAX),
    v.description('Pushes of all campaigns to one customer on one calendar day of the store.'),
  ),
  cooldownHours: v.pipe(
    whole(1, COOLDOWN_HOURS_MAX),
    v.description('Hours between two pushes of any campaigns to one customer near one store.'),
  ),
  holdoutShare: v.pipe(
    v.number('must be a number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(HOLDOUT_SHARE_MAX, `must be at most ${HOLDOUT_SHARE_MAX}`),
    v.description(
      'The share of eligible customers that receives no push for the whole life of the campaign, for comparison.',
    ),
    examples(0.1),
  ),
  offer: v.pipe(
    v.strictObject(
      {
        title: v.pipe(bilingual(TITLE_LENGTH_MAX), v.description('A phone cuts off longer titles.')),
        body: bilingual(BODY_LENGTH_MAX),
        url: v.exactOptional(
          v.pipe(
            webAddress,
            v.description('The target of the link, https://. By default a page that shows the offer.'),
            examples('https://shop.example.com/scarves'),
          ),
        ),
        product: v.exactOptional(
          v.pipe(
            foreignId('must be the id of a product'),
            v.description('No push is sent while the store is out of stock, or its stock is unknown.'),
            examples('SKU-1001'),
          ),
        ),
      },
      strictObjectMessage('an offer'),
    ),
    v.description('The text of the push, in the language of the customer.'),
  ),
  budget: v.pipe(
    v.strictObject(
      {
        pushesMax: v.pipe(whole(0, PUSHES_MAX), v.description('Pushes in all; no more are sent after that.')),
      },
      strictObjectMessage('a budget'),
    ),
    v.description('The limit of the campaign as a whole.'),
  ),
  attributionDays: v.pipe(
    whole(1, ATTRIBUTION_DAYS_MAX),
    v.description(
      'Visits and purchases within this many times 24 hours after the push are attributed to it.',
    ),
  ),
  baseline: v.exactOptional(
    v.pipe(
      v.strictObject(
        {
          sent: v.pipe(whole(1, SENT_MAX), v.description('Number of recipients.')),
          clicked: v.pipe(whole(0, SENT_MAX), v.description('Number of recipients who followed the link.')),
          source: v.pipe(words(BODY_LENGTH_MAX), v.description('The message, in words.')),
        },
        strictObjectMessage('a baseline'),
      ),
      v.check(({ sent, clicked }) => clicked <= sent, 'has more clicks than pushes'),
      v.description('The result of a broadcast, to compare the click-through rate with.'),
    ),
  ),
};

export const CampaignRequest = v.pipe(
  v.strictObject(
    {
      ...fields,
      version: v.pipe(
        whole(0, Number.MAX_SAFE_INTEGER),
        v.description('The version that was read; 0 for a new campaign.'),
      ),
    },
    strictObjectMessage('a campaign'),
  ),
  v.forward(
    // An invalid time has an error of its own.
    v.check(({ from, until }) => !(Date.parse(from) >= Date.parse(until)), 'must be later than from'),
    ['until'],
  ),
  v.metadata({
    title: 'Campaign',
    description: 'A push to customers near stores. The request replaces the whole campaign.',
  }),
);
export type CampaignRequest = v.InferOutput<typeof CampaignRequest>;

/** Reports whether a text may be the id of a campaign. */
export const isCampaignId = isPlaceId;

/** Returns the campaign of a request. */
export function campaignOf(
  campaignId: CampaignId,
  { stores, from, until, offer, version: _, ...rest }: CampaignRequest,
): Omit<Campaign, 'version'> {
  const { product, ...texts } = offer;
  return {
    ...rest,
    campaignId,
    stores: stores.flatMap((text) => parseScope(text) ?? []),
    fromMs: Date.parse(from),
    untilMs: Date.parse(until),
    offer: { ...texts, ...(product !== undefined && { productId: productCode(product) }) },
  };
}

export const CampaignResponse = v.pipe(
  v.object({
    ...fields,
    from: v.pipe(fields.from, v.description('The beginning of the campaign, in UTC.')),
    until: v.pipe(fields.until, v.description('The end of the campaign, exclusive, in UTC.')),
    id: v.pipe(v.string(), v.description('The id of the campaign.')),
    version: v.pipe(count, v.description('The version to send with a change.')),
    pushesSpent: v.pipe(count, v.description('Pushes of the budget that were sent.')),
  }),
  v.metadata({ title: 'CampaignResponse', description: 'A stored campaign.' }),
);
export type CampaignResponse = v.InferInput<typeof CampaignResponse>;

export const CampaignsResponse = v.pipe(
  v.object({ campaigns: v.pipe(v.array(CampaignResponse), v.description('In the order of ids.')) }),
  v.metadata({ title: 'CampaignsResponse' }),
);

/** Returns the response for a stored campaign. */
export function campaignResponse(
  { campaignId, stores, fromMs, untilMs, offer, ...rest }: Campaign,
  pushesSpent: number,
): CampaignResponse {
  const { productId, ...texts } = offer;
  return {
    ...rest,
    id: campaignId,
    stores: stores.map(formatScope),
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    offer: { ...texts, ...(productId !== undefined && { product: productId }) },
    pushesSpent,
  };
}
