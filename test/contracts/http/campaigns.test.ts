import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PreviewResponse, ReportResponse } from '#contracts/http/campaign-reports.ts';
import {
  CampaignRequest,
  CampaignResponse,
  campaignOf,
  campaignResponse,
  isCampaignId,
} from '#contracts/http/campaigns.ts';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { EMPTY_ARM } from '#domain/campaigns/attribution.ts';
import { AUDIENCE_LENGTH_MAX } from '#domain/campaigns/audience.ts';
import {
  ATTRIBUTION_DAYS_MAX,
  CAP_PER_DAY_MAX,
  COOLDOWN_HOURS_MAX,
  HOLDOUT_SHARE_MAX,
} from '#domain/campaigns/campaign.ts';
import { campaignReport } from '#domain/campaigns/campaign-report.ts';
import type { CampaignId } from '#domain/chain/ids.ts';

const BODY = {
  version: 0,
  name: { en: 'Autumn', zh: '秋季' },
  status: 'draft',
  stores: ['city:shenzhen', 'store:gz01'],
  from: '2026-11-01T00:00:00+08:00',
  until: '2026-12-01T00:00:00+08:00',
  boughtBefore: { where: 'store', withinDays: 180 },
  audience: 'buys >= 2 && !("A1" in products)',
  quiet: { from: '21:00', until: '09:00' },
  capPerDay: 1,
  cooldownHours: 24,
  holdoutShare: 0.1,
  offer: {
    title: { en: 'Ten off today', zh: '今天立减十元' },
    body: { en: 'Show this at the till.', zh: '收银台出示即可。' },
    url: 'https://shop.example/a?x=1',
    product: 'A1',
  },
  budget: { pushesMax: 5_000 },
  attributionDays: 7,
  baseline: { sent: 20_000, clicked: 400, source: 'newsletter of October' },
};

const faultsOf = (body: unknown) => {
  const parsed = v.safeParse(CampaignRequest, body);
  return parsed.success ? [] : fieldErrorsOf(parsed.issues);
};
const pointersOf = (body: unknown): string[] => [...new Set(faultsOf(body).map(({ pointer }) => pointer))];
const without = (name: string) => Object.fromEntries(Object.entries(BODY).filter(([key]) => key !== name));
const ID = 'autumn' as CampaignId;
const kept = (body: unknown) => ({ ...campaignOf(ID, v.parse(CampaignRequest, body)), version: 1 });

