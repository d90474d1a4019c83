import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import type { CampaignRequest } from '#contracts/http/campaigns.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { mayRead, parseScope, type Scope } from '#domain/chain/staff-scope.ts';
import { editCampaign, listCampaigns, readCampaign } from '#functions/edit-campaigns/edit-campaigns.ts';
import { STORES } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';

const SPRING = 'spring' as CampaignId;
const body = (more: Partial<CampaignRequest> = {}): CampaignRequest => ({
  name: { en: 'Spring', zh: '春季' },
  status: 'draft',
  stores: ['city:shenzhen'],
  from: '2026-11-01T00:00:00+08:00',
  until: '2026-12-01T00:00:00+08:00',
  audience: 'true',
  quiet: { from: '21:00', until: '09:00' },
  capPerDay: 1,
  cooldownHours: 24,
  holdoutShare: 0.1,
  offer: { title: { en: 'T', zh: '题' }, body: { en: 'B', zh: '文' }, product: 'A1' },
  budget: { pushesMax: 10 },
  attributionDays: 7,
  version: 0,
  ...more,
});
const holder = (text: string) => (scope: Scope) => mayRead([parseScope(text) as Scope], scope, STORES);
const boss = holder('chain');

let dynamoDb: WireDynamoDb;
let ports: { campaigns: ReturnType<typeof dynamoCampaignStore> };
beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());
beforeEach(async () => {
  ports = { campaigns: dynamoCampaignStore(dynamoDb.client, await dynamoDb.createTable()) };
});

describe('a campaign', () => {
  it('is returned as it was saved, with its version and its spent budget', async () => {
    const edited = await editCampaign(ports, SPRING, body(), boss);
    expect(edited).toMatchObject({ kind: 'saved', isNew: true });
    await ports.campaigns.spend(SPRING, 10);
    const { version: _, ...written } = body();
    expect(await readCampaign(ports, SPRING, boss)).toEqual({
      ...written,
      from: '2026-10-31T16:00:00.000Z',
      until: '2026-11-30T16:00:00.000Z',
      id: 'spring',
      version: 1,
      pushesSpent: 1,
    });
  });

  it('is read and edited only by a caller who holds all its places', async () => {
    await editCampaign(ports, SPRING, body(), boss);
    for (const [who, sees] of [
      ['region:south', true],
      ['city:shenzhen', true],
      ['store:sz01', false],
      ['city:kathmandu', false],
    ] as const) {
      expect(await listCampaigns(ports, holder(who)), who).toHaveLength(sees ? 1 : 0);
      expect((await readCampaign(ports, SPRING, holder(who))) !== undefined, who).toBe(sees);
      if (sees) continue;
      expect(await editCampaign(ports, SPRING, body({ version: 1 }), holder(who)), who).toEqual({
        kind: 'forbidden',
      });
    }
    expect(
      await editCampaign(ports, 'new' as CampaignId, body({ stores: ['chain'] }), holder('region:south')),
    ).toEqual({
      kind: 'forbidden',
    });
  });

  it('rejects an edit of an older version, of however many concurrent ones', async () => {
    await editCampaign(ports, SPRING, body(), boss);
    const edits = await Promise.all(
      Array.from({ length: 5 }, () =>
        editCampaign(ports, SPRING, body({ version: 1, status: 'live' }), boss),
      ),
    );
    expect(edits.filter(({ kind }) => kind === 'saved')).toHaveLength(1);
    expect(edits.filter(({ kind }) => kind === 'conflict')).toHaveLength(4);
    expect(await editCampaign(ports, SPRING, body(), boss)).toEqual({ kind: 'conflict', version: 2 });
  });

  it('rejects a change of the holdout once it has been live', async () => {
    await editCampaign(ports, SPRING, body({ status: 'live' }), boss);
    expect(
      await editCampaign(ports, SPRING, body({ version: 1, status: 'live', holdoutShare: 0.2 }), boss),
    ).toMatchObject({ kind: 'immutable' });
    expect(await editCampaign(ports, SPRING, body({ version: 1, status: 'draft' }), boss)).toMatchObject({
      kind: 'immutable',
    });
    expect(await editCampaign(ports, SPRING, body({ version: 1, status: 'paused' }), boss)).toMatchObject({
      kind: 'saved',
    });
  });
});
