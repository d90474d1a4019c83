import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId } from '#domain/chain/ids.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import { type RecordConsentsPorts, recordConsents } from '#functions/record-consents/record-consents.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { MORNING_MS, type NearWorld, nearWorld, personOf } from '../../support/near-world.ts';

let dynamoDb: WireDynamoDb;
let world: NearWorld;
let deletedPositionsOf: string[];
let ports: RecordConsentsPorts;
let phone: DeviceId;
beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());
beforeEach(async () => {
  world = await nearWorld(dynamoDb);
  deletedPositionsOf = [];
  ports = {
    people: world.people,
    phones: world.phones,
    tracker: { forget: async (ids) => void deletedPositionsOf.push(...ids) },
    nowMs: () => MORNING_MS + 60_000,
  };
  [phone = '' as DeviceId] = await world.person('ann');
});

describe('the consents of a phone', () => {
  it('deletes the position history of the phone when the location consent is withdrawn', async () => {
    const withdrawal = { purpose: 'location', granted: false, proof: 'switch', at: MORNING_MS } as const;
    expect(await recordConsents(ports, phone, [withdrawal])).toBe('recorded');
    expect(hasConsent(await world.people.consents(personOf('ann')), 'location', MORNING_MS)).toBe(false);
    expect(deletedPositionsOf).toEqual([phone]);
  });

  it('records nothing for a phone without an owner', async () => {
    const withdrawal = { purpose: 'location', granted: false, proof: 'switch', at: MORNING_MS } as const;
    expect(await recordConsents(ports, 'ph-none' as DeviceId, [withdrawal])).toBe('not linked');
    expect(deletedPositionsOf).toEqual([]);
  });

  it('limits the time of a consent to now', async () => {
    await recordConsents(ports, phone, [
      { purpose: 'push', granted: true, proof: 'x', at: MORNING_MS + 9_000_000 },
      { purpose: 'push', granted: false, proof: 'x', at: MORNING_MS + 60_001 },
    ]);
    const consents = await world.people.consents(personOf('ann'));
    expect(hasConsent(consents, 'push', MORNING_MS + 99_000_000)).toBe(false);
  });
});
