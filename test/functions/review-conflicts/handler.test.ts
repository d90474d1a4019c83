import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { StaffEvent } from '#functions/shared/staff-auth.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { linkEvidence, MEMBER, PHONE, personAt } from '../../support/people.ts';
import { minute } from '../../support/sightings.ts';

const OFFICER = '[role:privacy-officer]';
const BOSS = '[role:boss scope:chain]';
const PAIR = [personAt(1), personAt(2)];

let people: PersonStore;
let ask: (groups: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }>;
let close: () => Promise<void>;

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  close = dynamoDb.close;
  const peopleTable = await dynamoDb.createTable();
  people = dynamoPersonStore(dynamoDb.client, peopleTable);
  await people.bind(PHONE, linkEvidence(), personAt(1));
  await people.bind(MEMBER, linkEvidence({ linkedAtMs: minute(1) }), personAt(2));
  await people.addDoubt(personAt(2), {
    ...{ other: personAt(1), kind: 'phone', source: 'import', evidence: 'm.csv, line 2', atMs: minute(9) },
  });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    PEOPLE_TABLE: peopleTable,
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/review-conflicts/handler.ts');
  ask = async (groups, body) => {
    const claims = { 'cognito:groups': groups, sub: 'ho' };
    const event = httpEvent<StaffEvent>({
      ...(body !== undefined && { body: JSON.stringify(body) }),
      authorizer: { jwt: { claims } },
    });
    const method = body === undefined ? 'GET' : 'POST';
    const requestContext = { ...event.requestContext, http: { method } } as StaffEvent['requestContext'];
    const answer: APIGatewayProxyStructuredResultV2 = await handler(
      { ...event, requestContext },
      LAMBDA_CONTEXT,
    );
    return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body ?? '') };
  };
});
afterAll(() => close());

describe('the conflicts of customers', () => {
  it('are listed with phone numbers masked, except for privacy officers (P6)', async () => {
    for (const [groups, phone] of [
      [BOSS, '+86*******8000'],
      [OFFICER, PHONE.value],
    ] as const) {
      const { status, body } = await ask(groups);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        conflicts: [
          {
            ...{ kind: 'phone', source: 'import', evidence: 'm.csv, line 2' },
            people: [
              { id: personAt(1), links: [{ kind: 'phone', value: phone }] },
              { id: personAt(2), links: [{ kind: 'member', value: 'M1' }] },
            ],
          },
        ],
      });
    }
    expect((await ask('[scope:store:sz01]')).status).toBe(403);
  });

  it('are settled by privacy officers alone, once, and only with a valid body (P6, P12)', async () => {
    const settlement = { people: PAIR, decision: 'same' };
    expect((await ask(BOSS, settlement)).status).toBe(403);
    for (const wrong of [
      {},
      { people: PAIR },
      { people: [PAIR[0], PAIR[0]], decision: 'same' },
      { people: ['p.x', PAIR[1]], decision: 'same' },
      { people: PAIR, decision: 'perhaps' },
      { ...settlement, author: 'me' },
    ])
      expect((await ask(OFFICER, wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect(await ask(OFFICER, settlement)).toEqual({
      status: 200,
      body: { settled: 1, person: personAt(1) },
    });
    const [settled] = await Array.fromAsync(people.conflicts());
    expect(settled?.settlement).toMatchObject({ decision: 'same', author: 'ho' });
    expect((await ask(OFFICER, settlement)).status).toBe(404);
    expect((await ask(OFFICER)).body).toEqual({ conflicts: [] });
  });
});
