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

  it('counts a refusal of a slow phone from its arrival, and keeps the time of the phone (P2)', async () => {
    const grant = { purpose: 'location', isGranted: true, proof: 'terms 4', source: 'app' } as const;
    const nowMs = MORNING_MS + 60_000;
    await world.people.addConsent(personOf('ann'), { ...grant, atMs: nowMs - 300_000 });
    const at = nowMs - 600_000;
    await recordConsents(ports, phone, [{ purpose: 'location', granted: false, proof: 'switch', at }]);
    const consents = await world.people.consents(personOf('ann'));
    expect(hasConsent(consents, 'location', nowMs + 65_000)).toBe(false);
    expect(consents).toContainEqual(
      expect.objectContaining({ isGranted: false, atMs: at, receivedAtMs: nowMs, clock: phone }),
    );
  });

  it('records a refusal once that the phone sends again (P2)', async () => {
    const refusal = { purpose: 'push', granted: false, proof: 'switch', at: MORNING_MS } as const;
    await recordConsents(ports, phone, [refusal]);
    await recordConsents({ ...ports, nowMs: () => MORNING_MS + 7_200_000 }, phone, [refusal]);
    const consents = await world.people.consents(personOf('ann'));
    expect(consents.filter(({ isGranted }) => !isGranted)).toMatchObject([
      { receivedAtMs: MORNING_MS + 60_000 },
    ]);
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
