import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignId, DeviceId } from '#domain/chain/ids.ts';
import { recordPushOpen } from '#functions/record-push-open/record-push-open.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { MORNING_MS, type NearWorld, nearWorld } from '../../support/near-world.ts';

const SPRING = 'spring' as CampaignId;

let dynamoDb: WireDynamoDb;
let world: NearWorld;
let phone: DeviceId;
let token: string;
beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());
beforeEach(async () => {
  world = await nearWorld(dynamoDb);
  [phone = '' as DeviceId] = await world.person('ann');
  await world.near(phone);
  token = world.pushes[0]?.pushId ?? '';
});

const open = (deviceId: DeviceId, push: string, atMs = MORNING_MS + 60_000) =>
  recordPushOpen(
    { phones: world.phones, pushDecisions: world.pushDecisions, nowMs: () => atMs },
    deviceId,
    push,
  );

describe('the opening of a push', () => {
  it('keeps the time of the first opening', async () => {
    expect(await open(phone, token)).toBe('recorded');
    expect(await open(phone, token, MORNING_MS + 99_000)).toBe('recorded');
    expect(await gather(world.pushDecisions.decisions(SPRING))).toMatchObject([
      { openedAtMs: MORNING_MS + 60_000 },
    ]);
  });

  it('rejects a push that was sent to another customer, and one that was never sent', async () => {
    const [other = '' as DeviceId] = await world.person('ben');
    expect(await open(other, token)).toBe('unknown');
    expect(await open(phone, 'TTTTTTTTTTTTTTTTTTTTT9')).toBe('unknown');
    const [decision] = await gather(world.pushDecisions.decisions(SPRING));
    expect(decision?.openedAtMs).toBeUndefined();
  });
});