describe('the request of a campaign', () => {
  it('becomes the campaign that decisions use', () => {
    expect(campaignOf(ID, v.parse(CampaignRequest, BODY))).toEqual({
      campaignId: 'autumn',
      name: BODY.name,
      status: 'draft',
      stores: [
        { kind: 'city', id: 'shenzhen' },
        { kind: 'store', id: 'gz01' },
      ],
      fromMs: Date.UTC(2026, 9, 31, 16),
      untilMs: Date.UTC(2026, 10, 30, 16),
      boughtBefore: BODY.boughtBefore,
      audience: BODY.audience,
      quiet: BODY.quiet,
      capPerDay: 1,
      cooldownHours: 24,
      holdoutShare: 0.1,
      offer: {
        title: BODY.offer.title,
        body: BODY.offer.body,
        url: BODY.offer.url,
        productId: 'A1',
      },
      budget: BODY.budget,
      attributionDays: 7,
      baseline: BODY.baseline,
    });
  });

  it('survives storage as JSON and is returned unchanged', () => {
    const campaign = kept(BODY);
    expect(JSON.parse(JSON.stringify(campaign))).toEqual(campaign);
    const response = v.parse(CampaignResponse, campaignResponse(campaign, 12));
    expect(response).toEqual({
      ...BODY,
      id: 'autumn',
      version: 1,
      pushesSpent: 12,
      from: '2026-10-31T16:00:00.000Z',
      until: '2026-11-30T16:00:00.000Z',
    });
    const { id: _, pushesSpent: __, ...again } = response;
    expect(kept(again)).toEqual(campaign);
  });

  it('leaves optional fields out', () => {
    const { boughtBefore: _, baseline: __, ...rest } = BODY;
    const { url: ___, product: ____, ...offer } = BODY.offer;
    const campaign = kept({ ...rest, offer });
    expect(Object.keys(campaign)).not.toContain('boughtBefore');
    expect(Object.keys(campaign)).not.toContain('baseline');
    expect(campaign.offer).toEqual(offer);
  });

  it.each(Object.keys(BODY).filter((name) => name !== 'boughtBefore' && name !== 'baseline'))(
    'requires %s',
    (name) => {
      expect(faultsOf(without(name))).toEqual([{ pointer: `#/${name}`, detail: 'is missing' }]);
    },
  );

  it('rejects unknown fields at any depth', () => {
    expect(faultsOf({ ...BODY, holdout: 0.1 })).toEqual([
      { pointer: '#/holdout', detail: 'is not a field of a campaign' },
    ]);
    expect(pointersOf({ ...BODY, offer: { ...BODY.offer, titel: 'x' } })).toEqual(['#/offer/titel']);
    expect(pointersOf({ ...BODY, quiet: { ...BODY.quiet, zone: 'UTC' } })).toEqual(['#/quiet/zone']);
    expect(pointersOf([])).not.toEqual([]);
    expect(pointersOf(null)).toEqual(['#']);
  });

  it.each<readonly [string, ReadonlyArray<unknown>, ReadonlyArray<unknown>]>([
    ['status', ['draft', 'dry-run', 'live', 'paused'], ['on', '', null, 1]],
    ['stores', [['chain'], ['region:south']], [[], 'chain', ['shop:1'], ['store:a b'], [1]]],
    [
      'from',
      ['2026-10-01T00:00:00Z'],
      ['2026-11-01', '2026-11-01T00:00:00', '2026-02-30T00:00:00Z', 'now', 1],
    ],
    ['capPerDay', [1, CAP_PER_DAY_MAX], [0, CAP_PER_DAY_MAX + 1, 1.5, '1', null]],
    ['cooldownHours', [1, COOLDOWN_HOURS_MAX], [0, COOLDOWN_HOURS_MAX + 1, 1.5]],
    ['holdoutShare', [0, 0.05, HOLDOUT_SHARE_MAX], [-0.1, 0.51, '0.1', Number.NaN]],
    ['attributionDays', [1, ATTRIBUTION_DAYS_MAX], [0, ATTRIBUTION_DAYS_MAX + 1]],
    ['budget', [{ pushesMax: 0 }], [{ pushesMax: -1 }, { pushesMax: 1.5 }, {}, 5]],
    [
      'boughtBefore',
      [{ where: 'chain', withinDays: 1 }],
      [{ where: 'here', withinDays: 1 }, { where: 'city', withinDays: 0 }, null],
    ],
    [
      'quiet',
      [{ from: '00:00', until: '23:59' }],
      [
        { from: '24:00', until: '09:00' },
        { from: '9:00', until: '10:00' },
        { from: '09:00', until: '09:00' },
      ],
    ],
    [
      'baseline',
      [{ sent: 1, clicked: 1, source: 'x' }],
      [
        { sent: 0, clicked: 0, source: 'x' },
        { sent: 1, clicked: 2, source: 'x' },
        { sent: 5, clicked: 1, source: ' ' },
      ],
    ],
    ['version', [0, 7], [-1, 0.5, '0']],
    [
      'name',
      [{ en: 'a', zh: 'b' }],
      [{ en: 'a' }, { en: '', zh: 'b' }, { en: 'x'.repeat(61), zh: 'b' }, { en: 'a\nb', zh: 'b' }, 'a'],
    ],
  ])('has a %s of its form', (name, good, bad) => {
    for (const value of good) expect(faultsOf({ ...BODY, [name]: value }), String(value)).toEqual([]);
    for (const value of bad) {
      const pointers = pointersOf({ ...BODY, [name]: value });
      expect(pointers.length, JSON.stringify(value)).toBeGreaterThan(0);
      for (const pointer of pointers) expect(pointer).toMatch(new RegExp(`^#/${name}(/|$)`));
    }
  });

  it('accepts https URLs only', () => {
    const withUrl = (url: unknown) => pointersOf({ ...BODY, offer: { ...BODY.offer, url } });
    expect(withUrl('https://shop.example/')).toEqual([]);
    for (const url of [
      'http://shop.example/',
      'javascript:alert(1)',
      'shop.example',
      '//shop.example',
      '',
      `https://x.example/${'a'.repeat(500)}`,
    ])
      expect(withUrl(url), url).toEqual(['#/offer/url']);
  });

  it('keeps an address in the form that a header can carry (P10)', () => {
    const kept = (url: string) => {
      const parsed = v.parse(CampaignRequest, { ...BODY, offer: { ...BODY.offer, url } });
      return parsed.offer.url;
    };
    expect(kept('https://example.com/活动')).toBe('https://example.com/%E6%B4%BB%E5%8A%A8');
    expect(kept('https://商城.cn/')).toBe('https://xn--czru2d.cn/');
    expect(kept('HTTPS://Shop.Example')).toBe('https://shop.example/');
  });

  it('rejects control characters and user info in an address (P10)', () => {
    for (const url of [
      'https://shop.example/\r\nset-cookie: a=b',
      'https://shop.example/\0',
      'https://shop.example/\ta',
      'https://shop.example@evil.example/',
      'https://a:b@shop.example/',
      `https://x.example/${'活'.repeat(100)}`,
    ])
      expect(pointersOf({ ...BODY, offer: { ...BODY.offer, url } }), url).toEqual(['#/offer/url']);
  });

  it('rejects an end before its beginning', () => {
    expect(faultsOf({ ...BODY, until: BODY.from })).toEqual([
      { pointer: '#/until', detail: 'must be later than from' },
    ]);
  });

  it('reports errors of its audience with their position', () => {
    expect(faultsOf({ ...BODY, audience: 'buys > 1 && spend > 2' })).toEqual([
      {
        pointer: '#/audience',
        detail: '"spend" at 12: spend is not a field of a profile; did you mean spent?',
      },
    ]);
    expect(faultsOf({ ...BODY, audience: 'bys > 1 || colour == 2' })).toHaveLength(2);
    expect(pointersOf({ ...BODY, audience: 'spent' })).toEqual(['#/audience']);
    expect(faultsOf({ ...BODY, audience: `${'('.repeat(AUDIENCE_LENGTH_MAX)}(` })).toEqual([
      { pointer: '#/audience', detail: `must not be longer than ${AUDIENCE_LENGTH_MAX} characters` },
    ]);
  });

  it('reports all errors at once', () => {
    const wrong = { ...BODY, capPerDay: 0, audience: 'bys', quiet: { from: 'x', until: '09:00' } };
    expect(pointersOf(wrong).sort()).toEqual(['#/audience', '#/capPerDay', '#/quiet/from']);
  });

  it('has an id that is safe in a path', () => {
    for (const id of ['autumn', 'a.b-c_1']) expect(isCampaignId(id)).toBe(true);
    for (const id of ['', 'a b', 'a/b', 'a~b', '秋', 'a'.repeat(65)])
      expect(isCampaignId(id), id).toBe(false);
  });
});

describe('the response of a preview', () => {
  it('counts customers by the gate that stopped them, and names none', () => {
    const answer = {
      campaign: 'autumn',
      from: '2026-11-15T00:00:00.000Z',
      until: '2026-11-22T00:00:00.000Z',
      entries: 12,
      people: 4,
      reached: 2,
      heldOut: 1,
      reasons: { pushed: 2, 'held out': 1, 'quiet hours': 9 },
      stores: [{ store: 'sz01', entries: 12, pushes: 2 }],
      isTruncated: false,
    };
    expect(v.parse(PreviewResponse, answer)).toEqual(answer);
    expect(v.is(PreviewResponse, { ...answer, reasons: { tired: 1 } })).toBe(false);
    expect(v.is(PreviewResponse, { ...answer, reached: 1.5 })).toBe(false);
  });
});

const reportOf = (arms: Parameters<typeof campaignReport>[0]) => {
  const { pushed, heldOut, lift, incremental, clicks } = campaignReport(arms, BODY.baseline);
  const armOf = ({ arm: { net, netSquares: _, ...counts }, ...rates }: typeof pushed) => ({
    ...counts,
    net: `${net}`,
    ...rates,
  });
  return {
    campaign: 'autumn',
    currency: 'CNY',
    asOf: '2026-11-22T00:00:00.000Z',
    attributionDays: 7,
    method: 'as in the record',
    pushed: armOf(pushed),
    heldOut: armOf(heldOut),
    lift,
    incremental,
    clicks,
    decisions: { pushed: 1 },
    isTruncated: false,
  };
};

describe('the response of a report', () => {
  const arm = fc
    .record({ persons: fc.nat({ max: 2_000 }), buys: fc.nat({ max: 100 }) })
    .map(({ persons, buys }) => {
      const buyers = Math.floor((persons * buys) / 100);
      return {
        ...EMPTY_ARM,
        persons,
        visitors: buyers,
        buyers,
        net: BigInt(buyers) * 10_000n,
        netSquares: BigInt(buyers) * 100_000_000n,
        sent: persons,
        opened: persons,
        clicked: buyers,
      };
    });

  /** Every estimate, at any depth. */
  const estimatesIn = (value: unknown): Array<Record<string, unknown>> => {
    if (typeof value !== 'object' || value === null) return [];
    const own = 'kind' in value ? [value as Record<string, unknown>] : [];
    return [...own, ...Object.values(value).flatMap(estimatesIn)];
  };

  it('gives each statistic an interval and a sample size, or a reason for withholding it', () => {
    fc.assert(
      fc.property(arm, arm, (pushed, heldOut) => {
        const answer = v.parse(ReportResponse, reportOf({ pushed, heldOut }));
        expect(answer).toEqual(reportOf({ pushed, heldOut }));
        const estimates = estimatesIn(answer);
        expect(estimates).toHaveLength(16);
        for (const { kind, value, low, high, of, reason } of estimates) {
          if (kind === 'withheld') expect(reason).not.toBe('');
          else expect([value, low, high, of].every((one) => typeof one === 'number')).toBe(true);
        }
      }),
    );
  });

  it('rejects a statistic without them', () => {
    const answer = reportOf({ pushed: { ...EMPTY_ARM, persons: 500, visitors: 50 }, heldOut: EMPTY_ARM });
    expect(v.is(ReportResponse, answer)).toBe(true);
    const bare = { kind: 'known', value: 0.1 };
    for (const visitRate of [
      0.1,
      bare,
      { ...bare, low: 0, high: 1 },
      { kind: 'withheld', reason: '' },
      { kind: 'withheld' },
    ])
      expect(v.is(ReportResponse, { ...answer, pushed: { ...answer.pushed, visitRate } })).toBe(false);
  });
});
